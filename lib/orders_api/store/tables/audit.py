"""The tables of the audit log: its rows, strangers' addresses, and both ends of their chain."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, Base, UtcDateTime


class AuditEntry(Base):
    """Who did what to which order, when and why; never with personal data of a customer.

    Append only: triggers refuse all else. `id` counts without a gap, and `seal` chains a row to the one
    before (docs/adr/0006). The order is named by its number, so that the row outlives it.
    """

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(40))
    order_number: Mapped[str | None] = mapped_column(Text)
    order_number_key: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    client: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(Text)
    seal: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_audit_log_at", "at", "id"),
        Index("ix_audit_log_order", "order_number_key", "at", "id"),
        Index("ix_audit_log_actor", "actor", "at", "id"),
        Index("ix_audit_log_action", "action", "at", "id"),
    )


class StrangerAddress(Base):
    """From where a guest or customer did what a row of the log tells, for as long as that may matter.

    It stands apart from the row, which nobody may change (docs/privacy.md).
    """

    __tablename__ = "stranger_addresses"

    entry_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AuditPeriod(Base):
    """A closed period, whose rows are or will be deleted: its last row's number and seal stay, sealed."""

    __tablename__ = "audit_periods"

    last_entry: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=False)
    seal: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    period_seal: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that says where the audit log ends; its lock lets one transaction at a time add to it.

    `head_seal` covers the other columns. `unsealed` is how many rows there were before the log was sealed.
    """

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(BIG_KEY)
    seal: Mapped[str] = mapped_column(String(64))
    head_seal: Mapped[str] = mapped_column(String(64))
    unsealed: Mapped[int] = mapped_column(BIG_KEY, server_default="0")

    __table_args__ = (CheckConstraint("id = 1", name="one_head"),)
