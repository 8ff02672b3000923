"""Cuts what is too old off the beginning of the audit log, so that its check still proves what is left."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_chain import PRUNE, row_words
from lib.orders_api.store.audit_log import record
from lib.orders_api.store.tables.audit import AuditEntry, AuditPeriod

AT_ONCE = 500


def prune(api: Api, until: datetime) -> None:
    """Close the period up to a time, and delete its rows in small steps.

    The period's end stays, under a seal of its own: the first row that is left is checked against it. The act
    is a row of the log, so something is always left.
    """
    with api.database.reading() as session:
        last = _last_before(session, until)
        cut = session.scalar(select(func.max(AuditPeriod.last_entry))) or 0
    if last is not None and last.id > cut:
        period = AuditPeriod(last_entry=last.id, seal=last.seal, until=until)
        period.period_seal = api.audit.seal_of_period(period)
        act = api.own_act("system")
        with api.database.writing() as session:
            session.add(period)
            record(session, act, PRUNE, "OK", detail=f"{row_words(last.id)}, from before {until:%Y-%m-%d}")
    api.database.write_by_turns(_delete_some)


def _last_before(session: Session, until: datetime) -> AuditEntry | None:
    """Return the last row before all rows that are from `until` or later: clocks may have gone back."""
    first_kept = session.scalar(select(func.min(AuditEntry.id)).where(AuditEntry.at >= until))
    last = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalar(last if first_kept is None else last.where(AuditEntry.id < first_kept))


def _delete_some(session: Session) -> bool:
    """Delete some rows of closed periods; return whether there may be more."""
    cut = select(func.max(AuditPeriod.last_entry)).scalar_subquery()
    oldest = select(AuditEntry.id).where(AuditEntry.id <= cut).order_by(AuditEntry.id).limit(AT_ONCE)
    gone = session.scalars(
        delete(AuditEntry).where(AuditEntry.id.in_(oldest)).returning(AuditEntry.id),
        execution_options={"synchronize_session": False},
    ).all()
    return len(gone) == AT_ONCE
