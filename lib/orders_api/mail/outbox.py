"""Keeps emails in the outbox until they are delivered, expired or dead; it sends none itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session

from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.mail.messages import Message
from lib.orders_api.store.tables.guest import AccessCode
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.orders_api.store.tables.orders import Order, TimelineEntry

KINDS = {
    "CONFIRMATION": "confirmation email",
    "CANCELLATION": "email about the cancellation",
    "ACCESS_CODE": "email with a one-time code",
}
"""How the timeline names the emails to customers."""
MESSAGE_ID_DOMAIN = "orders.invalid"
LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(hours=24)
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=15)


def queue(
    session: Session,
    sealer: Sealer,
    order: Order,
    kind: str,
    message: Message,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    access_code_id: int | None = None,
) -> None:
    """Put an email to the order's customer, if they have an address, in the outbox, in this transaction."""
    if order.email is None:
        return
    session.add(
        _waiting(
            sealer,
            kind,
            order.email,
            message,
            now,
            order_id=order.id,
            access_code_id=access_code_id,
            expires_at=expires_at,
        )
    )


def queue_alarm(session: Session, sealer: Sealer, recipient: str, message: Message, now: datetime) -> None:
    """Put an email about an alarm in the outbox, to the shop itself, in the caller's transaction."""
    session.add(_waiting(sealer, "ALARM", recipient, message, now))


def _waiting(
    sealer: Sealer, kind: str, recipient: str, message: Message, now: datetime, **more: Any
) -> OutboxMessage:
    return OutboxMessage(
        message_id=f"<{uuid.uuid4()}@{MESSAGE_ID_DOMAIN}>",
        kind=kind,
        state="WAITING",
        recipient=recipient,
        subject=message.subject,
        sealed_body=sealer.seal(message.text),
        created_at=now,
        due_at=now,
        attempts=0,
        **more,
    )


def free_again_at(
    session: Session, order_id: int, kind: str, most: int, within: timedelta, now: datetime
) -> datetime | None:
    """Return when an order may get one more email of a kind, where it got `most` of them `within` a time."""
    latest = session.scalars(
        select(OutboxMessage.created_at)
        .where(OutboxMessage.order_id == order_id, OutboxMessage.kind == kind)
        .order_by(OutboxMessage.created_at.desc())
        .limit(most)
    ).all()
    if len(latest) < most or latest[-1] <= now - within:
        return None
    return latest[-1] + within


def wipe_dead_codes(session: Session, code_ids: Sequence[int] | None = None) -> None:
    """End the emails of these codes, or of all codes, that are no longer good."""
    which = _code_is_dead() if code_ids is None else OutboxMessage.access_code_id.in_(code_ids)
    session.execute(
        update(OutboxMessage)
        .where(which, OutboxMessage.state == "WAITING")
        .values(state="EXPIRED", sealed_body=None)
        .execution_options(synchronize_session=False)
    )


def has_dead_codes(session: Session) -> bool:
    """Return whether an email waits whose code is no longer good."""
    waiting = select(OutboxMessage.id).where(OutboxMessage.state == "WAITING", _code_is_dead()).limit(1)
    return session.scalar(waiting) is not None


def _code_is_dead() -> ColumnElement[bool]:
    return exists().where(AccessCode.id == OutboxMessage.access_code_id, AccessCode.state != "LIVE")


def end_overdue(session: Session, now: datetime) -> None:
    """End what has expired, and give up what could not be delivered for a day."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == "WAITING", OutboxMessage.expires_at <= now)
        .values(state="EXPIRED", sealed_body=None)
        .execution_options(synchronize_session=False)
    )
    give_up(session, _is_old(now), now)


def give_up(session: Session, which: ColumnElement[bool], now: datetime, error: str | None = None) -> None:
    """End the emails that nobody will get, and say so in their orders' timelines; `error`: why, if new."""
    given_up = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == "WAITING", which)
        .values(state="DEAD", sealed_body=None, last_error=func.coalesce(error, OutboxMessage.last_error))
        .returning(OutboxMessage.order_id, OutboxMessage.kind, OutboxMessage.last_error)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        TimelineEntry(
            order_id=order_id,
            at=now,
            actor="system",
            kind="NOTE",
            detail=f"The {KINDS[kind]} was not delivered to the customer: {reason or 'no reason is known'}",
        )
        for order_id, kind, reason in given_up.all()
        if order_id is not None
    )


def has_overdue(session: Session, now: datetime) -> bool:
    """Return whether any message has to be ended."""
    overdue = or_(OutboxMessage.expires_at <= now, _is_old(now))
    return (
        session.scalar(select(OutboxMessage.id).where(OutboxMessage.state == "WAITING", overdue).limit(1))
        is not None
    )


def _is_old(now: datetime) -> ColumnElement[bool]:
    return and_(OutboxMessage.created_at <= now - GIVE_UP_AFTER, OutboxMessage.attempts > 0)


def due_ids(session: Session, now: datetime, most: int) -> Sequence[int]:
    """Return the messages whose turn it is, the oldest first."""
    return session.scalars(
        select(OutboxMessage.id)
        .where(OutboxMessage.state == "WAITING", OutboxMessage.due_at <= now, _still_good(now))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(most)
    ).all()


def _still_good(now: datetime) -> ColumnElement[bool]:
    return or_(OutboxMessage.expires_at.is_(None), OutboxMessage.expires_at > now)


def claim(session: Session, message_id: int, now: datetime) -> OutboxMessage | None:
    """Take a message for one attempt, alone; None if it is another sender's by now, or ended."""
    claimed = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.state == "WAITING",
            OutboxMessage.due_at <= now,
            _still_good(now),
            not_(_code_is_dead()),
        )
        .values(due_at=now + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return None if claimed is None else session.get(OutboxMessage, claimed, populate_existing=True)


def mark_sent(session: Session, message_id: int, now: datetime) -> None:
    """Report that a message was delivered, and wipe its body."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == "WAITING")
        .values(state="SENT", sent_at=now, sealed_body=None, last_error=None)
    )


def mark_failed(session: Session, message_id: int, attempts: int, error: str, now: datetime) -> None:
    """Report that an attempt failed, and when the next one is: each wait is twice the one before."""
    backoff = min(FIRST_BACKOFF * 2 ** min(attempts - 1, 20), LONGEST_BACKOFF)
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == "WAITING")
        .values(due_at=now + backoff, last_error=error)
    )


def count_waiting(session: Session) -> int:
    """Return how many messages wait."""
    waiting = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == "WAITING")
    return session.scalar(waiting) or 0


def waiting_without_codes(session: Session) -> tuple[int, datetime | None]:
    """Return how many messages other than codes wait, and since when the oldest does."""
    count, oldest = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(
            OutboxMessage.state == "WAITING", OutboxMessage.kind != "ACCESS_CODE"
        )
    ).one()
    return count, oldest


def newest(session: Session, most: int, waiting_only: bool = False) -> Sequence[OutboxMessage]:
    """Return the newest messages."""
    statement = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(most)
    if waiting_only:
        statement = statement.where(OutboxMessage.state == "WAITING")
    return session.scalars(statement).all()
