"""The tables behind guest access, mail, audit and repeated calls; the orders themselves are in models."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.models import BIG_KEY, Base, UtcDateTime, one_of


class AccessRequest(Base):
    """A stranger's wish for a code, kept sealed until it is worked on after the answer."""

    __tablename__ = "access_requests"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessCode(Base):
    """A one-time code of an order, sent to one email, as a keyed hash; at most one of an order is LIVE."""

    __tablename__ = "access_codes"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    email_key: Mapped[str] = mapped_column(Text, server_default="")
    state: Mapped[str] = mapped_column(String(10))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    wrong_attempts: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        one_of("state", ("LIVE", "USED", "DEAD")),
        CheckConstraint("wrong_attempts BETWEEN 0 AND 5", name="wrong_attempts_bounded"),
        Index(
            "uq_access_codes_live",
            "order_id",
            unique=True,
            sqlite_where=text("state = 'LIVE'"),
            postgresql_where=text("state = 'LIVE'"),
        ),
        Index("ix_access_codes_issued", "order_id", "issued_at"),
    )


class GuestLock(Base):
    """When and how often the codes of an order were guessed wrong, over all its codes.

    `wrong_at` holds the moments of the last day, as `guest.moments` keeps them.
    """

    __tablename__ = "guest_locks"

    order_id: Mapped[int] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    wrong_at: Mapped[str] = mapped_column(Text)
    wrong_in_a_row: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


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


class OutboxMessage(Base):
    """An email to be delivered at least once; its sealed body is wiped once sent, expired or dead."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    """Whose customer is written to; none where an alarm is told to the shop itself."""
    access_code_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_codes.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    sealed_body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("kind", ("CONFIRMATION", "CANCELLATION", "ACCESS_CODE", "ALARM")),
        CheckConstraint("(kind = 'ALARM') = (order_id IS NULL)", name="alarms_have_no_order"),
        one_of("state", ("WAITING", "SENT", "EXPIRED", "DEAD")),
        CheckConstraint("(state = 'WAITING') = (sealed_body IS NOT NULL)", name="body_only_while_waiting"),
        CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name="sent_has_time"),
        Index("ix_outbox_due", "state", "due_at"),
    )


class RaisedAlarm(Base):
    """When an alarm that is mailed was last seen raised: one row for each kind of alarm, once it was."""

    __tablename__ = "raised_alarms"

    alarm: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_raised_at: Mapped[datetime] = mapped_column(UtcDateTime)


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


class AuditHead(Base):
    """The one row that says where the audit log ends; its lock lets one transaction at a time add to it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(BIG_KEY)
    seal: Mapped[str] = mapped_column(String(64))
    head_seal: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="one_head"),)


class IdempotencyRecord(Base):
    """The first answer to a call that its caller may repeat, for 24 hours (contract, section 5)."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    status: Mapped[int | None]
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class OrderCount(Base):
    """How many orders more or fewer there are of a kind: triggers add a row for each change.

    Rows are only ever added by those who change orders, so that no two of them wait for each other.
    """

    __tablename__ = "order_counts"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    payment_status: Mapped[str] = mapped_column(String(20))
    fulfillment_status: Mapped[str] = mapped_column(String(20))
    shipping_country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    orders: Mapped[int]
