"""The tables of orders and the integrity that the schema itself keeps; no rule of business lives here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lib.orders_api.domain.money import SORT_DIGITS
from lib.orders_api.domain.statuses import CancelReason, FulfillmentStatus, OrderStatus, PaymentStatus, Source
from lib.orders_api.domain.timeline import NEW
from lib.orders_api.store.tables.base import BIG_KEY, KEY_TEXT, Base, OrderTime, one_of


def total_sort(order: Mapping[str, Any]) -> int:
    """Return a new order's total in ten-thousandths, in which the totals of all currencies compare."""
    return int(order["grand_total"] * 10 ** (SORT_DIGITS - order["currency_digits"]))


def _total_sort(context: Any) -> int:
    return total_sort(context.get_current_parameters())


def _created_at(context: Any) -> datetime:
    """Return since when a new order is in its status."""
    made: datetime = context.get_current_parameters()["created_at"]
    return made


FACETS = ("status", "payment_status", "fulfillment_status", "shipping_country", "currency")
"""The columns with few values, by which orders are filtered and counted."""


PARCEL_KEY: ColumnElement[str] = literal_column("lower(replace(replace(tracking_number, ' ', ''), '-', ''))")
"""A carrier's tracking number as `parcel_key` has it; to the letter as in its index (migration 0017)."""


def _whole_index(name: str, *columns: str, also: Sequence[str] = ()) -> Index:
    """Return an index that holds all filtered columns, so that a list is counted and paged in it alone."""
    others = [other for other in (*FACETS, "created_at", "total_sort") if other not in columns]
    return Index(name, *columns, "id", *others, *also)


class Order(Base):
    """An order. Money is in minor units of `currency`, which has `currency_digits` digits after the point."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    order_number: Mapped[str] = mapped_column(Text)
    order_number_key: Mapped[str] = mapped_column(KEY_TEXT, unique=True)
    status: Mapped[str] = mapped_column(String(20))
    payment_status: Mapped[str] = mapped_column(String(20))
    fulfillment_status: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    currency_digits: Mapped[int] = mapped_column(SmallInteger)
    subtotal: Mapped[int] = mapped_column(BigInteger)
    discount_total: Mapped[int] = mapped_column(BigInteger)
    shipping_total: Mapped[int] = mapped_column(BigInteger)
    tax_total: Mapped[int] = mapped_column(BigInteger)
    tax_included: Mapped[bool]
    duties_total: Mapped[int | None] = mapped_column(BigInteger)
    adjustment: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """What a shop's total holds beside all this, more or less; the order's timeline says so."""
    grand_total: Mapped[int] = mapped_column(BigInteger)
    # Not a generated column: SQLite (3.40) does not count in an index that holds one.
    total_sort: Mapped[int] = mapped_column(BigInteger, default=_total_sort)
    refunded_total: Mapped[int | None] = mapped_column(BigInteger)
    item_count: Mapped[int]
    customer_id: Mapped[str | None] = mapped_column(Text)
    customer_name: Mapped[str] = mapped_column(Text)
    """Empty where nobody knows it."""
    email: Mapped[str | None] = mapped_column(Text)
    email_key: Mapped[str | None] = mapped_column(KEY_TEXT)
    locale: Mapped[str | None] = mapped_column(String(35))
    """In which the customer is written to, such as de-AT; no part of what `get` gives."""
    phone: Mapped[str | None] = mapped_column(Text)
    phone_reversed: Mapped[str | None] = mapped_column(KEY_TEXT)
    shipping_city: Mapped[str] = mapped_column(Text)
    """Empty for an order without a shipping address, the country of which is NO_COUNTRY."""
    shipping_country: Mapped[str] = mapped_column(String(2))
    tracking_token: Mapped[str] = mapped_column(String(36), unique=True)
    shipping_method: Mapped[str | None] = mapped_column(Text)
    carrier: Mapped[str | None] = mapped_column(Text)
    tracking_number: Mapped[str | None] = mapped_column(Text)
    cancel_reason: Mapped[str | None] = mapped_column(String(30))
    customer_note: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text, server_default="")
    """One a line."""
    source: Mapped[str] = mapped_column(String(10), server_default=Source.API)
    created_at: Mapped[datetime] = mapped_column(OrderTime)
    status_since: Mapped[datetime] = mapped_column(OrderTime, default=_created_at)
    """When it came to the status that it has."""
    updated_at: Mapped[datetime] = mapped_column(OrderTime)

    items: Mapped[list[LineItem]] = relationship(
        order_by="LineItem.position", lazy="raise", cascade="all, delete-orphan"
    )
    addresses: Mapped[list[OrderAddress]] = relationship(lazy="raise", cascade="all, delete-orphan")
    texts: Mapped[OrderText] = relationship(lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        one_of("status", OrderStatus),
        one_of("payment_status", PaymentStatus),
        one_of("fulfillment_status", FulfillmentStatus),
        one_of("cancel_reason", CancelReason, optional=True),
        one_of("source", Source),
        CheckConstraint("(email IS NULL) = (email_key IS NULL)", name="email_has_key"),
        CheckConstraint("currency_digits BETWEEN 0 AND 4", name="currency_digits_known"),
        CheckConstraint(
            "subtotal >= 0 AND discount_total >= 0 AND shipping_total >= 0"
            " AND tax_total >= 0 AND grand_total >= 0 AND coalesce(duties_total, 0) >= 0"
            " AND coalesce(refunded_total, 0) >= 0",
            name="money_not_negative",
        ),
        CheckConstraint(
            "grand_total = subtotal - discount_total + shipping_total"
            " + coalesce(duties_total, 0) + adjustment + CASE WHEN tax_included THEN 0 ELSE tax_total END",
            name="grand_total_adds_up",
        ),
        CheckConstraint(
            "total_sort = grand_total * CASE currency_digits"
            " WHEN 0 THEN 10000 WHEN 1 THEN 1000 WHEN 2 THEN 100 WHEN 3 THEN 10 ELSE 1 END",
            name="total_sort_agrees",
        ),
        CheckConstraint("item_count > 0", name="has_items"),
        _whole_index("ix_orders_created", "created_at", also=["grand_total"]),
        _whole_index("ix_orders_total", "total_sort"),
        _whole_index("ix_orders_status", "status", "created_at", also=["status_since"]),
        _whole_index("ix_orders_payment", "payment_status", "created_at"),
        _whole_index("ix_orders_fulfillment", "fulfillment_status", "created_at"),
        _whole_index("ix_orders_country", "shipping_country", "created_at"),
        _whole_index("ix_orders_currency", "currency", "created_at"),
        Index("ix_orders_customer", "customer_id", "created_at", "id"),
        Index("ix_orders_phone", "phone_reversed"),
        Index("ix_orders_email", "email_key"),
    )


class OrderText(Base):
    """The texts in which an order is searched, each in the form in which words are compared.

    `shown` is what staff see of any order, `contact` what they see masked (domain/search_texts.py).
    """

    __tablename__ = "order_texts"

    order_id: Mapped[int] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shown: Mapped[str] = mapped_column(KEY_TEXT)
    contact: Mapped[str] = mapped_column(KEY_TEXT)


_PART = "CASE extra_digits WHEN 1 THEN 10 WHEN 2 THEN 100 WHEN 3 THEN 1000 ELSE 10000 END"


class LineItem(Base):
    """One line of an order. Its total, in minor units of the order's currency, is what counts.

    The unit price has `extra_digits` more than the currency where the total can't be shared out evenly.
    """

    __tablename__ = "line_items"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    position: Mapped[int]
    sku: Mapped[str] = mapped_column(Text)
    sku_key: Mapped[str] = mapped_column(KEY_TEXT)
    name: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    unit_price: Mapped[int] = mapped_column(BigInteger)
    extra_digits: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    total: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("order_id", "position", name="uq_line_items_position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("extra_digits BETWEEN 0 AND 4", name="extra_digits_known"),
        CheckConstraint(
            "unit_price >= 0 AND total >= 0 AND CASE extra_digits WHEN 0 THEN total = unit_price * quantity"
            f" ELSE 2 * abs(total * {_PART} - unit_price * quantity) <= quantity + {_PART} END",
            name="line_total_adds_up",
        ),
        Index("ix_line_items_sku", "sku_key", "order_id"),
    )


class OrderAddress(Base):
    """Where an order goes, or is billed; its city and country stand in the order too, to be filtered."""

    __tablename__ = "order_addresses"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    line1: Mapped[str] = mapped_column(Text)
    line2: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(2))

    __table_args__ = (one_of("kind", ("shipping", "billing")), {"sqlite_with_rowid": False})


HAPPENED = ("GUEST_VERIFIED", "CONTACT_REVEALED", "EMAIL_CHANGED", "PHONE_CHANGED", "CONFIRMATION_SENT")
"""What may happen to an order beside notes and changes of status."""


class TimelineEntry(Base):
    """Something that happened to an order; a change of status, its making among them, is exactly one row."""

    __tablename__ = "timeline"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(OrderTime)
    actor: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(30))
    detail: Mapped[str] = mapped_column(Text)
    from_status: Mapped[str | None] = mapped_column(String(20))
    """NEW for an order's making; null, as those below, for what is no change of status."""
    to_status: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(30))
    """Why it was cancelled; empty for every other change, and where nobody said."""
    status_hours: Mapped[int | None]
    """How many hours it had been in `from_status`, begun ones counted; null for its making, too."""
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a note stands on top of its order's page."""

    __table_args__ = (
        one_of("kind", ("CREATED", "STATUS_CHANGED", "NOTE", *HAPPENED)),
        one_of("from_status", (NEW, *OrderStatus), optional=True),
        one_of("to_status", OrderStatus, optional=True),
        one_of("reason", ("", *CancelReason), optional=True),
        CheckConstraint(
            "CASE WHEN kind IN ('CREATED', 'STATUS_CHANGED')"
            " THEN from_status IS NOT NULL AND to_status IS NOT NULL AND reason IS NOT NULL"
            " ELSE from_status IS NULL AND to_status IS NULL AND reason IS NULL END",
            name="changes_have_statuses",
        ),
        Index("ix_timeline_change", "to_status", "from_status", "at", "reason", "status_hours", "order_id"),
        Index("ix_timeline_order", "order_id"),
    )


class OrderCounter(Base):
    """The last order number that the store gave in a year."""

    __tablename__ = "order_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
