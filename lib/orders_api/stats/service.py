"""What the figures mean: which orders are counted, by which days and ages; it writes no SQL."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.orders_api.domain.clock import zone_of
from lib.orders_api.domain.money import to_decimal_string
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.stats import schemas
from lib.orders_api.stats.days import days_of, stretches
from lib.orders_api.stats.repository import OrderTotals, count_by_age, order_totals, totals_by_day
from lib.orders_api.store.order_query.filters import OrderFilters

AGES: tuple[tuple[str, int, int | None], ...] = (
    ("under 1 hour", 0, 1),
    ("1 to 4 hours", 1, 4),
    ("4 to 24 hours", 4, 24),
    ("1 to 3 days", 24, 72),
    ("3 to 7 days", 72, 168),
    ("7 days or more", 168, None),
)
"""How long orders wait for their payment: a name, and from and to in hours."""


def status_counts(session: Session, query: OrderFilters, now: datetime) -> schemas.StatusCounts:
    """Count the orders of each status."""
    found = order_totals(session, query, "status", "currency")
    items = [schemas.StatusCount(status=status, **in_all(of_kind(found, status))) for status in OrderStatus]
    return schemas.StatusCounts(items=items, as_of=now)


def daily(session: Session, query: schemas.DailyQuery, now: datetime) -> schemas.DailyCounts:
    """Count the orders of each status by the day on which they were created."""
    pieces = stretches(query.created_from, query.created_to, zone_of(query.time_zone))
    found = totals_by_day(session, query, pieces)
    items = [
        schemas.DailyCount(date=day, status=status, **in_all(found.get((day, status), {})))
        for day in days_of(pieces)
        for status in OrderStatus
    ]
    return schemas.DailyCounts(items=items, as_of=now)


def pending_age(session: Session, query: OrderFilters, now: datetime) -> schemas.PendingAges:
    """Count the PENDING orders by how long they have been waiting: since they were created.

    Orders are created on whole seconds: one that is exactly as old as a bucket begins is in it.
    """
    end = now.replace(microsecond=0) + timedelta(seconds=1)
    bounds = [end - timedelta(hours=until) for _, _, until in AGES if until is not None]
    counts = Counter[int]()
    if not query.status or OrderStatus.PENDING in query.status:
        pending = query.model_copy(update={"status": [OrderStatus.PENDING]})
        counts = count_by_age(session, pending, bounds)
    items = [
        schemas.PendingAge(bucket=name, from_=since, to=until, count=counts[number])
        for number, (name, since, until) in enumerate(AGES)
    ]
    return schemas.PendingAges(items=items, as_of=now)


def of_kind(found: Mapping[tuple[str, ...], OrderTotals], kind: str) -> dict[str, OrderTotals]:
    """Return what was found of a kind, by currency."""
    return {currency: totals for (each, currency), totals in found.items() if each == kind}


def in_all(by_currency: Mapping[str, OrderTotals]) -> dict[str, Any]:
    """Return how many orders there are, and their sums within each currency."""
    return {
        "count": sum(each.orders for each in by_currency.values()),
        "totals": [
            schemas.CurrencyTotal(currency=code, total=to_decimal_string(by_currency[code].total, code))
            for code in sorted(by_currency)
        ],
    }
