"""Reads and writes the register, and reads what there is about one customer; it holds no rule."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.domain.text import email_key, written_number_key
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


def keys_of_open(session: Session) -> Sequence[str]:
    """Return the names of the keys by which those are known whose requests are not done."""
    return session.scalars(select(PrivacyRequest.who_key).where(PrivacyRequest.state != "DONE")).all()


def request_to_change(session: Session, request_id: int) -> PrivacyRequest | None:
    """Return a request, locked until the transaction ends."""
    return session.scalar(select(PrivacyRequest).where(PrivacyRequest.id == request_id).with_for_update())


def order_named(session: Session, number: str) -> Order | None:
    """Return the order with this number."""
    return session.scalar(select(Order).where(is_named(number)).order_by(exact_first(number)).limit(1))


def addresses(session: Session) -> Iterator[str]:
    """Return the addresses of orders, then those that emails went to, in the form in which both compare."""
    yield from filter(None, session.scalars(select(Order.email_key).distinct()))
    for recipient in session.scalars(select(OutboxMessage.recipient).distinct()):
        yield email_key(recipient) or ""


def orders_of(session: Session, key: str) -> Sequence[Order]:
    """Return the whole orders of an address, the oldest first."""
    parts = (selectinload(Order.items), selectinload(Order.addresses))
    theirs = select(Order).where(Order.email_key == key).options(*parts)
    return session.scalars(theirs.order_by(Order.created_at, Order.id)).all()


def timeline_of(session: Session, order_ids: Collection[int]) -> Sequence[TimelineEntry]:
    """Return what happened to these orders, notes among it."""
    theirs = select(TimelineEntry).where(TimelineEntry.order_id.in_(order_ids))
    return session.scalars(theirs.order_by(TimelineEntry.at, TimelineEntry.id)).all()


def mails_to(session: Session, key: str, order_ids: Collection[int]) -> Sequence[OutboxMessage]:
    """Return the emails of these orders that are still known and went to an address; others are others'."""
    theirs = select(OutboxMessage).where(OutboxMessage.order_id.in_(order_ids)).order_by(OutboxMessage.id)
    return [mail for mail in session.scalars(theirs) if email_key(mail.recipient) == key]


def looks_at(session: Session, orders: Collection[Order]) -> Sequence[AuditEntry]:
    """Return who looked at or did what to these orders; older rows have numbers as written for a key."""
    written = and_(
        AuditEntry.order_number_key.in_([written_number_key(order.order_number) for order in orders]),
        AuditEntry.order_number.in_([order.order_number for order in orders]),
    )
    theirs = or_(AuditEntry.order_number_key.in_([order.order_number_key for order in orders]), written)
    return session.scalars(select(AuditEntry).where(theirs).order_by(AuditEntry.id)).all()
