"""The filters of `list`, `export`, `stats` and `audit` in snake_case, and whether an order fits them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypedDict

from .models import OrderListItem

Time = datetime | date | None
Words = str | Sequence[str] | None
_TIMES = ("created_from", "created_to", "status_from", "status_to", "changed_from", "changed_to")
_WORDS = {
    "status": "status",
    "payment_status": "payment_status",
    "fulfillment_status": "fulfillment_status",
    "country": "shipping_country",
    "currency": "currency",
}
_NONE = {"country": "ZZ"}
"""What the filter calls it where an order has none."""


class Places(TypedDict, total=False):
    """What narrows figures that are by status already."""

    country: Words
    currency: Words


class DayFilters(Places, total=False):
    """What narrows figures that have their own range of days; None and empty sequences are left out."""

    status: Words
    payment_status: Words
    fulfillment_status: Words
    min_total: Decimal | int | str | None
    max_total: Decimal | int | str | None
    q: str | None
    time_zone: str | None


class Filters(DayFilters, total=False):
    """What narrows a set of orders; ranges are half open.

    Times are aware; a bare date is the start of that day in `time_zone`, an IANA name, UTC by default.
    `status_from` and `status_to` mean when an order came to the status that it has. `from_status` (or `NEW`:
    it was made), `to_status`, `changed_from` and `changed_to` mean any one change of status that its timeline
    holds. `reached` is how far an order got at least: `PROCESSING` or `SHIPPED`.
    """

    created_from: Time
    created_to: Time
    cancel_reason: Words
    status_from: Time
    status_to: Time
    from_status: Words
    to_status: Words
    changed_from: Time
    changed_to: Time
    reached: str | None


class SortedFilters(Filters, total=False):
    """Filters, and `sort`: `createdAt`, `grandTotal` or `orderNumber`, with `-` in front: falling."""

    sort: str | None


class ExportFilters(SortedFilters, total=False):
    """Filters, `sort`, and how the CSV is written.

    `separator` is `comma`, `semicolon` (what Excel expects where decimals have a comma) or `tab`; `rows` is
    `orders`, or `items` for a row each line item.
    """

    separator: str | None
    rows: str | None


class AuditFilters(TypedDict, total=False):
    """What narrows the audit log."""

    actor: Words
    action: Words
    not_action: Words
    role: Words
    order_number: str | None
    created_from: Time
    created_to: Time


def known(filters: Mapping[str, Any], of: type) -> dict[str, Any]:
    """Return the filters back.

    Raises:
        TypeError: a name that `of`, one of the classes above, does not have.
        ValueError: a time that is not one, with a zone.
    """
    for name, value in filters.items():
        if name not in of.__annotations__:
            raise TypeError(f"there is no filter {name!r}")
        if name in _TIMES and value is not None and not isinstance(value, date):
            raise ValueError(f"{name} must be a date, or a datetime with a time zone")
    return dict(filters)


def misfits(order: OrderListItem, filters: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the filters that an order does not fit, or whose field is not given.

    Judged are the contract's filters but `q`; any other name is taken to fit.
    """
    return frozenset(
        name for name, wanted in filters.items() if wanted is not None and not _fits(order, name, wanted)
    )


def _fits(order: OrderListItem, name: str, wanted: Any) -> bool:
    if name in _WORDS:
        return _is_one_of(getattr(order, _WORDS[name]) or _NONE.get(name), wanted)
    if name in ("created_from", "created_to") and isinstance(wanted, datetime):
        return order.created_at >= wanted if name == "created_from" else order.created_at < wanted
    if name in ("min_total", "max_total"):
        if order.grand_total is None:
            return False
        try:
            bound = Decimal(wanted)
        except InvalidOperation:  # only a server that reads it can say what it means
            return True
        return order.grand_total >= bound if name == "min_total" else order.grand_total <= bound
    return True


def _is_one_of(value: str | None, wanted: Any) -> bool:
    many = wanted if isinstance(wanted, Iterable) and not isinstance(wanted, str) else [wanted]
    words = {str(each.value if isinstance(each, Enum) else each).upper() for each in many}
    return not words or (value is not None and value.upper() in words)
