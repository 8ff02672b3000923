"""Reads and writes codes, locks, tokens and unlocks; the only place with SQL about them, without rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.models import Order
from lib.orders_api.service_models import (
    AccessCode,
    AccessRequest,
    AccessToken,
    ContactUnlock,
    GuestLock,
)


def take_request(session: Session) -> AccessRequest | None:
    """Take the oldest wish for a code out of the queue; no other process takes the same."""
    request = session.scalar(
        select(AccessRequest).order_by(AccessRequest.id).limit(1).with_for_update(skip_locked=True)
    )
    if request is not None:
        session.delete(request)
    return request


def has_requests(session: Session) -> bool:
    """Tell whether any wish for a code waits."""
    return session.scalar(select(AccessRequest.id).limit(1)) is not None


def lock_order(session: Session, number_key: str | None, email_key: str | None) -> Order | None:
    """Give the whole order that number and email name together, locked until the transaction ends."""
    return session.scalar(
        select(Order)
        .where(Order.order_number_key == (number_key or ""), Order.email_key == (email_key or ""))
        .options(selectinload(Order.items), selectinload(Order.addresses))
        .with_for_update()
    )


def live_code(session: Session, order_id: int, now: datetime) -> AccessCode | None:
    """Give the one code of an order that is still good."""
    return session.scalar(
        select(AccessCode).where(
            AccessCode.order_id == order_id, AccessCode.state == "LIVE", AccessCode.expires_at > now
        )
    )


def end_live_codes(session: Session, order_id: int) -> Sequence[int]:
    """End every code of an order; give their ids."""
    return session.scalars(
        update(AccessCode)
        .where(AccessCode.order_id == order_id, AccessCode.state == "LIVE")
        .values(state="DEAD")
        .returning(AccessCode.id)
        .execution_options(synchronize_session=False)
    ).all()


def codes_issued_since(session: Session, order_id: int, since: datetime) -> int:
    """Tell how many codes an order was given after `since`."""
    return (
        session.scalar(
            select(func.count())
            .select_from(AccessCode)
            .where(AccessCode.order_id == order_id, AccessCode.issued_at > since)
        )
        or 0
    )


def lock_of(session: Session, order_id: int) -> GuestLock | None:
    """Give the count of wrong codes of an order."""
    return session.get(GuestLock, order_id)


def order_of_token(session: Session, token_hash: str, now: datetime) -> Order | None:
    """Give the whole order that an access token opens, as long as its email is the one that was proven."""
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


def delete_expired(session: Session, now: datetime) -> None:
    """Forget access tokens and unlocks whose time is over."""
    session.execute(delete(AccessToken).where(AccessToken.expires_at <= now))
    session.execute(delete(ContactUnlock).where(ContactUnlock.expires_at <= now))


def unlock_contact(session: Session, order_id: int, staff: str, until: datetime) -> None:
    """Let a staff member see an order's contact data until then."""
    session.merge(ContactUnlock(order_id=order_id, staff=staff, expires_at=until))
