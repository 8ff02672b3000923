"""The order list's filters as values: in the API's terms, in words, and an address checked; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lib.ui.shared.format import Reader, country
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, label_of

PAGE_SIZES: Sequence[int] = (25, 50, 100, 200)
WAITING: Mapping[str, timedelta] = {
    "24 h": timedelta(hours=24),
    "3 days": timedelta(days=3),
    "7 days": timedelta(days=7),
}
"""How long orders may be asked to have been in their status at least."""


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
    waiting: str | None = None
    """How long they have been in their status at least, one of WAITING."""

    def query(self, reader: Reader, now: datetime | None = None) -> dict[str, Any]:
        """Return the filters as `client.orders.list` takes them; what is not set is left out."""
        minute = (now or datetime.now(UTC)).replace(second=0, microsecond=0)
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
            "status_to": self.waiting and minute - WAITING[self.waiting],
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
        """Return one short phrase a filter that is set, such as `Pending` or `from 1 May 2026`."""
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
        if self.waiting:
            phrases.append(f"in their status for over {self.waiting}")
        return phrases


VIEWS: Mapping[str, OrderFilters] = {
    "All": OrderFilters(),
    "Awaiting payment": OrderFilters(statuses=("PENDING",)),
    "Pending over 24 h": OrderFilters(statuses=("PENDING",), waiting="24 h"),
    "To ship": OrderFilters(statuses=("CONFIRMED", "PROCESSING")),
    "On the way": OrderFilters(statuses=("SHIPPED",)),
    "Payment failed": OrderFilters(payments=("FAILED",)),
}


def view_of(filters: OrderFilters) -> str | None:
    """Name the quick view that these filters are, where they are one."""
    return next((name for name, view in VIEWS.items() if view == filters), None)


def amount_of(value: float | None) -> Decimal | None:
    """Make an exact amount of what a number box holds."""
    return None if value is None else Decimal(str(value))
