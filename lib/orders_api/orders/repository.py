"""Reads and writes orders; the only place with SQL about them, and without a rule of business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.models import Order, OrderCounter, TimelineEntry
from lib.orders_api.service_models import ContactUnlock
from lib.orders_api.statuses import OrderStatus


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
