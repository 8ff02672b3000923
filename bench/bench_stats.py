"""Times the figures behind the insights, counted and shared, with 200,000 and a million sample orders."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.stores import Store, client_of, postgresql_store, sqlite_store
from bench.table import Row
from lib.orders_client import OrdersClient
from tests.api.serving import Served

MANY, MOST, REPEATS = 200_000, 1_000_000, 15
BUDGETS = {MANY: {28: 30, 90: 60, "page": 150}, MOST: {28: 100, 90: 250, "page": 700}}
"""The most milliseconds that a call over so many days may take, and all calls of the page together."""
ZONE = "Europe/Berlin"


def measure() -> list[Row]:
    """Time both databases with 200,000 orders, and SQLite with a million."""
    rows = _times(sqlite_store(MANY))
    with postgresql_store(MANY) as store:
        rows += _times(store)
    return rows + _times(sqlite_store(MOST))


def _times(store: Store) -> list[Row]:
    counted: dict[str, float] = {}
    afresh = Served(store.folder, module="bench.serve_afresh", **store.settings)
    with afresh as api, client_of(api.url) as client:
        for case, call in _calls(client).items():
            counted[case] = _median(call)
    with Served(store.folder, **store.settings) as api, client_of(api.url) as client:
        calls = _calls(client)
        shared = sum(_median(calls[case]) for case in _PAGE)
    budgets = BUDGETS[store.orders]
    what = f"stats, {store.database}, {store.orders:,} orders"
    how = f"median of {REPEATS}; budget {{}} ms"
    rows = [
        Row(what, case, f"{took:.1f} ms", how.format(budgets[90 if case.endswith("90 days") else 28]))
        for case, took in counted.items()
    ]
    page = sum(counted[case] for case in _PAGE)
    rows.append(Row(what, "the whole page, counted", f"{page:.0f} ms", how.format(budgets["page"])))
    rows.append(Row(what, "the whole page, shared", f"{shared:.0f} ms", f"median of {REPEATS}"))
    return rows


_PAGE = (
    "cards",
    "alarms",
    "daily, 28 days",
    "by currency, 28 days",
    "pending age",
    "flow, 28 days",
    "time in status",
    "by country, 28 days",
    "contradictions",
    "by currency, the days before",
    "refunds that were sent",
    "flow, the days before",
    "by country, the days before",
)
"""What the page asks for once it is opened, and each minute."""


def _calls(client: OrdersClient) -> dict[str, Callable[[], Any]]:
    stats, today = client.stats, datetime.now(UTC).date()
    end = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(hours=23)
    days, months = timedelta(days=28), timedelta(days=90)
    lately: dict[str, Any] = {"created_from": end - days, "created_to": end}
    before: dict[str, Any] = {"created_from": end - 2 * days, "created_to": end - days}
    sent: dict[str, Any] = {
        "status": "REFUNDED",
        "fulfillment_status": ["FULFILLED", "RETURNED", "PARTIALLY_FULFILLED"],
    }
    first, first_of_90 = today - timedelta(days=27), today - timedelta(days=89)
    return {
        "cards": lambda: stats.cards(ZONE),
        "alarms": stats.alarms,
        "daily, 28 days": lambda: stats.daily(end - days, end, time_zone=ZONE),
        "by currency, 28 days": lambda: stats.by_currency(**lately),
        "pending age": stats.pending_age,
        "flow, 28 days": lambda: stats.flow(first, today, ZONE),
        "time in status": stats.time_in_status,
        "by country, 28 days": lambda: stats.by_country(**lately),
        "contradictions": stats.contradictions,
        "by currency, the days before": lambda: stats.by_currency(**before),
        "refunds that were sent": lambda: stats.status_counts(**lately, **sent),
        "flow, the days before": lambda: stats.flow(first - days, today - days, ZONE),
        "by country, the days before": lambda: stats.by_country(**before),
        "status of all orders": stats.status_counts,
        "daily, one country, 28 days": lambda: stats.daily(end - days, end, time_zone=ZONE, country="DE"),
        "flow, one country, 28 days": lambda: stats.flow(first, today, ZONE, country=["DE"]),
        "daily, 90 days": lambda: stats.daily(end - months, end, time_zone=ZONE),
        "by country, 90 days": lambda: stats.by_country(created_from=end - months, created_to=end),
        "flow, 90 days": lambda: stats.flow(first_of_90, today, ZONE),
    }


def _median(call: Callable[[], Any]) -> float:
    times: list[float] = []
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[2:])
