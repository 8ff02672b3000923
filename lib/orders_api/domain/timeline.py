"""What an order's timeline says of a change of status, in columns and in words; pure."""

from datetime import datetime, timedelta
from typing import TypedDict

from lib.orders_api.domain.statuses import CancelReason, OrderStatus

NEW = "NEW"
"""What stands for the status before of an order that was made."""
_HOUR = timedelta(hours=1)


class ChangeColumns(TypedDict):
    """The columns of a timeline row that is a change of status; its order and actor are missing."""

    at: datetime
    kind: str
    from_status: str
    to_status: str
    reason: str
    """Why it was cancelled; empty for every other change, and where nobody said."""
    status_hours: int | None
    """How many hours it had been in the status before, a part of one counting as one."""
    detail: str


def created(status: OrderStatus, at: datetime, reason: str | None = None) -> ChangeColumns:
    """Return the columns of an order that was made in this status; `reason`: why it is cancelled."""
    return ChangeColumns(
        at=at,
        kind="CREATED",
        from_status=NEW,
        to_status=str(status),
        reason=reason or "",
        status_hours=None,
        detail=str(status),
    )


def changed(
    before: OrderStatus,
    after: OrderStatus,
    since: datetime,
    at: datetime,
    reason: CancelReason | None = None,
    remark: str | None = None,
) -> ChangeColumns:
    """Return the columns of a change of status.

    Args:
        before: the status that it had.
        after: the status that it got.
        since: when it came to the status before.
        at: when it changed.
        reason: why it was cancelled.
        remark: what the words say beyond the two statuses.
    """
    return ChangeColumns(
        at=at,
        kind="STATUS_CHANGED",
        from_status=str(before),
        to_status=str(after),
        reason=str(reason) if reason else "",
        status_hours=_hours(since, at),
        detail=change_words(before, after, remark),
    )


def change_words(before: str, after: str, remark: str | None = None) -> str:
    """Return a change in words, such as `PENDING → CANCELLED: DUPLICATE`."""
    return f"{before} → {after}" + (f": {remark}" if remark else "")


def _hours(since: datetime, at: datetime) -> int:
    """Return the whole hours from one time to another, begun ones counted; none where clocks went back."""
    return max(0, -((since.replace(microsecond=0) - at.replace(microsecond=0)) // _HOUR))
