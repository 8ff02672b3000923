"""The tables of emails: the outbox, and the alarms that were mailed."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, Base, UtcDateTime, one_of
from lib.orders_api.store.tables.guest import AccessCode, Code, DecoyCode


class QueuedMessage:
    """The columns of an email that waits or waited for delivery, or of its decoy (docs/adr/0010)."""

    codes: ClassVar[type[Code]]
    """Whose codes `access_code_id` means."""

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    order_id: Mapped[int | None]
    access_code_id: Mapped[int | None]
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


def _message_checks() -> tuple[CheckConstraint, ...]:
    return (
        one_of("kind", ("CONFIRMATION", "CANCELLATION", "ACCESS_CODE", "ALARM", "EMAIL_CHANGED")),
        CheckConstraint("(kind = 'ALARM') = (order_id IS NULL)", name="alarms_have_no_order"),
        one_of("state", ("WAITING", "SENT", "EXPIRED", "DEAD")),
        CheckConstraint("(state = 'WAITING') = (sealed_body IS NOT NULL)", name="body_only_while_waiting"),
        CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name="sent_has_time"),
    )


class OutboxMessage(QueuedMessage, Base):
    """An email to be delivered at least once; its sealed body is wiped once sent, expired or dead."""

    __tablename__ = "outbox"
    codes = AccessCode

    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    """Whose customer is written to; none where an alarm is told to the shop itself."""
    access_code_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_codes.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (*_message_checks(), Index("ix_outbox_due", "state", "due_at"))


class DecoyMessage(QueuedMessage, Base):
    """What is written, taken and marked in place of an email with a code, and never sent to anybody."""

    __tablename__ = "decoy_outbox"
    codes = DecoyCode

    order_id: Mapped[int | None] = mapped_column(BIG_KEY, index=True)
    access_code_id: Mapped[int | None] = mapped_column(
        ForeignKey("decoy_codes.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (*_message_checks(), Index("ix_decoy_outbox_due", "state", "due_at"))


class RaisedAlarm(Base):
    """When an alarm that is mailed was last seen raised: one row for each kind of alarm, once it was."""

    __tablename__ = "raised_alarms"

    alarm: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
