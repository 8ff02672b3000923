"""The rules of guest access: codes, their throttles, and the tokens they give (contract, section 6)."""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lib.orders_api.domain import timestamps as moments
from lib.orders_api.domain.errors import InvalidAccessTokenError, OrderNotFoundError
from lib.orders_api.domain.sealing import new_access_token, token_hash
from lib.orders_api.domain.text import code_digits, email_key, order_number_key
from lib.orders_api.guest import repository
from lib.orders_api.guest.schemas import AccessCodeProof, AccessCodeWish, AccessGrant
from lib.orders_api.mail import messages, outbox
from lib.orders_api.orders.repository import find_order, unlock_contact
from lib.orders_api.orders.schemas import OrderDetail
from lib.orders_api.orders.views import order_detail
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.guest import (
    DECOYS,
    AccessCode,
    AccessRequest,
    AccessToken,
    DecoyCode,
    DecoyLock,
    GuestLock,
)
from lib.orders_api.store.tables.orders import Order, TimelineEntry

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(minutes=30)
WRONG_PER_CODE = 5
WRONG_PER_DAY = 10
WRONG_IN_A_ROW = 100
CODES_PER_HOUR = 5
BETWEEN_CODES = timedelta(minutes=1)
DAY = timedelta(days=1)
STALE_WISH = timedelta(minutes=5)

_log = logging.getLogger("orders_api.guest")


def wish_for_code(session: Session, api: Api, act: AuditContext, wish: AccessCodeWish) -> None:
    """Put a wish for a code aside, sealed; it is worked on after the answer, which is the same for all."""
    asked = {
        "order_number": wish.order_number,
        "email": wish.email,
        "act": {**asdict(act), "at": None},
    }
    session.add(AccessRequest(sealed=api.sealer.seal(json.dumps(asked)), requested_at=act.at))


def grant_wishes(api: Api) -> bool:
    """Work on all wishes for a code; return whether there were any."""
    with api.database.reading() as session:
        if not repository.has_requests(session):
            return False
    while True:
        with api.database.writing() as session:
            request = repository.take_request(session)
            if request is None:
                return True
            try:
                with session.begin_nested():
                    _grant_wish(session, api, request)
            except OperationalError:
                raise
            except Exception as error:
                # Dropped: it would come again for ever and hold up all behind it. Its text may hold data.
                _log.error(json.dumps({"event": "wish for a code", "error": type(error).__name__}))


def _grant_wish(session: Session, api: Api, request: AccessRequest) -> None:
    now = api.clock()
    try:
        asked = json.loads(api.sealer.open(request.sealed))
    except InvalidToken:
        # Sealed under a key that was changed since: nobody can read it any more.
        return
    act = AuditContext(**{**asked["act"], "at": now})
    pair = repository.find_pair(session, asked["order_number"], email_key(asked["email"]), now)
    order = repository.whole_order(session, pair[0].id) if pair else None
    outcome = "STALE" if request.requested_at < now - STALE_WISH else _issue(session, api, order, now)
    record(session, act, "guest.request_code", outcome, order.id if order else None)


def _issue(session: Session, api: Api, order: Order | None, now: datetime) -> str:
    """Issue a code unless there is no such order or it has had enough; return the outcome for the audit."""
    if order is None:
        return "NO_MATCH"
    if (
        _is_locked(repository.make_lock(session, order.id), now)
        or repository.codes_issued_since(session, order.id, now - BETWEEN_CODES)
        or repository.codes_issued_since(session, order.id, now - timedelta(hours=1)) >= CODES_PER_HOUR
    ):
        return "THROTTLED"
    outbox.wipe_dead_codes(session, repository.end_live_codes(session, order.id))
    code, salt = new_code(), secrets.token_bytes(16)
    issued = AccessCode(
        order_id=order.id,
        email_key=order.email_key,
        state="LIVE",
        salt=salt,
        mac=api.sealer.code_mac(salt, code),
        wrong_attempts=0,
        issued_at=now,
        expires_at=now + CODE_LIFE,
    )
    session.add(issued)
    session.flush()
    outbox.queue(
        session,
        api.sealer,
        order,
        "ACCESS_CODE",
        messages.access_code(order, code),
        now,
        expires_at=issued.expires_at,
        access_code_id=issued.id,
    )
    return "ISSUED"


def new_code() -> str:
    """Return a code that nobody can foresee, each as likely as any other."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def verify_code(session: Session, api: Api, act: AuditContext, proof: AccessCodeProof) -> AccessGrant | None:
    """Return access for a right code; None for every failure, which has to be committed as it may count.

    A failure costs the same statements and writes whatever failed: where there is no live code, they fall on
    a decoy (docs/adr/0010). Whatever is added here has to keep to that.
    """
    email = email_key(proof.email)
    pair = repository.find_pair(session, proof.order_number, email, act.at)
    order, has_code = pair or (None, False)
    spare = _decoy_for(api, f"{order_number_key(proof.order_number)} {email}")
    lock: GuestLock | DecoyLock | None
    code: AccessCode | DecoyCode | None
    if order is not None and has_code:
        lock, code = repository.lock_of(session, order.id), repository.live_code(session, order.id)
    else:
        code, lock = repository.decoy(session, spare)
    # Looked at only now: another caller may have held the lock for a while.
    now = api.clock()
    act = replace(act, at=now)
    if code is None or lock is None or code.expires_at <= now:
        record(session, act, "guest.verify", "FAILED", order.id if order else None)
        return None
    right = hmac.compare_digest(code.mac, api.sealer.code_mac(code.salt, code_digits(proof.code)))
    if order is not None and isinstance(code, AccessCode) and isinstance(lock, GuestLock):
        if right:
            return _redeem(session, act, order.id, code, lock)
        _count_wrong(code, lock, now)
        record(session, act, "guest.verify", "WRONG_CODE", order.id)
        return None
    code.wrong_attempts = (code.wrong_attempts + 1) % WRONG_PER_CODE
    if _count_for_day(lock, now) >= WRONG_PER_DAY:
        lock.wrong_at = ""
    lock.wrong_in_a_row = (lock.wrong_in_a_row + 1) % WRONG_IN_A_ROW
    record(session, act, "guest.verify", "FAILED", order.id if order else None)
    return None


def _decoy_for(api: Api, pair: str) -> int:
    """Return always the same decoy for a pair, so that guesses at it wait for each other as at a code."""
    return int.from_bytes(api.sealer.code_mac(b"decoy", pair)[:4]) % DECOYS + 1


def _redeem(
    session: Session, act: AuditContext, order_id: int, code: AccessCode, lock: GuestLock
) -> AccessGrant:
    code.state = "USED"
    lock.wrong_in_a_row = 0
    outbox.wipe_dead_codes(session, [code.id])
    return _grant(session, act, repository.whole_order(session, order_id))


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
    """Let codes of an order work again after too many wrong ones; its counts begin anew.

    Raises:
        OrderNotFoundError: no such order.
    """
    order = find_order(session, number)
    if order is None:
        raise OrderNotFoundError
    lock = repository.lock_of(session, order.id)
    if lock is not None:
        lock.wrong_at, lock.wrong_in_a_row, lock.locked_until = "", 0, None
    record(session, act, "guest.unlock", "OK", order.id)


def forget_expired(api: Api) -> None:
    """End what is over for good: no later step of the clock back makes it good again."""
    with api.database.reading() as session:
        over = repository.has_expired(session, api.clock()) or outbox.has_dead_codes(session)
    if over:
        with api.database.writing() as session:
            repository.delete_expired(session, api.clock())
            outbox.wipe_dead_codes(session)


def _is_locked(lock: GuestLock, now: datetime) -> bool:
    for_a_day = lock.locked_until is not None and lock.locked_until > now
    return for_a_day or lock.wrong_in_a_row >= WRONG_IN_A_ROW


def _count_wrong(code: AccessCode, lock: GuestLock, now: datetime) -> None:
    """Count a wrong code. A code that this ends keeps its mail until `forget_expired`: no more work here."""
    code.wrong_attempts += 1
    lock.wrong_in_a_row += 1
    if _count_for_day(lock, now) >= WRONG_PER_DAY:
        lock.locked_until = now + DAY
    if code.wrong_attempts >= WRONG_PER_CODE or _is_locked(lock, now):
        code.state = "DEAD"


def _count_for_day(lock: GuestLock | DecoyLock, now: datetime) -> int:
    """Count a wrong code; return how many that makes in the 24 hours that end now."""
    wrong = [*moments.within(lock.wrong_at, now, DAY), moments.counted(now)]
    lock.wrong_at = moments.as_text(wrong)
    return len(wrong)
