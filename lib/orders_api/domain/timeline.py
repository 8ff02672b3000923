"""What an order's timeline says of a change of status, in columns and in words; pure."""

from __future__ import annotations

from typing import TypedDict

from lib.orders_api.domain.statuses import CancelReason, OrderStatus

NEW = "NEW"
"""What stands for the status before of an order that was made."""


class ChangeColumns(TypedDict):
    """The columns of a timeline row that is a change of status; its order, time and actor are missing."""

    kind: str
    from_status: str
    to_status: str
    reason: str
    """Why it was cancelled; empty for every other change, and where nobody said."""
    detail: str


def created(status: OrderStatus) -> ChangeColumns:
    """Return the columns of an order that was made in this status."""
    return ChangeColumns(kind="CREATED", from_status=NEW, to_status=status, reason="", detail=status)


def changed(
    before: OrderStatus, after: OrderStatus, reason: CancelReason | None = None, remark: str | None = None
) -> ChangeColumns:
    """Return the columns of a change of status; `remark` is what its words say beyond the two statuses."""
    detail = change_words(before, after, remark)
    return ChangeColumns(
        kind="STATUS_CHANGED", from_status=before, to_status=after, reason=reason or "", detail=detail
    )


def change_words(before: str, after: str, remark: str | None = None) -> str:
    """Return a change in words, such as `PENDING → CANCELLED: DUPLICATE`."""
    return f"{before} → {after}" + (f": {remark}" if remark else "")
