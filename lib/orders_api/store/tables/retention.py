"""The table that tells how long the store has had its orders, whatever dates they came with."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import Base, UtcDateTime


class RetentionMark(Base):
    """Up to which order the store had come at a time."""

    __tablename__ = "retention_marks"

    at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    last_order: Mapped[int] = mapped_column(BigInteger)
