"""The tables that say in how many orders a part of a text occurs: changes as triggers note them, and sums."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, KEY_TEXT, Base, UtcDateTime


class SearchChange(Base):
    """A search text that came to an order (1), or that no longer is one's (-1)."""

    __tablename__ = "search_changes"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    search_text: Mapped[str] = mapped_column(KEY_TEXT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the order was made."""
    orders: Mapped[int]


class SearchPart(Base):
    """In how many orders' search texts a part occurs, but for the changes that are still noted.

    Every part of one or two characters that occurs is here, and of the longer ones some that many share.
    """

    __tablename__ = "search_parts"

    part: Mapped[str] = mapped_column(KEY_TEXT, primary_key=True)
    orders: Mapped[int] = mapped_column(BigInteger)
    oldest: Mapped[datetime] = mapped_column(UtcDateTime)
    """No order that holds it was made before this."""
    newest: Mapped[datetime] = mapped_column(UtcDateTime)
    """No order that holds it was made after this."""

    __table_args__ = ({"sqlite_with_rowid": False},)
