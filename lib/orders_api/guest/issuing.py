"""Works on requests for one-time codes after they were answered: the same work for each (docs/adr/0010)."""

import json
import logging
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lib.orders_api.domain.text import email_key
from lib.orders_api.guest import repository
from lib.orders_api.guest.repository import Pair, Target
from lib.orders_api.guest.schemas import AccessCodeRequest
from lib.orders_api.guest.service import is_locked
from lib.orders_api.mail import messages, outbox
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.guest import DECOYS, AccessRequest

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODES_PER_HOUR = 5
BETWEEN_CODES = timedelta(minutes=1)
STALE_REQUEST = timedelta(minutes=5)
NOBODY = "nobody@decoys.invalid"

_log = logging.getLogger("orders_api.guest")


def keep_request(session: Session, api: Api, act: AuditContext, body: AccessCodeRequest) -> None:
    """Put a request for a code aside, sealed; it is worked on after the answer, which is the same for all."""
    asked = {"order_number": body.order_number, "email": body.email, "act": {**asdict(act), "at": None}}
    session.add(AccessRequest(sealed=api.sealer.seal(json.dumps(asked)), requested_at=act.at))


def serve_requests(api: Api) -> None:
    """Work on all requests for a code that wait."""
    with api.database.reading() as session:
        waiting = repository.has_requests(session)
    while waiting:
        with api.database.writing() as session:
            request = repository.take_request(session)
            if request is None:
                return
            try:
                with session.begin_nested():
                    _serve(session, api, request)
            except OperationalError:
                raise
            except Exception as error:
                # Dropped: it would come again for ever and hold up all behind it. Its text may hold data.
                _log.error(json.dumps({"event": "request for a code", "error": type(error).__name__}))


def _serve(session: Session, api: Api, request: AccessRequest) -> None:
    now = api.clock()
    try:
        asked = json.loads(api.sealer.open(request.sealed))
    except InvalidToken:
        # Sealed under a key that was changed since: nobody can read it any more.
        return
    act = AuditContext(**{**asked["act"], "at": now})
    pair = repository.find_pair(session, asked["order_number"], email_key(asked["email"]), now)
    outcome = _outcome(session, pair, now)
    if request.requested_at < now - STALE_REQUEST:
        outcome = "STALE"
    _issue(session, api, pair if outcome == "ISSUED" else None, now)
    record(session, act, "guest.request_code", outcome, pair)


def _outcome(session: Session, pair: Pair | None, now: datetime) -> str:
    """Return whether a code may be issued, for the audit: the throttles are looked at whatever was asked."""
    target = _decoy() if pair is None else Target(pair.order_id)
    lock = repository.make_lock(session, target)
    lately = repository.codes_issued_since(session, target, now - BETWEEN_CODES)
    this_hour = repository.codes_issued_since(session, target, now - timedelta(hours=1))
    if pair is None:
        return "NO_MATCH"
    return "THROTTLED" if is_locked(lock, now) or lately or this_hour >= CODES_PER_HOUR else "ISSUED"


def _issue(session: Session, api: Api, pair: Pair | None, now: datetime) -> None:
    """Issue a code and queue its email; without a pair to nobody, as a decoy."""
    target = _decoy() if pair is None else Target(pair.order_id)
    ended = repository.end_live_codes(session, target)
    outbox.wipe_dead_codes(session, target.messages, ended)
    code, salt = new_code(), secrets.token_bytes(16)
    kept = {"state": "LIVE", "salt": salt, "mac": api.sealer.code_mac(salt, code), "wrong_attempts": 0}
    times = {"issued_at": now, "expires_at": now + CODE_LIFE}
    email = (pair and pair.email_key) or NOBODY
    issued = target.codes(**kept | times | {"order_id": target.number, "email_key": email})
    session.add(issued)
    session.flush()
    number, locale = (pair.order_number, pair.locale) if pair else (NOBODY, None)
    message = messages.access_code(api.settings, number, locale, code)
    recipient = (pair and pair.email) or NOBODY
    outbox.queue_code(session, api.sealer, target.messages, recipient, message, issued)


def _decoy() -> Target:
    """Return any decoy of those behind the ones that guesses fall on: their codes come and go."""
    return Target(DECOYS + 1 + secrets.randbelow(DECOYS), is_decoy=True)


def new_code() -> str:
    """Return a code that nobody can foresee, each as likely as any other."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
