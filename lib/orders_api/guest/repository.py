"""Reads and writes codes, locks, tokens and unlocks; the only place with SQL about them, without rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.store.order_numbers import exact_first, is_named
from lib.orders_api.store.tables.guest import (
    AccessCode,
    AccessRequest,
    AccessToken,
    CallWindow,
    Code,
    ContactUnlock,
    DecoyCode,
    DecoyLock,
    GuestLock,
    Lock,
)
from lib.orders_api.store.tables.mail import DecoyMessage, OutboxMessage, QueuedMessage
from lib.orders_api.store.tables.orders import Order

ALL_CODES: tuple[type[Code], ...] = (AccessCode, DecoyCode)


class Pair(NamedTuple):
    """An order that a number and an email name together, and whether it has a code to be tried."""

    order_id: int
    order_number: str
    order_number_key: str
    email: str | None
    email_key: str | None
    locale: str | None
    has_code: bool


@dataclass(frozen=True)
class Target:
    """Whose codes a call works on: an order's, or a decoy's in tables of the same shape (docs/adr/0010)."""

    number: int
    is_decoy: bool = False

    @property
    def codes(self) -> type[Code]:
        """The table of its codes."""
        return DecoyCode if self.is_decoy else AccessCode

    @property
    def locks(self) -> type[Lock]:
        """The table of its count of wrong codes."""
        return DecoyLock if self.is_decoy else GuestLock

    @property
    def messages(self) -> type[QueuedMessage]:
        """The table of its emails."""
        return DecoyMessage if self.is_decoy else OutboxMessage


def take_request(session: Session) -> AccessRequest | None:
    """Take the oldest code request out of the queue; no other process takes the same."""
    request = session.scalar(
        select(AccessRequest).order_by(AccessRequest.id).limit(1).with_for_update(skip_locked=True)
    )
    if request is not None:
        session.delete(request)
    return request


def has_requests(session: Session) -> bool:
    """Return whether any code request waits."""
    return session.scalar(select(AccessRequest.id).limit(1)) is not None


def find_pair(session: Session, number: str, email_key: str | None, now: datetime) -> Pair | None:
    """Return the order that number and email name together.

    A row is read whether there is one or not: an empty answer would take less time (docs/adr/0010).
    """
    one_row = select(literal(1).label("one")).subquery()
    found = session.execute(
        select(
            Order.id,
            Order.order_number,
            Order.order_number_key,
            Order.email,
            Order.email_key,
            Order.locale,
            AccessCode.id.is_not(None),
        )
        .select_from(one_row)
        .outerjoin(Order, and_(is_named(number), Order.email_key == (email_key or "")))
        .outerjoin(
            AccessCode,
            and_(
                AccessCode.order_id == Order.id,
                AccessCode.state == "LIVE",
                AccessCode.expires_at > now,
                AccessCode.email_key == Order.email_key,
            ),
        )
        .order_by(exact_first(number))
    ).first()
    assert found is not None  # noqa: S101 - there is always one
    return None if found[0] is None else Pair(*found)


def whole_order(session: Session, order_id: int) -> Order:
    """Return an order with all that belongs to it."""
    return session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .options(selectinload(Order.items), selectinload(Order.addresses))
        .execution_options(populate_existing=True)
    ).one()


def lock_of(session: Session, target: Target) -> Lock | None:
    """Return the count of wrong codes, locked with the codes until the transaction ends."""
    locks = target.locks
    return session.scalar(select(locks).where(locks.order_id == target.number).with_for_update())


def make_lock(session: Session, target: Target) -> Lock:
    """Return the count of wrong codes as `lock_of` does, made where there is none yet."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    fresh = {"order_id": target.number, "wrong_at": "", "wrong_in_a_row": 0}
    session.execute(insert(target.locks).values(fresh).on_conflict_do_nothing())
    lock = lock_of(session, target)
    assert lock is not None  # noqa: S101 - it was just made
    return lock


def live_code(session: Session, target: Target) -> Code | None:
    """Return the one code that was not used, burned or ended; it may be past its time."""
    codes = target.codes
    return session.scalar(select(codes).where(codes.order_id == target.number, codes.state == "LIVE"))


def end_live_codes(session: Session, target: Target) -> Sequence[int]:
    """End every code; return their ids."""
    return _end_codes(session, target.codes, target.codes.order_id == target.number)


def _end_codes(session: Session, codes: type[Code], which: ColumnElement[bool]) -> Sequence[int]:
    return session.scalars(
        update(codes)
        .where(which, codes.state == "LIVE")
        .values(state="DEAD")
        .returning(codes.id)
        .execution_options(synchronize_session=False)
    ).all()


def codes_issued_since(session: Session, target: Target, since: datetime) -> int:
    """Return how many codes were issued after `since`."""
    codes = target.codes
    issued = select(func.count()).where(codes.order_id == target.number, codes.issued_at > since)
    return session.scalar(issued) or 0


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


def has_expired(session: Session, now: datetime, kept_since: datetime) -> bool:
    """Return whether anything is there whose time is over."""
    found = or_(
        *(
            exists().where(
                or_(and_(codes.state == "LIVE", codes.expires_at <= now), _is_old(codes, kept_since))
            )
            for codes in ALL_CODES
        ),
        exists().where(AccessToken.expires_at <= now),
        exists().where(ContactUnlock.expires_at <= now),
        exists().where(CallWindow.ends_at <= now),
    )
    return bool(session.scalar(select(found)))


def delete_expired(session: Session, now: datetime, kept_since: datetime) -> None:
    """End codes, and forget access tokens, unlocks, counts of calls and old codes, whose time is over.

    With a code its email goes.
    """
    # Tokens before codes, as the trigger of a changed email ends them: nobody waits for each other.
    for table in (AccessToken, ContactUnlock):
        session.execute(delete(table).where(table.expires_at <= now))
    for codes in ALL_CODES:
        _end_codes(session, codes, codes.expires_at <= now)
        session.execute(
            delete(codes).where(_is_old(codes, kept_since)).execution_options(synchronize_session=False)
        )
    session.execute(delete(CallWindow).where(CallWindow.ends_at <= now))


def _is_old(codes: type[Code], kept_since: datetime) -> ColumnElement[bool]:
    return and_(codes.state != "LIVE", codes.issued_at <= kept_since)
