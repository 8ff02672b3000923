"""What the figures mean: which orders are counted, by which days and ages; it writes no SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.orders_api.domain.money import to_decimal_string
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.domain.zones import zone_of
from lib.orders_api.stats.days import day_of, days_of, stretches
from lib.orders_api.stats.kept import count_ranges, tally, tally_by_day
from lib.orders_api.stats.parts import Wanted
from lib.orders_api.stats.repository import Tally
from lib.orders_api.stats.schemas import (
    CurrencyTotal,
    DailyCount,
    DailyCounts,
    DailyQuery,
    PendingAge,
    PendingAges,
    StatusCount,
    StatusCounts,
)
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


def status_counts(session: Session, query: OrderFilters, now: datetime) -> StatusCounts:
    """Count the orders of each status."""
    by_status = _by_kind(tally(session, query))
    items = [StatusCount(status=status, **counted(by_status[0, status])) for status in OrderStatus]
    return StatusCounts(items=items, as_of=now)


def daily(session: Session, query: DailyQuery, now: datetime) -> DailyCounts:
    """Count the orders of each status by the day on which they were created."""
    pieces = stretches(query.created_from, query.created_to, zone_of(query.time_zone))
    found = _by_kind(tally_by_day(session, query, pieces))
    by_date = {(day_of(number), status): tallies for (number, status), tallies in found.items()}
    items = [
        DailyCount(date=day, status=status, **counted(by_date.get((day, status.value), [])))
        for day in days_of(pieces)
        for status in OrderStatus
    ]
    return DailyCounts(items=items, as_of=now)


def pending_age(session: Session, query: OrderFilters, now: datetime) -> PendingAges:
    """Count the PENDING orders by how long they have been waiting: since they were created.

    Orders are created on whole seconds: one that is exactly as old as a bucket begins is in it.
    """
    end = now.replace(microsecond=0) + timedelta(seconds=1)
    # What a clock ahead of ours has created just now waits too.
    ranges = [
        _within(
            query,
            None if until is None else end - timedelta(hours=until),
            end - timedelta(hours=since) if since else None,
        )
        for _, since, until in AGES
    ]
    counts = count_ranges(session, query, ranges)
    items = [
        PendingAge(bucket=name, from_=since, to=until, count=count[OrderStatus.PENDING])
        for (name, since, until), count in zip(AGES, counts, strict=True)
    ]
    return PendingAges(items=items, as_of=now)


def _within(query: OrderFilters, start: datetime | None, end: datetime | None) -> Wanted:
    """Return the half-open range that is in the filters' own too."""
    starts = [at for at in (query.created_from, start) if at is not None]
    ends = [at for at in (query.created_to, end) if at is not None]
    return Wanted(max(starts, default=None), min(ends, default=None))


def _by_kind(tallies: Iterable[Tally]) -> dict[tuple[int, str], list[Tally]]:
    """Put together what is of the same day and status."""
    kinds: dict[tuple[int, str], list[Tally]] = defaultdict(list)
    for each in tallies:
        kinds[each.day, each.status].append(each)
    return kinds


def counted(tallies: Iterable[Tally]) -> dict[str, Any]:
    """Add up orders, and sums within each currency that some of them have."""
    orders, totals = Counter[str](), Counter[str]()
    for each in tallies:
        orders[each.currency] += each.orders
        totals[each.currency] += each.total
    return {
        "count": orders.total(),
        "totals": [
            CurrencyTotal(currency=currency, total=to_decimal_string(totals[currency], currency))
            for currency in sorted(orders)
            if orders[currency]
        ],
    }
