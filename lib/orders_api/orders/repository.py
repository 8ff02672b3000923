"""Reads and writes orders; the only place with SQL about them, and without a rule of business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.models import Order, OrderCounter, TimelineEntry
from lib.orders_api.orders.filters import OrderListQuery, conditions, sort_columns
from lib.orders_api.orders.search import search_condition
from lib.orders_api.service_models import ContactUnlock
from lib.orders_api.statuses import OrderStatus


def page_of_orders(
    session: Session, query: OrderListQuery, customer_id: str | None
) -> tuple[Sequence[Order], int]:
    """Give the orders of one page, and how many there are on all pages together."""
    checks = conditions(query)
    if customer_id is not None:
        checks.append(Order.customer_id == customer_id)
    found = search_condition(session, query.q) if query.q else None
    if found is not None:
        checks.append(found)
    total = session.scalar(select(func.count()).select_from(Order).where(*checks)) or 0
    ids = _page_ids(session, query, checks, total)
    by_id = {order.id: order for order in session.scalars(select(Order).where(Order.id.in_(ids)))}
    return [by_id[order_id] for order_id in ids], total


def _page_ids(
    session: Session, query: OrderListQuery, checks: list[ColumnElement[bool]], total: int
) -> list[int]:
    """Give the ids of one page, counted from whichever end of the list is nearer."""
    offset = (query.page - 1) * query.limit
    size = min(query.limit, total - offset)
    if size <= 0:
        return []
    columns, descending = sort_columns(query.sort)
    from_the_end = offset > total // 2
    if from_the_end:
        offset, descending = total - offset - size, not descending
    ids = session.scalars(
        select(Order.id)
        .where(*checks)
        .order_by(*(column.desc() if descending else column.asc() for column in columns))
        .offset(offset)
        .limit(size)
    ).all()
    return list(reversed(ids)) if from_the_end else list(ids)


def find_order(
    session: Session, key: str | None, customer_id: str | None = None, whole: bool = False
) -> Order | None:
    """Give the order with this key, if it is the customer's; `whole` with its line items and addresses."""
    statement = select(Order).where(Order.order_number_key == key)
    if customer_id is not None:
        statement = statement.where(Order.customer_id == customer_id)
    if whole:
        statement = statement.options(selectinload(Order.items), selectinload(Order.addresses))
    return session.scalar(statement.execution_options(populate_existing=True)) if key is not None else None


def change_status(session: Session, order_id: int, expected: OrderStatus, values: dict[str, Any]) -> bool:
    """Change an order if its status still is `expected`; tell whether it was. One statement decides."""
    changed = session.execute(
        update(Order)
        .where(Order.id == order_id, Order.status == expected)
        .values(values)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar() is not None


def next_counter(session: Session, year: int) -> int:
    """Give the next number of a year, each once."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = (
        insert(OrderCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[OrderCounter.year], set_={"last": OrderCounter.last + 1})
        .returning(OrderCounter.last)
    )
    return session.scalars(statement).one()


def timeline_of(session: Session, order_id: int) -> Sequence[TimelineEntry]:
    """Give all that happened to an order, newest first."""
    return session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.order_id == order_id)
        .order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc())
    ).all()


def has_unlock(session: Session, order_id: int, staff: str, now: datetime) -> bool:
    """Tell whether an order's contact data are unlocked for a staff member."""
    unlock = session.get(ContactUnlock, (order_id, staff))
    return unlock is not None and unlock.expires_at > now
