"""The rules of guest access (contract, section 6): codes are tried, counted and locked, and give tokens."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lib.orders_api.domain import timestamps
from lib.orders_api.domain.errors import InvalidAccessTokenError, OrderNotFoundError
from lib.orders_api.domain.sealing import new_access_token, token_hash
from lib.orders_api.domain.text import code_digits, email_key, order_number_key
from lib.orders_api.guest import repository
from lib.orders_api.guest.repository import Target
from lib.orders_api.guest.schemas import AccessCodeProof, AccessGrant
from lib.orders_api.mail import outbox
from lib.orders_api.orders.repository import find_order, unlock_contact
from lib.orders_api.orders.schemas import OrderDetail
from lib.orders_api.orders.views import order_detail
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.guest import DECOYS, AccessToken, Code, Lock
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.orders_api.store.tables.orders import Order, TimelineEntry

ACCESS_LIFE = timedelta(minutes=30)
CODES_KEPT = timedelta(hours=2)
"""How long a code that is over is kept, with its email: the throttles look an hour back."""
WRONG_PER_CODE = 5
WRONG_PER_DAY = 10
WRONG_IN_A_ROW = 100
DAY = timedelta(days=1)


def verify_code(session: Session, api: Api, act: AuditContext, proof: AccessCodeProof) -> AccessGrant | None:
    """Return access for a right code; None for every failure, which has to be committed as it may count.

    A failure costs the same statements and writes whatever failed: where there is no live code, they fall on
    a decoy (docs/adr/0010). Whatever is added here has to keep to that.
    """
    email = email_key(proof.email)
    pair = repository.find_pair(session, proof.order_number, email, act.at)
    decoy = _decoy_for(api, f"{order_number_key(proof.order_number)} {email}")
    target = Target(pair.order_id) if pair is not None and pair.has_code else decoy
    lock, code = repository.lock_of(session, target), repository.live_code(session, target)
    # Looked at only now: another caller may have held the lock for a while.
    now = api.clock()
    act = replace(act, at=now)
    outcome = "FAILED"
    if code is not None and lock is not None and code.expires_at > now:
        right = api.sealer.is_code(code.mac, code.salt, code_digits(proof.code))
        if target.is_decoy:
            count_on_decoy(code, lock, now)
        elif right:
            return _redeem(session, act, code, lock)
        else:
            count_wrong(code, lock, now)
            outcome = "WRONG_CODE"
    record(session, act, "guest.verify", outcome, pair)
    return None


def _decoy_for(api: Api, pair: str) -> Target:
    """Return always the same decoy for a pair, so that guesses at it wait for each other as at a code."""
    number = int.from_bytes(api.sealer.code_mac(b"decoy", pair)[:4]) % DECOYS + 1
    return Target(number, is_decoy=True)


def _redeem(session: Session, act: AuditContext, code: Code, lock: Lock) -> AccessGrant:
    code.state = "USED"
    lock.wrong_in_a_row = 0
    outbox.wipe_dead_codes(session, OutboxMessage, [code.id])
    return _grant(session, act, repository.whole_order(session, code.order_id))


def _grant(session: Session, act: AuditContext, order: Order) -> AccessGrant:
    token = new_access_token()
    session.add(
        AccessToken(
            token_hash=token_hash(token),
            order_id=order.id,
            email_key=order.email_key,
            expires_at=act.at + ACCESS_LIFE,
        )
    )
    if act.staff is not None:
        unlock_contact(session, order.id, act.staff, act.at + ACCESS_LIFE)
    session.add(
        TimelineEntry(
            order_id=order.id,
            at=act.at,
            actor=act.actor,
            kind="GUEST_VERIFIED",
            detail="Customer proved access to the order's mailbox",
        )
    )
    record(session, act, "guest.verify", "OK", order.id)
    return AccessGrant(
        access_token=token,
        expires_in=int(ACCESS_LIFE.total_seconds()),
        order=order_detail(order, contact_masked=False),
    )


def order_by_access_token(session: Session, api: Api, token: str) -> OrderDetail:
    """Return the order that an access token opens.

    Raises:
        InvalidAccessTokenError: the token is unknown, over, ended, or the order's email has changed.
    """
    order = repository.order_of_token(session, token_hash(token), api.clock())
    if order is None:
        raise InvalidAccessTokenError
    return order_detail(order, contact_masked=False)


def end_access(session: Session, api: Api, act: AuditContext, token: str) -> None:
    """End an access token at once.

    Raises:
        InvalidAccessTokenError: it was not good, or no longer.
    """
    order = repository.order_of_token(session, token_hash(token), api.clock())
    if order is None:
        raise InvalidAccessTokenError
    repository.delete_token(session, token_hash(token))
    record(session, act, "guest.end", "OK", order.id)


def unlock(session: Session, act: AuditContext, number: str) -> None:
    """Unlock an order's codes after too many wrong ones; its counts begin anew.

    Raises:
        OrderNotFoundError: no such order.
    """
    order = find_order(session, number)
    if order is None:
        raise OrderNotFoundError
    lock = repository.lock_of(session, Target(order.id))
    if lock is not None:
        lock.wrong_at, lock.wrong_in_a_row, lock.locked_until = "", 0, None
    record(session, act, "guest.unlock", "OK", order.id)


def end_expired(api: Api) -> None:
    """End what is over for good: no later step of the clock back makes it good again."""
    now = api.clock()
    with api.database.reading() as session:
        over = repository.has_expired(session, now, now - CODES_KEPT) or outbox.has_dead_codes(session)
    if over:
        with api.database.writing() as session:
            repository.delete_expired(session, now, now - CODES_KEPT)
            outbox.wipe_dead_codes(session, OutboxMessage)


def is_locked(lock: Lock, now: datetime) -> bool:
    """Return whether no code works, for a day or until a supervisor unlocks."""
    for_a_day = lock.locked_until is not None and lock.locked_until > now
    return for_a_day or lock.wrong_in_a_row >= WRONG_IN_A_ROW


def count_wrong(code: Code, lock: Lock, now: datetime) -> None:
    """Count a wrong code. A code that this ends keeps its mail until `end_expired`: no more work here."""
    code.wrong_attempts += 1
    lock.wrong_in_a_row += 1
    if _count_for_day(lock, now) >= WRONG_PER_DAY:
        lock.locked_until = now + DAY
    if code.wrong_attempts >= WRONG_PER_CODE or is_locked(lock, now):
        code.state = "DEAD"


def count_on_decoy(code: Code, lock: Lock, now: datetime) -> None:
    """Count a guess at nothing by the same writes: a decoy is never burned or locked, but begins anew."""
    code.wrong_attempts = (code.wrong_attempts + 1) % WRONG_PER_CODE
    if _count_for_day(lock, now) >= WRONG_PER_DAY:
        lock.wrong_at = ""
    lock.wrong_in_a_row = (lock.wrong_in_a_row + 1) % WRONG_IN_A_ROW


def _count_for_day(lock: Lock, now: datetime) -> int:
    """Count a wrong code; return how many that makes in the 24 hours that end now."""
    wrong = [*timestamps.within(lock.wrong_at, now, DAY), timestamps.as_number(now)]
    lock.wrong_at = timestamps.as_text(wrong)
    return len(wrong)
