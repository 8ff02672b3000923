"""Judges whether a listed order fits a filter, for APIs that do not filter; it leaves `q` to the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from .models import OrderListItem

_WORDS = {
    "status": "status",
    "payment_status": "payment_status",
    "fulfillment_status": "fulfillment_status",
    "country": "shipping_country",
    "currency": "currency",
}
_NONE = {"country": "ZZ"}
"""What the filter calls it where an order has none."""


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
