"""The table of what staff have the dashboard remember for them: how a list looks, views of it."""

from datetime import datetime

from sqlalchemy import Identity, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.domain.tokens import MAX_SUBJECT
from lib.orders_api.store.tables.base import BIG_KEY, Base, UtcDateTime

MAX_NAME = 60


class StaffPreference(Base):
    """One thing remembered; `owner` is empty where it is everybody's. What it says is the dashboard's own."""

    __tablename__ = "staff_preferences"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    owner: Mapped[str] = mapped_column(String(MAX_SUBJECT))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    value: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(String(MAX_SUBJECT))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("owner", "kind", "name", name="uq_staff_preferences_name"),)
