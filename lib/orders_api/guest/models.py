"""The tables that keep guessing in bounds: decoys that wrong guesses fall on, and calls counted by caller."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.models import BIG_KEY, Base, UtcDateTime

DECOYS = 64
"""How many decoys the migration makes, numbered from 1."""


class DecoyCode(Base):
    """What is tried and counted where there is no live code: the same work as for one (docs/adr/0010)."""

    __tablename__ = "decoy_codes"

    order_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    wrong_attempts: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_decoy_codes_live",
            "order_id",
            unique=True,
            sqlite_where=text("state = 'LIVE'"),
            postgresql_where=text("state = 'LIVE'"),
        ),
    )


class DecoyLock(Base):
    """The count of wrong attempts on a decoy; nobody ever asks for it."""

    __tablename__ = "decoy_locks"

    order_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=False)
    wrong_at: Mapped[str] = mapped_column(Text)
    wrong_in_a_row: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CallWindow(Base):
    """When somebody called lately, as `moments` keeps it."""

    __tablename__ = "call_windows"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    calls: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
