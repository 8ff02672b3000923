"""Reads and writes the register, and reads what there is about one customer; it holds no rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.store.order_numbers import exact_first, is_named
from lib.orders_api.store.tables.audit import AuditEntry
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.orders_api.store.tables.orders import Order, TimelineEntry
from lib.orders_api.store.tables.privacy import PrivacyRequest

MOST = 200


def newest(session: Session) -> Sequence[PrivacyRequest]:
    """Return the newest requests, those that are not done first, by when they are due."""
    done = PrivacyRequest.done_at.is_not(None)
    order = (done, PrivacyRequest.done_at.desc(), PrivacyRequest.due_at, PrivacyRequest.id)
    return session.scalars(select(PrivacyRequest).order_by(*order).limit(MOST)).all()


def confirmed_id(session: Session) -> int | None:
    """Return the oldest request whose confirmed forgetting waits."""
    waiting = select(PrivacyRequest.id).where(PrivacyRequest.state == "CONFIRMED")
    return session.scalar(waiting.order_by(PrivacyRequest.id).limit(1))


def request_to_change(session: Session, request_id: int) -> PrivacyRequest | None:
    """Return a request, locked until the transaction ends."""
    return session.scalar(select(PrivacyRequest).where(PrivacyRequest.id == request_id).with_for_update())


def email_of(session: Session, number: str) -> str | None:
    """Return the address of an order in the form in which it is compared."""
    named = select(Order.email_key).where(is_named(number)).order_by(exact_first(number)).limit(1)
    return session.scalar(named)


def orders_of(session: Session, email_key: str) -> Sequence[Order]:
    """Return the whole orders of an address, the oldest first."""
    parts = (selectinload(Order.items), selectinload(Order.addresses))
    theirs = select(Order).where(Order.email_key == email_key).options(*parts)
    return session.scalars(theirs.order_by(Order.created_at, Order.id)).all()


def timeline_of(session: Session, order_ids: Collection[int]) -> Sequence[TimelineEntry]:
    """Return what happened to these orders, notes among it."""
    theirs = select(TimelineEntry).where(TimelineEntry.order_id.in_(order_ids))
    return session.scalars(theirs.order_by(TimelineEntry.at, TimelineEntry.id)).all()


def mails_of(session: Session, order_ids: Collection[int]) -> Sequence[OutboxMessage]:
    """Return the emails of these orders that are still known."""
    theirs = select(OutboxMessage).where(OutboxMessage.order_id.in_(order_ids))
    return session.scalars(theirs.order_by(OutboxMessage.id)).all()


def looks_at(session: Session, number_keys: Collection[str]) -> Sequence[AuditEntry]:
    """Return who looked at or did what to these orders."""
    theirs = select(AuditEntry).where(AuditEntry.order_number_key.in_(number_keys))
    return session.scalars(theirs.order_by(AuditEntry.id)).all()
