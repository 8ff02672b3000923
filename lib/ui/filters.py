"""The order list's filters as values: in the API's terms, in words, and an address checked; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pycountry
from babel.core import get_global
from iso4217 import Currency

from lib.ui.format import Reader, country
from lib.ui.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, label_of
from lib.ui.tracking_input import find_token

SORTS: Mapping[str, str] = {
    "-createdAt": "Newest first",
    "createdAt": "Oldest first",
    "-grandTotal": "Largest total first",
    "grandTotal": "Smallest total first",
    "orderNumber": "Order number, A to Z",
    "-orderNumber": "Order number, Z to A",
}
PAGE_SIZES: Sequence[int] = (25, 50, 100, 200)
LONGEST_SEARCH = 200
LARGEST_AMOUNT = 1e12
EARLIEST_DAY = date(2000, 1, 1)
LATEST_DAY = date(2099, 12, 31)
KOSOVO = "XK"
"""Not ISO 3166-1's own, but what shops, carriers and the API use."""


@dataclass(frozen=True)
class OrderFilters:
    """What the order list is narrowed to; days are whole days by the reader's clock, both ends included."""

    statuses: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    fulfilments: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    min_total: Decimal | None = None
    max_total: Decimal | None = None

    def query(self, reader: Reader) -> dict[str, Any]:
        """Give the filters as `client.orders.list` takes them; what is not set is left out."""
        terms = {
            "status": list(self.statuses),
            "payment_status": list(self.payments),
            "fulfillment_status": list(self.fulfilments),
            "country": list(self.countries),
            "currency": list(self.currencies),
            "created_from": self.first_day and reader.day_start(self.first_day),
            "created_to": self.last_day and reader.day_start(self.last_day + timedelta(days=1)),
            "min_total": self.min_total,
            "max_total": self.max_total,
        }
        return {name: value for name, value in terms.items() if value not in (None, [])}

    def contradiction(self) -> str | None:
        """Say why no order at all can match, where that is so."""
        if self.first_day and self.last_day and self.first_day > self.last_day:
            return "The first day is after the last one, so no order can match."
        if self.min_total is not None and self.max_total is not None and self.min_total > self.max_total:
            return "The smallest total is above the largest one, so no order can match."
        return None

    def in_words(self, reader: Reader) -> list[str]:
        """Give one short phrase a filter that is set, such as `Pending` or `from 1 May 2026`."""
        phrases = [
            *(label_of(STATUSES, code) for code in self.statuses),
            *(label_of(PAYMENT_STATUSES, code) for code in self.payments),
            *(label_of(FULFILLMENT_STATUSES, code) for code in self.fulfilments),
            *(country(code) for code in self.countries),
            *self.currencies,
        ]
        if self.first_day:
            phrases.append(f"from {reader.day(self.first_day)}")
        if self.last_day:
            phrases.append(f"to {reader.day(self.last_day)}")
        if self.min_total is not None:
            phrases.append(f"at least {self.min_total:f}")
        if self.max_total is not None:
            phrases.append(f"at most {self.max_total:f}")
        return phrases


VIEWS: Mapping[str, OrderFilters] = {
    "All": OrderFilters(),
    "Awaiting payment": OrderFilters(statuses=("PENDING",)),
    "To ship": OrderFilters(statuses=("CONFIRMED", "PROCESSING")),
    "On the way": OrderFilters(statuses=("SHIPPED",)),
    "Payment failed": OrderFilters(payments=("FAILED",)),
}


def view_of(filters: OrderFilters) -> str | None:
    """Name the quick view that these filters are, where they are one."""
    return next((name for name, view in VIEWS.items() if view == filters), None)


def search_terms(text: str | None) -> str | None:
    """Make a search of what was pasted: a tracking link becomes its token; nothing where there is nothing."""
    wanted = " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())
    return (find_token(wanted) or wanted[:LONGEST_SEARCH]) or None


def amount_of(value: float | None) -> Decimal | None:
    """Make an exact amount of what a number box holds."""
    return None if value is None else Decimal(str(value))


@cache
def country_codes() -> tuple[str, ...]:
    """List the countries of ISO 3166-1, and Kosovo, by their English names."""
    return tuple(sorted((KOSOVO, *(each.alpha_2 for each in pycountry.countries)), key=country))


@cache
def currency_codes() -> tuple[str, ...]:
    """List the currencies of ISO 4217 that the API takes, and those that are legal tender by Babel.

    Babel still has what ISO 4217 has just dropped, such as BGN, and what a shop may still have orders in.
    """
    uses = (use for uses in get_global("territory_currencies").values() for use in uses)
    tender = {code for code, _start, end, tender in uses if tender and end is None}
    return tuple(sorted(tender | {each.code for each in Currency if each.exponent is not None}))


def complaints(params: Mapping[str, Sequence[str]], checks: Mapping[str, tuple[str, Check]]) -> list[str]:
    """Name the filters of an address whose values can't be used, in the order of `checks`."""
    return [
        name
        for key, (name, valid) in checks.items()
        if any(value and not valid(value) for value in params.get(key, ()))
    ]


Check = Callable[[str], bool]


def one_of(words: Iterable[str]) -> Check:
    """Check that a value is one of these words."""
    return frozenset(words).__contains__


def is_day(text: str) -> bool:
    """Say whether this is a calendar day that can be chosen, as addresses write it, such as `2026-05-01`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-05-01") and EARLIEST_DAY <= day <= LATEST_DAY


def is_amount(text: str) -> bool:
    """Say whether this is an amount that can be searched for: a finite number from nought up."""
    try:
        return 0 <= float(text) <= LARGEST_AMOUNT
    except ValueError:
        return False


def is_page(text: str) -> bool:
    """Say whether this is the number of a page."""
    return text.isascii() and text.isdigit() and int(text[:9]) > 0
