"""Finds orders by a change of status that their timeline holds."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, select

from lib.orders_api.domain import timeline
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.store.tables.orders import Order, TimelineEntry


class StatusBefore(StrEnum):
    """Which status a change of status began with; NEW: none, for the order was made."""

    NEW = timeline.NEW
    PENDING = OrderStatus.PENDING
    CONFIRMED = OrderStatus.CONFIRMED
    PROCESSING = OrderStatus.PROCESSING
    SHIPPED = OrderStatus.SHIPPED
    DELIVERED = OrderStatus.DELIVERED
    CANCELLED = OrderStatus.CANCELLED
    REFUNDED = OrderStatus.REFUNDED


def was_changed(
    before: Sequence[StatusBefore],
    after: Sequence[OrderStatus],
    start: datetime | None,
    end: datetime | None,
    few: bool,
) -> ColumnElement[bool]:
    """Check that an order has at least one change that fits all that is given; the range is half open.

    With `few`, other checks leave so few orders that it is shorter to look at the timeline of each.
    """
    # All statuses are named where any will do: the index has the time after them.
    checks: list[ColumnElement[bool]] = [
        TimelineEntry.to_status.in_(sorted(set(after) or set(OrderStatus))),
        TimelineEntry.from_status.in_(sorted(set(before) or set(StatusBefore))),
    ]
    if start is not None:
        checks.append(TimelineEntry.at >= start)
    if end is not None:
        checks.append(TimelineEntry.at < end)
    if few:
        # Joined to nothing, for otherwise the index would be asked for the changes of all orders.
        checks[0] = TimelineEntry.to_status.concat("").in_(sorted(set(after) or set(OrderStatus)))
        return exists().where(TimelineEntry.order_id == Order.id, *checks)
    return Order.id.in_(select(TimelineEntry.order_id).where(*checks))
