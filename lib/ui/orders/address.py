"""Says what the list's filters are called in its address, and how each is written there; no API call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lib.ui.orders import filters as rules
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.keys import ORDERS_PER_PAGE
from lib.ui.orders.link_filters import CHECKS as LINK_CHECKS
from lib.ui.orders.link_filters import drop_unusable
from lib.ui.shared import choices, keys
from lib.ui.shared.choices import Check
from lib.ui.shared.format import country
from lib.ui.shared.left_out import note_left_out
from lib.ui.shared.order_links import SORTS
from lib.ui.shared.paging import is_page
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, Look


@dataclass(frozen=True)
class Written:
    """How a filter stands in an address: which it is, its name in words, its values read and written."""

    field: str
    name: str
    fits: Check
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    several: bool = False


def _codes(field: str, name: str, words: Mapping[str, str]) -> Written:
    """Write codes by the words for them."""
    codes = {word: code for code, word in words.items()}
    return Written(field, name, codes.__contains__, codes.__getitem__, words.__getitem__, several=True)


def _labels(looks: Mapping[str, Look]) -> Mapping[str, str]:
    return {code: each.label for code, each in looks.items()}


_COUNTRIES = {code: country(code) for code in choices.country_codes()}
WRITTEN: Mapping[str, Written] = {
    keys.ORDERS_STATUS: _codes("statuses", "status", _labels(STATUSES)),
    keys.ORDERS_PAYMENT: _codes("payments", "payment", _labels(PAYMENT_STATUSES)),
    keys.ORDERS_FULFILMENT: _codes("fulfilments", "fulfilment", _labels(FULFILLMENT_STATUSES)),
    keys.ORDERS_COUNTRY: _codes("countries", "country", _COUNTRIES),
    keys.ORDERS_CURRENCY: _codes("currencies", "currency", {each: each for each in choices.currency_codes()}),
    keys.ORDERS_FROM: Written("first_day", "first day", choices.is_day, date.fromisoformat),
    keys.ORDERS_TO: Written("last_day", "last day", choices.is_day, date.fromisoformat),
    keys.ORDERS_MIN: Written("min_total", "smallest total", choices.is_amount, Decimal, "{:f}".format),
    keys.ORDERS_MAX: Written("max_total", "largest total", choices.is_amount, Decimal, "{:f}".format),
    keys.ORDERS_WAITING: Written(
        "waiting", "time in their status", choices.one_of([f"over {each}" for each in rules.WAITING]),
        lambda word: word.removeprefix("over "), "over {}".format,
    ),
}  # fmt: skip
_ARRANGED: Mapping[str, tuple[str, Check]] = {
    keys.ORDERS_SORT: ("sorting", choices.one_of(list(SORTS.values()))),
    ORDERS_PER_PAGE: ("orders per page", choices.one_of([str(size) for size in rules.PAGE_SIZES])),
    keys.ORDERS_PAGE: ("page", is_page),
}
FILTER_CHECKS = {key: (each.name, each.fits) for key, each in WRITTEN.items()} | {**LINK_CHECKS}


def check_address() -> None:
    """Note which filters of the address can't be used, before they are silently dropped."""
    note_left_out(keys.ORDERS_HINT, {**FILTER_CHECKS, **_ARRANGED})
    drop_unusable()


def written(filters: OrderFilters) -> dict[str, list[str]]:
    """Write filters as parameters of the list's address; those that are not set are left out."""
    values = {key: _values(filters, each) for key, each in WRITTEN.items()}
    return {key: [WRITTEN[key].write(one) for one in several] for key, several in values.items() if several}


def read(address: Mapping[str, Sequence[str]]) -> OrderFilters:
    """Read filters out of an address' parameters; what can't be used is left out."""
    found: dict[str, Any] = {}
    for key, each in WRITTEN.items():
        values = tuple(each.read(word) for word in address.get(key, ()) if each.fits(word))
        if values:
            found[each.field] = values if each.several else values[0]
    return OrderFilters(**found)


def _values(filters: OrderFilters, each: Written) -> Sequence[Any]:
    value = getattr(filters, each.field)
    if each.several:
        return tuple(value)
    return () if value is None else (value,)
