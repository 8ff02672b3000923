"""Finds orders by a change of status that their timeline holds, in the index made for it (migration 0011)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Text, exists, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.stats import streams
from lib.orders_api.store.tables.orders import Order, TimelineEntry


class StatusBefore(StrEnum):
    """Which status a change of status began with; NEW: none, for the order was made."""

    NEW = streams.NEW
    PENDING = OrderStatus.PENDING
    CONFIRMED = OrderStatus.CONFIRMED
    PROCESSING = OrderStatus.PROCESSING
    SHIPPED = OrderStatus.SHIPPED
    DELIVERED = OrderStatus.DELIVERED
    CANCELLED = OrderStatus.CANCELLED
    REFUNDED = OrderStatus.REFUNDED


# The words of the index to the letter: with values bound to them, no database would know it again.
class _Before(FunctionElement[str]):
    inherit_cache = True
    type = Text()


class _After(FunctionElement[str]):
    inherit_cache = True
    type = Text()


@compiles(_Before)
def _write_before(_: _Before, compiler: Any, **__: Any) -> str:
    return streams.status_before(compiler.dialect.name == "sqlite")


@compiles(_After)
def _write_after(_: _After, compiler: Any, **__: Any) -> str:
    return streams.status_after(compiler.dialect.name == "sqlite")


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
    # The index begins with the status after, so all are named where any will do.
    wanted = sorted(set(after) or set(OrderStatus))
    checks: list[ColumnElement[bool]] = []
    if before:
        checks.append(_Before().in_(sorted(set(before))))
    if start is not None:
        checks.append(TimelineEntry.at >= start)
    if end is not None:
        checks.append(TimelineEntry.at < end)
    if few:
        # With nothing added to its end it is not the index's, which would find the changes of all orders.
        checks += [TimelineEntry.order_id == Order.id, _After().concat("").in_(wanted)]
        return exists().where(text(streams.IS_STEP), *checks)
    changed = select(TimelineEntry.order_id).where(text(streams.IS_STEP), _After().in_(wanted), *checks)
    return Order.id.in_(changed)
