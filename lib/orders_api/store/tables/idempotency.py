"""The table of repeated calls and their first answers."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import Base, UtcDateTime


class IdempotencyRecord(Base):
    """The first answer to a call that its caller may repeat, for 24 hours (contract, section 5)."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    status: Mapped[int | None]
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)
