"""Finds and deletes what was kept for long enough; the only place with SQL about it, and without a rule."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.store.tables.audit import StrangerAddress
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.retention import RetentionMark


def mark_orders(session: Session, now: datetime, before: datetime) -> int:
    """Note up to which order the store has come; return up to which it had come before a time."""
    known = select(RetentionMark).where(RetentionMark.at < before).order_by(RetentionMark.at.desc()).limit(1)
    mark = session.scalar(known)
    if mark is not None:
        session.execute(delete(RetentionMark).where(RetentionMark.at < mark.at))
    session.merge(RetentionMark(at=now, last_order=session.scalar(select(func.max(Order.id))) or 0))
    return 0 if mark is None else mark.last_order


def orders_unchanged_since(session: Session, before: datetime, last: int, nobody: str) -> Sequence[int]:
    """Return the orders up to `last` that have their status since before a time, and still a customer."""
    old = (Order.status_since < before, Order.id <= last, Order.customer_name != nobody)
    return session.scalars(select(Order.id).where(*old).order_by(Order.id)).all()


def count_unchanged_since(session: Session, before: datetime, nobody: str) -> int:
    """Count the orders that have been in their status since before a time, and still have a customer."""
    old = (Order.status_since < before, Order.customer_name != nobody)
    return session.scalar(select(func.count()).select_from(Order).where(*old)) or 0


def still_unchanged(session: Session, ids: Collection[int], before: datetime, nobody: str) -> Sequence[Order]:
    """Return these orders whole, locked, as far as nothing has happened to them meanwhile."""
    parts = (selectinload(Order.items), selectinload(Order.addresses), selectinload(Order.texts))
    old = (Order.id.in_(ids), Order.status_since < before, Order.customer_name != nobody)
    return session.scalars(
        select(Order).where(*old).options(*parts).order_by(Order.id).with_for_update(key_share=True)
    ).all()


def delete_mails(session: Session, before: datetime, most: int) -> bool:
    """Delete some emails from before a time that wait for nothing; return whether there may be more."""
    old = (OutboxMessage.created_at < before, OutboxMessage.state != "WAITING")
    oldest = select(OutboxMessage.id).where(*old).order_by(OutboxMessage.id).limit(most)
    gone = session.scalars(
        delete(OutboxMessage).where(OutboxMessage.id.in_(oldest)).returning(OutboxMessage.id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all()) == most


def delete_addresses(session: Session, before: datetime, most: int) -> bool:
    """Delete some addresses of strangers from before a time; return whether there may be more."""
    oldest = select(StrangerAddress.entry_id).where(StrangerAddress.at < before).limit(most)
    gone = session.scalars(
        delete(StrangerAddress)
        .where(StrangerAddress.entry_id.in_(oldest))
        .returning(StrangerAddress.entry_id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all()) == most
