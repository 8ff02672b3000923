"""The tables behind the dashboards' sign-in: tries, ended sessions, closed accounts, what they share."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, Base, UtcDateTime


class SignInAttempt(Base):
    """A sign-in that counts as failed until it is said to have succeeded, which deletes it."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_sign_in_attempts_account", "account", "at"),
        Index("ix_sign_in_attempts_address", "address", "at"),
    )


class EndedStaffSession(Base):
    """A session that was signed out, by its hash, until its cookie would have run out anyway."""

    __tablename__ = "ended_staff_sessions"

    session: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StaffStanding(Base):
    """When all sessions of an account were ended last, and whether it may have new ones."""

    __tablename__ = "staff_standings"

    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    sessions_ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled: Mapped[bool]


class DashboardRecord(Base):
    """What all dashboards share: the staff accounts, and what a link to an export stands for, until then."""

    __tablename__ = "dashboard_records"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
