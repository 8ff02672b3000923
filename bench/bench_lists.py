"""Times `list` over HTTP with 200,000 orders, on both databases: filters, sorts, searches, the last page."""

from __future__ import annotations

import math
import statistics
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.stores import Store, client_of, postgresql_store, sqlite_store
from bench.table import Row
from lib.orders_client import OrdersClient
from tests.api.serving import Served

ORDERS, LIMIT, REPEATS = 200_000, 50, 15


def measure() -> list[Row]:
    """Time both databases, one after the other."""
    rows = _times(sqlite_store(ORDERS))
    with postgresql_store(ORDERS) as store:
        return rows + _times(store)


def _times(store: Store) -> list[Row]:
    with Served(store.folder, **store.settings) as api, client_of(api.url) as client:
        return [_time(client, store.database, case, filters) for case, filters in _cases(client)]


def _cases(client: OrdersClient) -> list[tuple[str, dict[str, Any]]]:
    page = client.orders.list(limit=LIMIT)
    order = page.items[20]
    now = datetime.now(UTC)
    number, name = order.order_number, (order.customer_name or "").split()
    cases: list[tuple[str, dict[str, Any]]] = [
        ("no filter", {}),
        ("last page", {"page": page.total_pages}),
        ("page in the middle", {"page": page.total_pages // 2}),
        ("status PENDING", {"status": "PENDING"}),
        ("status DELIVERED", {"status": "DELIVERED"}),
        ("status, two", {"status": ["PENDING", "CONFIRMED"]}),
        ("paymentStatus", {"payment_status": "PAID"}),
        ("fulfillmentStatus", {"fulfillment_status": "FULFILLED"}),
        ("country", {"country": "DE"}),
        ("currency", {"currency": "EUR"}),
        ("createdFrom, a month", {"created_from": now - timedelta(days=30)}),
        ("createdFrom, a year", {"created_from": now - timedelta(days=365)}),
        ("minTotal", {"min_total": Decimal(50)}),
        ("minTotal and maxTotal", {"min_total": Decimal(100), "max_total": Decimal(120)}),
        ("status, country, time, amount", {
            "status": "DELIVERED", "country": "DE", "min_total": Decimal(50),
            "created_from": now - timedelta(days=365),
        }),
        ("q: whole number", {"q": number}),
        ("q: part of number", {"q": number[-6:]}),
        ("q: name", {"q": " ".join(name)}),
        ("q: part of name", {"q": name[-1][:4]}),
        ("q: this year's numbers", {"q": number[:8]}),
        ("q: last year's numbers", {"q": f"{number[:4]}{int(number[4:8]) - 1}"}),
        ("q: domain that most share", {"q": "@example"}),
        ("q: two letters", {"q": name[0][:2]}),
        ("q: two letters that few share", {"q": "zq"}),
    ]  # fmt: skip
    for sort in ("createdAt", "-grandTotal", "grandTotal", "orderNumber", "-orderNumber"):
        cases.append((f"sort {sort}", {"sort": sort}))
        cases.append((f"sort {sort}, last page", {"sort": sort, "page": page.total_pages}))
    return cases


def _time(client: OrdersClient, database: str, case: str, filters: dict[str, Any]) -> Row:
    times: list[float] = []
    total = 0
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        total = client.orders.list(**{"limit": LIMIT, **filters}).total
        times.append((time.perf_counter() - began) * 1000)
    kept = sorted(times[2:])
    slow = kept[math.ceil(len(kept) * 0.95) - 1]
    figure = f"{statistics.median(kept):.1f} ms"
    return Row(f"list, {database}", case, figure, f"median of {REPEATS}, 95th {slow:.1f} ms, {total} orders")
