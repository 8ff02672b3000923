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

from lib.orders_api.api import Api
from lib.orders_api.audit import Act, record
from lib.orders_api.errors import InvalidAccessTokenError
from lib.orders_api.guest import repository
from lib.orders_api.guest.schemas import AccessCodeProof, AccessCodeWish, AccessGrant
from lib.orders_api.mail import messages, outbox
from lib.orders_api.models import Order, TimelineEntry
from lib.orders_api.orders.schemas import OrderDetail
from lib.orders_api.orders.views import order_detail
from lib.orders_api.sealing import new_access_token, token_hash
from lib.orders_api.service_models import AccessCode, AccessRequest, AccessToken, GuestLock
from lib.orders_api.text import email_key, order_number_key

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


def wish_for_code(session: Session, api: Api, act: Act, wish: AccessCodeWish) -> None:
    """Put a wish for a code aside, sealed; it is worked on after the answer, which is the same for all."""
    asked = {
        "order_number": wish.order_number,
        "email": wish.email,
        "act": {**asdict(act), "at": None},
    }
    session.add(AccessRequest(sealed=api.sealer.seal(json.dumps(asked)), requested_at=act.at))


def grant_wishes(api: Api) -> bool:
    """Work on all wishes for a code; tell whether there were any."""
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
    act = Act(**{**asked["act"], "at": now})
    order = repository.lock_order(session, order_number_key(asked["order_number"]), email_key(asked["email"]))
    outcome = "STALE" if request.requested_at < now - STALE_WISH else _issue(session, api, order, now)
    record(session, act, "guest.request_code", outcome, order.id if order else None)


def _issue(session: Session, api: Api, order: Order | None, now: datetime) -> str:
    """Issue a code unless there is no such order or it has had enough; give what was done, for the audit."""
    if order is None:
        return "NO_MATCH"
    if (
        _is_locked(repository.lock_of(session, order.id), now)
        or repository.codes_issued_since(session, order.id, now - BETWEEN_CODES)
        or repository.codes_issued_since(session, order.id, now - timedelta(hours=1)) >= CODES_PER_HOUR
    ):
        return "THROTTLED"
    outbox.wipe_dead_codes(session, repository.end_live_codes(session, order.id))
    code, salt = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}", secrets.token_bytes(16)
    issued = AccessCode(
        order_id=order.id,
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


def verify_code(session: Session, api: Api, act: Act, proof: AccessCodeProof) -> AccessGrant | None:
    """Give access for a right code; None for every failure, which has to be committed as it may count."""
    order = repository.lock_order(session, order_number_key(proof.order_number), email_key(proof.email))
    now = api.clock()
    act = replace(act, at=now)
    if order is None:
        record(session, act, "guest.verify", "FAILED", None)
        return None
    lock = repository.lock_of(session, order.id)
    code = repository.live_code(session, order.id, now)
    if code is None or _is_locked(lock, now):
        record(session, act, "guest.verify", "FAILED", order.id)
        return None
    if not hmac.compare_digest(code.mac, api.sealer.code_mac(code.salt, proof.code)):
        _count_wrong(session, code, lock, now)
        record(session, act, "guest.verify", "WRONG_CODE", order.id)
        return None
    code.state = "USED"
    outbox.wipe_dead_codes(session, [code.id])
    if lock is not None:
        lock.wrong_in_a_row = 0
    return _grant(session, act, order)


def _grant(session: Session, act: Act, order: Order) -> AccessGrant:
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
        repository.unlock_contact(session, order.id, act.staff, act.at + ACCESS_LIFE)
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
    """Give the order that an access token opens.

    Raises:
        InvalidAccessTokenError: the token is unknown, over, ended, or the order's email has changed.
    """
    order = repository.order_of_token(session, token_hash(token), api.clock())
    if order is None:
        raise InvalidAccessTokenError
    return order_detail(order, contact_masked=False)


def end_access(session: Session, api: Api, act: Act, token: str) -> None:
    """End an access token at once.

    Raises:
        InvalidAccessTokenError: it was not good, or no longer.
    """
    order = repository.order_of_token(session, token_hash(token), api.clock())
    if order is None:
        raise InvalidAccessTokenError
    repository.delete_token(session, token_hash(token))
    record(session, act, "guest.end", "OK", order.id)


def forget_expired(api: Api) -> None:
    """Forget access tokens and unlocks whose time is over."""
    with api.database.writing() as session:
        repository.delete_expired(session, api.clock())


def _is_locked(lock: GuestLock | None, now: datetime) -> bool:
    if lock is None:
        return False
    for_a_day = lock.locked_until is not None and lock.locked_until > now
    return for_a_day or lock.wrong_in_a_row >= WRONG_IN_A_ROW


def _count_wrong(session: Session, code: AccessCode, lock: GuestLock | None, now: datetime) -> None:
    code.wrong_attempts += 1
    if code.wrong_attempts >= WRONG_PER_CODE:
        code.state = "DEAD"
    if lock is None:
        lock = GuestLock(order_id=code.order_id, window_started_at=now, wrong_in_window=0, wrong_in_a_row=0)
        session.add(lock)
    if lock.window_started_at <= now - DAY:
        lock.window_started_at, lock.wrong_in_window = now, 0
    lock.wrong_in_window += 1
    lock.wrong_in_a_row += 1
    if lock.wrong_in_window >= WRONG_PER_DAY:
        lock.locked_until = now + DAY
