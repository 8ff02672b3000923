"""The rules of signing in over all dashboards: who may try, and which sessions stand (docs/adr/0007)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from lib.callers import counted_address
from lib.orders_api.domain.errors import ChangedMeanwhileError
from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.staff_sessions import repository
from lib.orders_api.staff_sessions.schemas import (
    AccountAct,
    AccountBody,
    Admission,
    AttemptBody,
    CheckBody,
    EndingBody,
    KeptRecord,
    OutcomeBody,
    RecordBody,
    SignInOutcome,
    Verdict,
)
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.staff_sessions import DashboardRecord
from lib.staff.tokens import account_hash

ACCOUNTS = "accounts"
"""The name under which dashboards share the staff file."""
OPERATOR = "operator"
"""Who keeps the staff accounts, at the command line where they are kept."""
EVERYBODY = "*"
"""The account whose standing holds for all; no account has this hash."""
WINDOW = timedelta(minutes=5)
MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 20
LONGEST_KEPT = timedelta(days=2)
"""Ended sessions are kept no longer than this, whatever a dashboard says: no cookie lasts half as long."""
_CLOSES: Mapping[AccountAct, bool | None] = {
    "staff.disable": True,
    "staff.enable": False,
    "staff.add": False,  # somebody of that name may have been here before
    "staff.password": None,
    "staff.end_sessions": None,
}
"""The acts that end all sessions of an account, and whether it is closed afterwards (None: as before)."""


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


def change_account(session: Session, api: Api, act: AuditContext, body: AccountBody) -> None:
    """Record what is done with an account; a new password, closing and opening end all its sessions.

    It is known by a hash under each of the secrets: while they change, dashboards differ in the first.

    Raises:
        ChangedMeanwhileError: the accounts that dashboards share are others by now; nothing was recorded.
    """
    repository.take_turn(session)
    secrets = api.settings.jwt_secrets
    if body.accounts is not None:
        keep_shared(session, api.sealer, ACCOUNTS, body.accounts)
    if body.session is not None:
        repository.end_session(session, body.session, act.at + LONGEST_KEPT)
    elif body.kind in _CLOSES:
        accounts = [account_hash(secret.encode(), body.whom) for secret in secrets]
        before, closes = repository.standing_of(session, accounts[0]), _CLOSES[body.kind]
        closed = before is not None and before.disabled if closes is None else closes
        for account in accounts:
            repository.set_standing(session, account, act.at, closed)
    actor = act if body.staff else replace(act, actor=OPERATOR, role=OPERATOR)
    detail = f"{body.whom}: {', '.join(body.roles_given)}" if body.roles_given else body.whom
    record(session, actor, body.kind, "OK", detail=detail)


def keep_shared(session: Session, sealer: Sealer, name: str, body: RecordBody) -> None:
    """Keep what dashboards share, sealed.

    Raises:
        ChangedMeanwhileError: what it is to replace is not there any more.
    """
    repository.take_turn(session)
    there = repository.record_named(session, name)
    if (there.revision if there else 0) != body.over:
        raise ChangedMeanwhileError
    repository.keep_record(
        session,
        DashboardRecord(name=name, revision=body.revision, sealed=sealer.seal(body.text), until=body.until),
    )


def shared(sealer: Sealer, record: DashboardRecord | None) -> KeptRecord:
    """Return what dashboards share as they read it."""
    if record is None:
        return KeptRecord()
    try:
        return KeptRecord(revision=record.revision, text=sealer.open(record.sealed))
    except InvalidToken:
        return KeptRecord(revision=record.revision)


def take_new_key(api: Api) -> None:
    """Have all that dashboards share sealed under the first `ORDERS_CODE_KEY`."""
    with api.database.writing() as session:
        repository.take_turn(session)
        for record in repository.records(session):
            if api.sealer.key_of(record.sealed) in api.sealer.key_names[1:]:
                record.sealed = api.sealer.seal(api.sealer.open(record.sealed))


def take_new_secret(api: Api) -> None:
    """Have what was said of accounts known under each `ORDERS_JWT_SECRET` that is given."""
    secrets = [each.encode() for each in api.settings.jwt_secrets]
    if len(secrets) == 1:
        return
    with api.database.writing() as session:
        repository.take_turn(session)
        for name in repository.names_told(session):
            repository.share_standing(session, [account_hash(each, name) for each in secrets])


def forget_over(api: Api) -> None:
    """Forget what counts no more."""
    now = api.clock()
    with api.database.writing() as session:
        repository.forget(session, now - WINDOW, now)
