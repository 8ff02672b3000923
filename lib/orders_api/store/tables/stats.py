"""The tables of kept figures: changes as triggers note them, and the sums they are folded into (docs/adr)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, Base, UtcDateTime

_KIND = String(30)
_WITHOUT_ROWID = {"sqlite_with_rowid": False}


class FigureChange(Base):
    """Orders of a kind that came into being (1) or are no more (-1), by the quarter hour of their making."""

    __tablename__ = "figure_changes"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    quarter: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(_KIND)
    payment_status: Mapped[str] = mapped_column(_KIND)
    fulfillment_status: Mapped[str] = mapped_column(_KIND)
    shipping_country: Mapped[str] = mapped_column(_KIND)
    currency: Mapped[str] = mapped_column(_KIND)
    orders: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)


class Figure(Base):
    """How many orders of a kind were made in a span of `minutes` that starts `starts` minutes after 1970.

    Spans are of 15, 60 and 1,440 minutes; 0 is all time. Rows with an empty country are of all countries,
    and of all payment and fulfilment statuses then.
    """

    __tablename__ = "figures"

    minutes: Mapped[int]
    starts: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(_KIND)
    payment_status: Mapped[str] = mapped_column(_KIND)
    fulfillment_status: Mapped[str] = mapped_column(_KIND)
    shipping_country: Mapped[str] = mapped_column(_KIND)
    currency: Mapped[str] = mapped_column(_KIND)
    orders: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        PrimaryKeyConstraint(
            "minutes",
            "shipping_country",
            "starts",
            "status",
            "payment_status",
            "fulfillment_status",
            "currency",
        ),
        Index(
            "ix_figures_empty",
            "orders",
            sqlite_where=text("orders = 0"),
            postgresql_where=text("orders = 0"),
        ),
        _WITHOUT_ROWID,
    )


class StepChange(Base):
    """A change of status (1) by its quarter hour, or one that is no more (-1), and the hours before it."""

    __tablename__ = "step_changes"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    quarter: Mapped[int] = mapped_column(BigInteger)
    from_status: Mapped[str] = mapped_column(_KIND)
    """Empty for an order that was made."""
    to_status: Mapped[str] = mapped_column(_KIND)
    reason: Mapped[str] = mapped_column(_KIND)
    """Why it was cancelled; empty for every other change, and where nobody said."""
    shipping_country: Mapped[str] = mapped_column(_KIND)
    currency: Mapped[str] = mapped_column(_KIND)
    hours: Mapped[int] = mapped_column(BigInteger)
    steps: Mapped[int] = mapped_column(BigInteger)


class StepFigure(Base):
    """How many orders went from one status to another in a span; spans and countries as in Figure."""

    __tablename__ = "step_figures"

    minutes: Mapped[int]
    starts: Mapped[int] = mapped_column(BigInteger)
    from_status: Mapped[str] = mapped_column(_KIND)
    to_status: Mapped[str] = mapped_column(_KIND)
    reason: Mapped[str] = mapped_column(_KIND)
    """Why it was cancelled; empty for every other change, and where nobody said."""
    shipping_country: Mapped[str] = mapped_column(_KIND)
    currency: Mapped[str] = mapped_column(_KIND)
    steps: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        PrimaryKeyConstraint(
            "minutes",
            "shipping_country",
            "starts",
            "from_status",
            "to_status",
            "reason",
            "currency",
        ),
        Index(
            "ix_step_figures_empty",
            "steps",
            sqlite_where=text("steps = 0"),
            postgresql_where=text("steps = 0"),
        ),
        _WITHOUT_ROWID,
    )


class StayFigure(Base):
    """How many stays in a status ended on a day of UTC, counted from 1970, after so many hours.

    A part of an hour counts as a whole one.
    """

    __tablename__ = "stay_figures"

    day: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    status: Mapped[str] = mapped_column(_KIND, primary_key=True)
    hours: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    stays: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (_WITHOUT_ROWID,)


class OrderStay(Base):
    """Since when an order has been in its status."""

    __tablename__ = "order_stays"

    order_id: Mapped[int] = mapped_column(
        BIG_KEY, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    status: Mapped[str] = mapped_column(_KIND)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_order_stays_since", "status", "since", "order_id"),)


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
