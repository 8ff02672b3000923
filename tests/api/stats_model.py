"""Orders put straight into the store, and what the figures about them have to be, said in plain Python."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, insert, or_, select
from sqlalchemy.orm import aliased

from lib.orders_api.store.tables.orders import Order, TimelineEntry

STATUSES = ("PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED")
PAYMENTS = ("PENDING", "PAID", "REFUNDED", "FAILED")
FULFILLMENTS = ("UNFULFILLED", "FULFILLED")
COUNTRIES = ("FR", "DE", "JP")
DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",  # until 2011, clocks went back over midnight: that day began twice
    "America/Sao_Paulo",  # its summer time began at midnight, which then was not
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # a quarter of an hour off
    "Pacific/Auckland",  # thirteen hours ahead in summer: eleven from the day before
    "Africa/Casablanca",
)


def order_row(chance: random.Random, created_at: datetime, **changes: Any) -> dict[str, Any]:
    """Make a row of the orders' table, with whatever columns are given."""
    number, currency, total = uuid.uuid4().hex, chance.choice(tuple(DIGITS)), chance.randrange(0, 50_000)
    row: dict[str, Any] = {
        "order_number": number, "order_number_key": number,
        "tracking_token": str(uuid.uuid4()),
        "status": chance.choice(STATUSES), "payment_status": chance.choice(PAYMENTS),
        "fulfillment_status": chance.choice(FULFILLMENTS), "shipping_country": chance.choice(COUNTRIES),
        "currency": currency, "currency_digits": DIGITS[currency],
        "subtotal": total, "grand_total": total, "total_sort": total * 10 ** (4 - DIGITS[currency]),
        "discount_total": 0, "shipping_total": 0, "tax_total": 0, "tax_included": False, "item_count": 1,
        "customer_name": "Ann Doe", "email": "a@example.com", "email_key": "a@example.com",
        "shipping_city": "Lyon", "created_at": created_at, "updated_at": created_at,
    }  # fmt: skip
    return row | changes


def random_rows(chance: random.Random, count: int) -> list[dict[str, Any]]:
    """Make orders, many of them on nights on which some zone's clocks change, at edges of hours and days."""
    nights = [
        datetime(2010, 11, 7, 2, 31, tzinfo=UTC),
        datetime(2018, 11, 4, 3, tzinfo=UTC),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    ]
    return [
        order_row(
            chance,
            chance.choice(nights)
            + timedelta(minutes=15 * chance.randrange(-250, 250), seconds=chance.choice((-1, 0, 0, 1, 700))),
        )
        for _ in range(count)
    ]


def store(engine: Engine, rows: list[dict[str, Any]]) -> None:
    """Put orders into the store."""
    with engine.begin() as connection:
        connection.execute(insert(Order), rows)


def stored(engine: Engine) -> list[dict[str, Any]]:
    """Return all orders that are in the store."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(Order.__table__)).mappings()]


def wrong_times(engine: Engine) -> list[Any]:
    """Compare since when orders say that they are in their status with the last change in their timelines."""
    changes = aliased(TimelineEntry)
    last = select(func.max(changes.id)).where(changes.order_id == Order.id, changes.to_status.is_not(None))
    differ = or_(Order.status != TimelineEntry.to_status, Order.status_since != TimelineEntry.at)
    both = select(Order.order_number, Order.status, Order.status_since, TimelineEntry.at)
    with engine.connect() as connection:
        found = connection.execute(
            both.join(TimelineEntry, TimelineEntry.id == last.scalar_subquery()).where(differ)
        )
        return list(found)


Figures = dict[tuple[date | None, str], tuple[int, dict[str, Decimal]]]


def made_within(start: datetime, end: datetime, country: str | None = None) -> Callable[[Any], bool]:
    """Return whether a row is of an order made in a half-open range, and of a country where one is given."""
    return lambda row: start <= row["created_at"] < end and country in (None, row["shipping_country"])


def recount(rows: Iterable[dict[str, Any]], zone: str | None, fits: Callable[[Any], bool]) -> Figures:
    """Count the orders that fit, by day and status, with their sums by currency; only what there is."""
    counts: dict[tuple[date | None, str], int] = defaultdict(int)
    sums: dict[tuple[date | None, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in filter(fits, rows):
        day = row["created_at"].astimezone(ZoneInfo(zone)).date() if zone else None
        key = (day, row["status"])
        counts[key] += 1
        sums[key][row["currency"]] += Decimal(row["grand_total"]).scaleb(-row["currency_digits"])
    return {key: (counts[key], dict(sums[key])) for key in counts}


def figures(answer: dict[str, Any]) -> Figures:
    """Read an answer of the API into the same shape, leaving out the zeros."""
    return {
        (date.fromisoformat(item["date"]) if "date" in item else None, item["status"]): (
            item["count"],
            {each["currency"]: Decimal(each["total"]) for each in item["totals"]},
        )
        for item in answer["items"]
        if item["count"] or item["totals"]
    }
