"""Reads and writes what dashboards know of sign-ins and share; the only place with SQL about it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.audit import AuditEntry
from lib.orders_api.store.tables.staff_sessions import (
    DashboardRecord,
    EndedStaffSession,
    SignInAttempt,
    StaffStanding,
)

REVOCATIONS = ("staff.end_sessions", "staff.disable", "staff.enable", "staff.password")
"""The acts on an account that say something of its standing; their rows name the account and nothing else."""


def take_turn(session: Session) -> None:
    """Wait until no other sign-in, sign-out or revocation is being written; on SQLite the transaction did."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE sign_in_attempts IN EXCLUSIVE MODE"))


def count_attempts(session: Session, since: datetime, *, account: str = "", address: str = "") -> int:
    """Return how many attempts were made after `since` with an account, or from an address."""
    whose: ColumnElement[bool] = (
        SignInAttempt.account == account if account else SignInAttempt.address == address
    )
    found = session.scalar(
        select(func.count()).select_from(SignInAttempt).where(whose, SignInAttempt.at > since)
    )
    return found or 0


def add_attempt(session: Session, account: str, address: str, now: datetime) -> int:
    """Count an attempt; return its number."""
    attempt = SignInAttempt(at=now, account=account, address=address)
    session.add(attempt)
    session.flush()
    return attempt.id


def delete_attempt(session: Session, attempt: int) -> None:
    """Count an attempt no more."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))


def end_session(session: Session, hashed: str, until: datetime) -> None:
    """End a session; one that is ended stays so."""
    session.merge(EndedStaffSession(session=hashed, until=until))


def is_ended(session: Session, hashed: str) -> bool:
    """Return whether a session was ended."""
    return session.get(EndedStaffSession, hashed) is not None


def standing_of(session: Session, account: str) -> StaffStanding | None:
    """Return what is known of an account; None if nothing was ever said of it."""
    return session.get(StaffStanding, account)


def set_standing(session: Session, account: str, ended_at: datetime, disabled: bool) -> None:
    """Keep when an account's sessions were ended, and whether it may have new ones."""
    session.merge(StaffStanding(account=account, sessions_ended_at=ended_at, disabled=disabled))


def share_standing(session: Session, accounts: Sequence[str]) -> None:
    """Have the latest that is known under one of an account's hashes known under all of them."""
    known = [each for account in accounts if (each := standing_of(session, account)) is not None]
    latest = max(known, key=lambda each: each.sessions_ended_at, default=None)
    for account in accounts:
        if latest is not None:
            set_standing(session, account, latest.sessions_ended_at, latest.disabled)


def names_told(session: Session) -> Sequence[str]:
    """Return the accounts of which was ever said that their sessions end, or that they are closed or open."""
    told = select(AuditEntry.detail).where(AuditEntry.action.in_(REVOCATIONS), AuditEntry.detail.is_not(None))
    return [name for name in session.scalars(told.distinct()) if name]


def record_named(session: Session, name: str) -> DashboardRecord | None:
    """Return what dashboards share under a name."""
    return session.get(DashboardRecord, name)


def keep_record(session: Session, record: DashboardRecord) -> None:
    """Keep what dashboards share in the place of what has its name."""
    session.merge(record)


def records(session: Session) -> Sequence[DashboardRecord]:
    """Return all that dashboards share."""
    return session.scalars(select(DashboardRecord)).all()


def take_record(session: Session, name: str, now: datetime) -> DashboardRecord | None:
    """Return what is shared under a name until its time is over, and drop it: of two at once one gets it."""
    named = delete(DashboardRecord).where(DashboardRecord.name == name, DashboardRecord.until > now)
    return session.scalar(named.returning(DashboardRecord))


def forget(session: Session, attempts_before: datetime, now: datetime) -> None:
    """Forget attempts that count no more, ended sessions whose cookies have run out, and old links."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at <= attempts_before))
    session.execute(delete(EndedStaffSession).where(EndedStaffSession.until <= now))
    session.execute(delete(DashboardRecord).where(DashboardRecord.until <= now))
