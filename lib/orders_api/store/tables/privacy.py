"""The tables of what customers asked about their own data, and of what the ledger of the forgotten says."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, Base, UtcDateTime, one_of


class PrivacyRequest(Base):
    """A customer's request for a copy of their data, or to be forgotten; the customer by a keyed hash.

    It stays as a proof that it was answered in time, and holds nothing of the customer's.
    """

    __tablename__ = "privacy_requests"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    order_number: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(64))
    who_key: Mapped[str] = mapped_column(String(8), server_default="")
    """The name of the key under which `who` is hashed."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    still_found: Mapped[str | None] = mapped_column(Text)
    """Where a forgotten customer may be found all the same, or why nobody was forgotten; null: nowhere."""

    __table_args__ = (
        one_of("kind", ("COPY", "FORGET")),
        one_of("state", ("OPEN", "CONFIRMED", "DONE")),
        CheckConstraint("(state = 'DONE') = (done_at IS NOT NULL)", name="done_has_time"),
    )


class LedgerLine(Base):
    """A line of the ledger of forgotten customers, for the machines whose ledger does not have it yet."""

    __tablename__ = "ledger_lines"

    line: Mapped[str] = mapped_column(String(120), primary_key=True)
