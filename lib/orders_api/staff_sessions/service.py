"""The rules of signing in over all dashboards: who may try, and which sessions stand (docs/adr/0007)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lib.callers import counted_address
from lib.orders_api.staff_sessions import repository
from lib.orders_api.staff_sessions.schemas import (
    Admission,
    AttemptBody,
    CheckBody,
    EndingBody,
    OutcomeBody,
    RevocationBody,
    SignInOutcome,
    Verdict,
)
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record

OPERATOR = "operator"
"""Who keeps the staff accounts, at the command line where they are kept."""
EVERYBODY = "*"
"""The account whose standing holds for all; no account has this hash."""
WINDOW = timedelta(minutes=5)
MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 20
LONGEST_KEPT = timedelta(days=2)
"""Ended sessions are kept no longer than this, whatever a dashboard says: no cookie lasts half as long."""


def admit(session: Session, now: datetime, body: AttemptBody) -> Admission:
    """Return whether somebody may try a password; the try counts as failed until `conclude` says otherwise.

    A try that is turned away does not count, or hammering would keep the owner out for ever.
    """
    repository.take_turn(session)
    since, address = now - WINDOW, counted_address(body.address)
    if (
        repository.count_attempts(session, since, account=body.account) >= MOST_PER_ACCOUNT
        or repository.count_attempts(session, since, address=address) >= MOST_PER_ADDRESS
    ):
        return Admission(verdict=Verdict.THROTTLED, attempt=None)
    attempt = repository.add_attempt(session, body.account, address, now)
    standing = repository.standing_of(session, body.account)
    closed = standing is not None and standing.disabled
    return Admission(verdict=Verdict.DISABLED if closed else Verdict.ADMITTED, attempt=attempt)


def conclude(session: Session, act: AuditContext, body: OutcomeBody) -> None:
    """Record how a sign-in ended; a success takes its own attempt off the count, and no other."""
    if body.outcome is SignInOutcome.OK and body.attempt is not None:
        repository.delete_attempt(session, body.attempt)
    record(session, act, "staff.sign_in", body.outcome.value)


def end(session: Session, act: AuditContext, body: EndingBody) -> None:
    """End a session for good, for every dashboard."""
    repository.take_turn(session)
    repository.end_session(session, body.session, min(body.until, act.at + LONGEST_KEPT))
    record(session, act, "staff.sign_out", "OK")


def stands(session: Session, body: CheckBody) -> bool:
    """Return whether a session still stands: not signed out, its account not closed nor emptied since."""
    if repository.is_ended(session, body.session):
        return False
    standings = [repository.standing_of(session, account) for account in (body.account, EVERYBODY)]
    return not any(each and (each.disabled or body.began_at <= each.sessions_ended_at) for each in standings)


def end_all(session: Session, now: datetime) -> None:
    """End the sessions of all accounts."""
    repository.set_standing(session, EVERYBODY, now, disabled=False)


def revoke(session: Session, act: AuditContext, body: RevocationBody) -> None:
    """End all sessions of an account, and close or open it where `disabled` says so."""
    repository.take_turn(session)
    before = repository.standing_of(session, body.account)
    disabled = before is not None and before.disabled if body.disabled is None else body.disabled
    repository.set_standing(session, body.account, act.at, disabled)
    action = {None: "staff.end_sessions", True: "staff.disable", False: "staff.enable"}[body.disabled]
    record(session, replace(act, actor=OPERATOR, role=OPERATOR), action, "OK", detail=body.staff)


def take_new_secret(api: Api, hashed: Callable[[bytes, str], str]) -> None:
    """Keep what was said of accounts under a new `ORDERS_JWT_SECRET`, as long as the old one is given.

    `hashed` is what makes an account's hash of a secret and a name.
    """
    secret, *older = (each.encode() for each in api.settings.jwt_secrets)
    if not older:
        return
    with api.database.writing() as session:
        repository.take_turn(session)
        for name in repository.names_told(session):
            for each in older:
                repository.rename_standing(session, hashed(each, name), hashed(secret, name))


def forget_over(api: Api) -> None:
    """Forget what counts no more."""
    now = api.clock()
    with api.database.writing() as session:
        repository.forget(session, now - WINDOW, now)
