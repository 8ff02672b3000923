"""Reads and writes codes, locks, tokens and unlocks; the only place with SQL about them, without rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, load_only, selectinload

from lib.orders_api.store.order_numbers import exact_first, is_named
from lib.orders_api.store.tables.guest import (
    AccessCode,
    AccessRequest,
    AccessToken,
    CallWindow,
    ContactUnlock,
    DecoyCode,
    DecoyLock,
    GuestLock,
)
from lib.orders_api.store.tables.orders import Order


def take_request(session: Session) -> AccessRequest | None:
    """Take the oldest wish for a code out of the queue; no other process takes the same."""
    request = session.scalar(
        select(AccessRequest).order_by(AccessRequest.id).limit(1).with_for_update(skip_locked=True)
    )
    if request is not None:
        session.delete(request)
    return request


def has_requests(session: Session) -> bool:
    """Return whether any wish for a code waits."""
    return session.scalar(select(AccessRequest.id).limit(1)) is not None


def find_pair(
    session: Session, number: str, email_key: str | None, now: datetime
) -> tuple[Order, bool] | None:
    """Return the order that number and email name together, by its number only, and if it has a code."""
    pair = session.execute(
        select(Order, AccessCode.id)
        .outerjoin(
            AccessCode,
            and_(
                AccessCode.order_id == Order.id,
                AccessCode.state == "LIVE",
                AccessCode.expires_at > now,
                AccessCode.email_key == Order.email_key,
            ),
        )
        .where(is_named(number), Order.email_key == (email_key or ""))
        .order_by(exact_first(number))
        .options(load_only(Order.order_number, Order.order_number_key))
    ).first()
    return None if pair is None else (pair[0], pair[1] is not None)


def whole_order(session: Session, order_id: int) -> Order:
    """Return an order with all that belongs to it."""
    return session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .options(selectinload(Order.items), selectinload(Order.addresses))
        .execution_options(populate_existing=True)
    ).one()


def lock_of(session: Session, order_id: int) -> GuestLock | None:
    """Return an order's count of wrong codes, locked with its codes until the transaction ends."""
    return session.scalar(select(GuestLock).where(GuestLock.order_id == order_id).with_for_update())


def make_lock(session: Session, order_id: int) -> GuestLock:
    """Return the count of wrong codes of an order as `lock_of` does, made where there is none yet."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(GuestLock).values(order_id=order_id, wrong_at="", wrong_in_a_row=0).on_conflict_do_nothing()
    )
    lock = lock_of(session, order_id)
    assert lock is not None  # noqa: S101 - it was just made
    return lock


def live_code(session: Session, order_id: int) -> AccessCode | None:
    """Return the one code of an order that was not used, burned or ended; it may be past its time."""
    return session.scalar(
        select(AccessCode).where(AccessCode.order_id == order_id, AccessCode.state == "LIVE")
    )


def decoy(session: Session, number: int) -> tuple[DecoyCode, DecoyLock]:
    """Return a decoy by the same statements as a code and its lock."""
    lock = session.scalars(select(DecoyLock).where(DecoyLock.order_id == number).with_for_update()).one()
    code = session.scalars(
        select(DecoyCode).where(DecoyCode.order_id == number, DecoyCode.state == "LIVE")
    ).one()
    return code, lock


def end_live_codes(session: Session, order_id: int) -> Sequence[int]:
    """End every code of an order; return their ids."""
    return _end_codes(session, AccessCode.order_id == order_id)


def _end_codes(session: Session, which: ColumnElement[bool]) -> Sequence[int]:
    return session.scalars(
        update(AccessCode)
        .where(which, AccessCode.state == "LIVE")
        .values(state="DEAD")
        .returning(AccessCode.id)
        .execution_options(synchronize_session=False)
    ).all()


def codes_issued_since(session: Session, order_id: int, since: datetime) -> int:
    """Return how many codes an order was given after `since`."""
    return (
        session.scalar(
            select(func.count())
            .select_from(AccessCode)
            .where(AccessCode.order_id == order_id, AccessCode.issued_at > since)
        )
        or 0
    )


def order_of_token(session: Session, token_hash: str, now: datetime) -> Order | None:
    """Return the whole order that an access token opens, as long as its email is the one that was proven."""
    return session.scalar(
        select(Order)
        .join(AccessToken, AccessToken.order_id == Order.id)
        .where(
            AccessToken.token_hash == token_hash,
            AccessToken.expires_at > now,
            AccessToken.email_key == Order.email_key,
        )
        .options(selectinload(Order.items), selectinload(Order.addresses))
    )


def delete_token(session: Session, token_hash: str) -> None:
    """End an access token."""
    session.execute(delete(AccessToken).where(AccessToken.token_hash == token_hash))


def has_expired(session: Session, now: datetime) -> bool:
    """Return whether anything is there whose time is over."""
    found = or_(
        exists().where(AccessCode.state == "LIVE", AccessCode.expires_at <= now),
        exists().where(AccessToken.expires_at <= now),
        exists().where(ContactUnlock.expires_at <= now),
        exists().where(CallWindow.ends_at <= now),
    )
    return bool(session.scalar(select(found)))


def delete_expired(session: Session, now: datetime) -> None:
    """End codes, and forget access tokens, unlocks and counts of calls, whose time is over."""
    # Tokens before codes, as the trigger of a changed email ends them: nobody waits for each other.
    for table in (AccessToken, ContactUnlock):
        session.execute(delete(table).where(table.expires_at <= now))
    _end_codes(session, AccessCode.expires_at <= now)
    session.execute(delete(CallWindow).where(CallWindow.ends_at <= now))
