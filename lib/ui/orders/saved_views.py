"""Writes a view of the list as the parameters of its address, and reads it back; it asks for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from lib.orders_client import Preference
from lib.ui.orders.address import CHECKS
from lib.ui.orders.filters import VIEWS, WAITING, OrderFilters
from lib.ui.orders.link_filters import CHECKS as LINK_CHECKS
from lib.ui.shared import choices
from lib.ui.shared.format import country
from lib.ui.shared.keys import (
    ORDERS_COUNTRY,
    ORDERS_CURRENCY,
    ORDERS_FROM,
    ORDERS_FULFILMENT,
    ORDERS_MAX,
    ORDERS_MIN,
    ORDERS_PAYMENT,
    ORDERS_STATUS,
    ORDERS_TO,
    ORDERS_WAITING,
)
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES

KIND = "view"
T = TypeVar("T")
Value = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class View:
    """A view: one of the desk's own, or (with a `number`) one that somebody has saved."""

    name: str
    filters: OrderFilters
    link: Value = field(default_factory=dict)
    number: int | None = None
    shared: bool = False
    misfits: tuple[str, ...] = ()
    """What it names that can't be used any more, in words."""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return self.name if self.number is None else f"saved {self.number}"


def built_in(waiting: bool) -> list[View]:
    """Return the desk's own views; without those by time in a status where the API does not know it."""
    return [View(name, each) for name, each in VIEWS.items() if waiting or not each.waiting]


def saved(preferences: Iterable[Preference]) -> list[View]:
    """Return the views among what is remembered."""
    return [_read(each) for each in preferences if each.kind == KIND]


def value_of(filters: OrderFilters, link: Value) -> dict[str, list[str]]:
    """Write what the list is narrowed to as parameters of its address; not the search, which is personal."""
    written = {
        ORDERS_STATUS: [STATUSES[code].label for code in filters.statuses],
        ORDERS_PAYMENT: [PAYMENT_STATUSES[code].label for code in filters.payments],
        ORDERS_FULFILMENT: [FULFILLMENT_STATUSES[code].label for code in filters.fulfilments],
        ORDERS_COUNTRY: [country(code) for code in filters.countries],
        ORDERS_CURRENCY: list(filters.currencies),
        ORDERS_FROM: [str(filters.first_day)] if filters.first_day else [],
        ORDERS_TO: [str(filters.last_day)] if filters.last_day else [],
        ORDERS_MIN: [] if filters.min_total is None else [f"{filters.min_total:f}"],
        ORDERS_MAX: [] if filters.max_total is None else [f"{filters.max_total:f}"],
        ORDERS_WAITING: [f"over {filters.waiting}"] if filters.waiting else [],
    }
    return {key: list(words) for key, words in {**written, **link}.items() if words}


def _read(kept: Preference) -> View:
    checks = {**CHECKS, **LINK_CHECKS}
    fits = {key: check for key, (_, check) in checks.items()}
    good = {key: [*filter(fits[key], words)] for key, words in kept.value.items() if key in fits}
    misfits = [*choices.complaints(kept.value, checks), *(key for key in kept.value if key not in checks)]
    filters = OrderFilters(
        statuses=_codes(good, ORDERS_STATUS, {each.label: code for code, each in STATUSES.items()}),
        payments=_codes(good, ORDERS_PAYMENT, {each.label: code for code, each in PAYMENT_STATUSES.items()}),
        fulfilments=_codes(
            good, ORDERS_FULFILMENT, {each.label: code for code, each in FULFILLMENT_STATUSES.items()}
        ),
        countries=_codes(good, ORDERS_COUNTRY, {country(code): code for code in choices.country_codes()}),
        currencies=tuple(good.get(ORDERS_CURRENCY, ())),
        first_day=_one(good, ORDERS_FROM, date.fromisoformat),
        last_day=_one(good, ORDERS_TO, date.fromisoformat),
        min_total=_one(good, ORDERS_MIN, Decimal),
        max_total=_one(good, ORDERS_MAX, Decimal),
        waiting=_one(good, ORDERS_WAITING, {f"over {each}": each for each in WAITING}.__getitem__),
    )
    link = {key: words for key, words in good.items() if key in LINK_CHECKS and words}
    return View(kept.name, filters, link, kept.id, kept.shared, tuple(misfits))


def _codes(value: Value, key: str, by_label: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(by_label[label] for label in value.get(key, ()))


def _one(value: Value, key: str, read: Callable[[str], T]) -> T | None:
    return next((read(word) for word in value.get(key, ())), None)
