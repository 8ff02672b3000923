"""Keeps emails in the outbox until they are delivered, expired or dead; it sends none itself."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session

from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.mail.templates import Message
from lib.orders_api.store.tables.guest import Code
from lib.orders_api.store.tables.mail import OutboxMessage, QueuedMessage
from lib.orders_api.store.tables.orders import Order, TimelineEntry

KINDS = {
    "CONFIRMATION": "confirmation email",
    "CANCELLATION": "email about the cancellation",
    "ACCESS_CODE": "email with a one-time code",
    "EMAIL_CHANGED": "email about the changed address",
}
"""How the timeline names the emails to customers."""
MESSAGE_ID_DOMAIN = "orders.invalid"
ACCESS_CODE = "ACCESS_CODE"
LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(hours=24)
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=15)

Table = type[QueuedMessage]
"""The outbox, or that of the decoys (docs/adr/0010)."""


def queue(session: Session, sealer: Sealer, order: Order, kind: str, message: Message, now: datetime) -> None:
    """Put an email to the order's customer, if they have an address, in the outbox, in this transaction."""
    if order.email is not None:
        more = {"kind": kind, "recipient": order.email, "order_id": order.id}
        session.add(OutboxMessage(**_waiting(sealer, message, now), **more))


def redirect(session: Session, order_id: int, recipient: str) -> None:
    """Have what waits for an order's customer, but codes, go to another address."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.order_id == order_id,
            OutboxMessage.state == "WAITING",
            OutboxMessage.kind.in_(("CONFIRMATION", "CANCELLATION")),
        )
        .values(recipient=recipient)
        .execution_options(synchronize_session=False)
    )


def queue_alarm(session: Session, sealer: Sealer, recipient: str, message: Message, now: datetime) -> None:
    """Put an email about an alarm in the outbox, to the shop itself, in the caller's transaction."""
    session.add(OutboxMessage(**_waiting(sealer, message, now), kind="ALARM", recipient=recipient))


def queue_code(
    session: Session, sealer: Sealer, table: Table, recipient: str, message: Message, code: Code
) -> None:
    """Put an email with a code in the outbox, or its decoy beside it, in the caller's transaction."""
    more = {"order_id": code.order_id, "access_code_id": code.id, "expires_at": code.expires_at}
    waiting = _waiting(sealer, message, code.issued_at)
    session.add(table(**waiting | more | {"kind": ACCESS_CODE, "recipient": recipient}))


def _waiting(sealer: Sealer, message: Message, now: datetime) -> dict[str, Any]:
    return {
        "message_id": f"<{uuid.uuid4()}@{MESSAGE_ID_DOMAIN}>",
        "state": "WAITING",
        "subject": message.subject,
        "sealed_body": sealer.seal(message.body),
        "created_at": now,
        "due_at": now,
        "attempts": 0,
    }


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


def wipe_dead_codes(session: Session, table: Table, code_ids: Sequence[int] | None = None) -> None:
    """End the emails of these codes, or of all codes, that are no longer good."""
    which = _code_is_dead(table) if code_ids is None else table.access_code_id.in_(code_ids)
    session.execute(
        update(table)
        .where(which, table.state == "WAITING")
        .values(state="EXPIRED", sealed_body=None)
        .execution_options(synchronize_session=False)
    )


def has_dead_codes(session: Session) -> bool:
    """Return whether an email waits whose code is no longer good."""
    waiting = select(OutboxMessage.id).where(OutboxMessage.state == "WAITING", _code_is_dead(OutboxMessage))
    return session.scalar(waiting.limit(1)) is not None


def _code_is_dead(table: Table) -> ColumnElement[bool]:
    return exists().where(table.codes.id == table.access_code_id, table.codes.state != "LIVE")


def end_overdue(session: Session, table: Table, now: datetime) -> None:
    """End what has expired, and give up what could not be delivered for a day."""
    session.execute(
        update(table)
        .where(table.state == "WAITING", table.expires_at <= now)
        .values(state="EXPIRED", sealed_body=None)
        .execution_options(synchronize_session=False)
    )
    give_up(session, table, _is_old(table, now), now)


def give_up(
    session: Session, table: Table, which: ColumnElement[bool], now: datetime, error: str | None = None
) -> None:
    """End the emails that nobody will get, and say so in their orders' timelines; `error`: why, if new."""
    given_up = session.execute(
        update(table)
        .where(table.state == "WAITING", which)
        .values(state="DEAD", sealed_body=None, last_error=func.coalesce(error, table.last_error))
        .returning(table.order_id, table.kind, table.last_error)
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
        if order_id is not None and table is OutboxMessage
    )


def has_overdue(session: Session, table: Table, now: datetime) -> bool:
    """Return whether any message has to be ended."""
    overdue = or_(table.expires_at <= now, _is_old(table, now))
    waiting = select(table.id).where(table.state == "WAITING", overdue).limit(1)
    return session.scalar(waiting) is not None


def _is_old(table: Table, now: datetime) -> ColumnElement[bool]:
    return and_(table.created_at <= now - GIVE_UP_AFTER, table.attempts > 0)


def due_ids(session: Session, table: Table, now: datetime, most: int, *, codes: bool) -> Sequence[int]:
    """Return the messages whose turn it is, the oldest first: those with codes, or all others."""
    kind = table.kind == ACCESS_CODE if codes else table.kind != ACCESS_CODE
    return session.scalars(
        select(table.id)
        .where(table.state == "WAITING", table.due_at <= now, _still_good(table, now), kind)
        .order_by(table.due_at, table.id)
        .limit(most)
    ).all()


def _still_good(table: Table, now: datetime) -> ColumnElement[bool]:
    return or_(table.expires_at.is_(None), table.expires_at > now)


def claim(session: Session, table: Table, message_id: int, now: datetime) -> QueuedMessage | None:
    """Take a message for one attempt, alone; None if it is another sender's by now, or ended."""
    free = select(table.id).where(table.id == message_id).with_for_update(skip_locked=True)
    claimed = session.execute(
        update(table)
        .where(
            table.id == free.scalar_subquery(),
            table.state == "WAITING",
            table.due_at <= now,
            _still_good(table, now),
            not_(_code_is_dead(table)),
        )
        .values(due_at=now + LEASE, attempts=table.attempts + 1)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return None if claimed is None else session.get(table, claimed, populate_existing=True)


def mark_sent(session: Session, table: Table, message_id: int, now: datetime) -> None:
    """Mark a message as delivered, and wipe its body."""
    session.execute(
        update(table)
        .where(table.id == message_id, table.state == "WAITING")
        .values(state="SENT", sent_at=now, sealed_body=None, last_error=None)
    )


def mark_failed(
    session: Session, table: Table, message_id: int, attempts: int, error: str, now: datetime
) -> None:
    """Note why an attempt failed, and when the next one is: each wait is twice the one before."""
    backoff = min(FIRST_BACKOFF * 2 ** min(attempts - 1, 20), LONGEST_BACKOFF)
    session.execute(
        update(table)
        .where(table.id == message_id, table.state == "WAITING")
        .values(due_at=now + backoff, last_error=error)
    )


def count(session: Session, state: str) -> int:
    """Return how many messages are in a state."""
    counted = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == state)
    return session.scalar(counted) or 0


def waiting_without_codes(session: Session) -> tuple[int, datetime | None]:
    """Return how many messages other than codes wait, and since when the oldest does."""
    count, oldest = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(
            OutboxMessage.state == "WAITING", OutboxMessage.kind != ACCESS_CODE
        )
    ).one()
    return count, oldest


def newest(session: Session, most: int, state: str | None = None) -> Sequence[OutboxMessage]:
    """Return the newest messages."""
    statement = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(most)
    if state is not None:
        statement = statement.where(OutboxMessage.state == state)
    return session.scalars(statement).all()
