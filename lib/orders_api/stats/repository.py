"""Counts orders and adds up their sums in the orders themselves, for whatever filter; it holds no rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Integer, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lib.orders_api.stats.days import DAY_SECONDS
from lib.orders_api.store.order_query.conditions import order_conditions
from lib.orders_api.store.order_query.filters import OrderFilters
from lib.orders_api.store.tables.orders import Order


class Tally(NamedTuple):
    """How many orders of a status and currency, of a day where days were asked for, and their sum."""

    day: int
    status: str
    currency: str
    country: str
    """Empty where not each country was counted by itself."""
    orders: int
    total: int
    """In minor units of the currency."""


def tally_orders(
    session: Session, filters: OrderFilters, offset: int | None, by_country: bool = False
) -> Sequence[Tally]:
    """Count the orders that are meant, by the days of clocks `offset` seconds ahead of UTC.

    Without an offset, all are counted on day 0.
    """
    day: ColumnElement[int] = literal(0)
    if offset is not None:
        # A day is added and taken off again, because databases round what is below zero upwards.
        seconds = epoch_seconds(session, Order.created_at) + (offset + DAY_SECONDS)
        day = seconds // DAY_SECONDS - 1
    country = Order.shipping_country if by_country else literal("")
    kinds = (cast(day, Integer).label("day"), Order.status, Order.currency, country.label("country"))
    rows = session.execute(
        select(*kinds, func.count(), cast(func.sum(Order.grand_total), BigInteger))
        .where(*order_conditions(session, filters))
        .group_by(*kinds)
    )
    return [Tally(*row) for row in rows]


def epoch_seconds(session: Session, column: InstrumentedAttribute[object]) -> ColumnElement[int]:
    """Return a time as whole seconds since 1970."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(func.strftime("%s", column), Integer)
    return cast(func.floor(func.extract("epoch", column)), BigInteger)


def oldest_order(session: Session) -> datetime | None:
    """Return when the first order was made."""
    return session.scalar(select(func.min(Order.created_at)))


def newest_order(session: Session) -> datetime | None:
    """Return when the last order was made."""
    return session.scalar(select(func.max(Order.created_at)))
