"""Tells from a refusal whether a call is missing, or what it was asked about; it asks nothing itself."""

from __future__ import annotations

from typing import Any

from ._answers import Answer
from ._call import Call, nothing

NOT_THERE = frozenset({404, 405, 501})
"""Answers of an API that does not have a call."""


def is_there(call: Call[Any], answer: Answer) -> bool | None:
    """Tell whether a call is there; None: it is so only if its order is not (see `order_of`)."""
    if call.more is None or answer.status not in NOT_THERE:
        return True
    if answer.status == 404 and "{orderNumber}" in call.route:
        return True if answer.code == "ORDER_NOT_FOUND" else None
    return False


def order_of(call: Call[Any]) -> Call[None]:
    """Ask for the order that a call is about, which every API can give."""
    return Call("GET", "/v1/orders/{orderNumber}", nothing, call.segment)
