"""The tables of guest access: code requests, codes, locks, tokens, unlocks, decoys and counted calls."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, Base, UtcDateTime, one_of

LIVE = text("state = 'LIVE'")


class AccessRequest(Base):
    """A stranger's request for a code, kept sealed until it is worked on after the answer."""

    __tablename__ = "access_requests"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Code:
    """The columns of a one-time code, which is kept as a keyed hash, or of its decoy (docs/adr/0010)."""

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    order_id: Mapped[int]
    email_key: Mapped[str] = mapped_column(Text, server_default="")
    state: Mapped[str] = mapped_column(String(10))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    wrong_attempts: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


def _code_checks() -> tuple[CheckConstraint, ...]:
    return (
        one_of("state", ("LIVE", "USED", "DEAD")),
        CheckConstraint("wrong_attempts BETWEEN 0 AND 5", name="wrong_attempts_bounded"),
    )


class AccessCode(Code, Base):
    """A one-time code of an order, sent to one email; at most one of an order is LIVE."""

    __tablename__ = "access_codes"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))

    __table_args__ = (
        *_code_checks(),
        Index("uq_access_codes_live", "order_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_access_codes_issued", "order_id", "issued_at"),
    )


class Lock:
    """The columns of a count of wrong codes, over all codes; `wrong_at` holds timestamps of the last day."""

    order_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=False)
    wrong_at: Mapped[str] = mapped_column(Text)
    wrong_in_a_row: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GuestLock(Lock, Base):
    """When and how often the codes of an order were guessed wrong."""

    __tablename__ = "guest_locks"

    order_id: Mapped[int] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class AccessToken(Base):
    """A guest's access to one order, by the token's hash; it ends when the order's email changes."""

    __tablename__ = "access_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    email_key: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ContactUnlock(Base):
    """Until when a staff member sees the contact data of an order."""

    __tablename__ = "contact_unlocks"

    order_id: Mapped[int] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    staff: Mapped[str] = mapped_column(Text, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


DECOYS = 4096
"""How many decoys guesses fall on, numbered from 1; requests for codes fall on as many behind them."""


class DecoyCode(Code, Base):
    """What is tried, or issued, where there is no order: the same work as for one (docs/adr/0010)."""

    __tablename__ = "decoy_codes"

    order_id: Mapped[int] = mapped_column(BIG_KEY)
    """The decoy's number, in place of an order's id."""

    __table_args__ = (
        *_code_checks(),
        Index("ix_decoy_codes_live", "order_id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_decoy_codes_issued", "order_id", "issued_at"),
    )


class DecoyLock(Lock, Base):
    """The count of wrong attempts on a decoy; nobody ever asks for it."""

    __tablename__ = "decoy_locks"


class CallWindow(Base):
    """When somebody called lately, as timestamps."""

    __tablename__ = "call_windows"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    calls: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
