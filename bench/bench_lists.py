"""Times `list` over HTTP, with 200,000 orders on both databases and a million on SQLite, by its budgets."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.stores import Store, client_of, postgresql_store, sqlite_store
from bench.table import Row
from lib.orders_client import OrdersClient
from tests.api.serving import Served

MANY, MOST, LIMIT, REPEATS = 200_000, 1_000_000, 50, 15
BUDGETS = {
    MANY: {"list": 15, "range": 30, "key": 10, "part": 20, "shared": 60},
    MOST: {"list": 25, "range": 100, "key": 10, "part": 40, "shared": 250},
}
"""The most milliseconds that a call of a kind may take."""


def measure() -> list[Row]:
    """Time both databases with 200,000 orders, and SQLite with a million."""
    rows = _times(sqlite_store(MANY))
    with postgresql_store(MANY) as store:
        rows += _times(store)
    return rows + _times(sqlite_store(MOST))


def _times(store: Store) -> list[Row]:
    with Served(store.folder, **store.settings) as api, client_of(api.url) as client:
        what = f"list, {store.database}, {store.orders:,} orders"
        return [
            _time(client, Row(what, case, "", f"budget {BUDGETS[store.orders][kind]} ms"), filters)
            for kind, case, filters in _cases(client)
        ]


def _cases(client: OrdersClient) -> list[tuple[str, str, dict[str, Any]]]:
    page = client.orders.list(limit=LIMIT)
    order = client.orders.reveal(page.items[20].order_number, "A benchmark")
    now = datetime.now(UTC)
    number, name = order.order_number, (order.customer_name or "").split()
    cases: list[tuple[str, str, dict[str, Any]]] = [
        ("list", "no filter", {}),
        ("list", "last page", {"page": page.total_pages}),
        ("list", "page in the middle", {"page": page.total_pages // 2}),
        ("list", "status PENDING", {"status": "PENDING"}),
        ("list", "status DELIVERED", {"status": "DELIVERED"}),
        ("list", "status, two", {"status": ["PENDING", "CONFIRMED"]}),
        ("list", "paymentStatus", {"payment_status": "PAID"}),
        ("list", "fulfillmentStatus", {"fulfillment_status": "FULFILLED"}),
        ("list", "country", {"country": "DE"}),
        ("list", "currency", {"currency": "EUR"}),
        ("range", "createdFrom, a month", {"created_from": now - timedelta(days=30)}),
        ("range", "createdFrom, a year", {"created_from": now - timedelta(days=365)}),
        ("range", "minTotal", {"min_total": Decimal(50)}),
        ("range", "minTotal and maxTotal", {"min_total": Decimal(100), "max_total": Decimal(120)}),
        ("range", "status, country, time, amount", {
            "status": "DELIVERED", "country": "DE", "min_total": Decimal(50),
            "created_from": now - timedelta(days=365),
        }),
        ("key", "q: whole number", {"q": number}),
        ("key", "q: whole email", {"q": order.email}),
        ("key", "q: SKU", {"q": order.items[0].sku}),
        ("key", "q: phone", {"q": order.phone}),
        ("key", "q: token", {"q": str(order.tracking_token)}),
        ("part", "q: part of number", {"q": number[-6:]}),
        ("part", "q: name", {"q": " ".join(name)}),
        ("part", "q: part of name", {"q": name[-1][:4]}),
        ("shared", "q: this year's numbers", {"q": number[:8]}),
        ("shared", "q: last year's numbers", {"q": f"{number[:4]}{int(number[4:8]) - 1}"}),
        ("shared", "q: a domain that most share", {"q": "@example.com"}),
        ("shared", "q: two letters", {"q": name[0][:2]}),
        ("shared", "q: two letters that few share", {"q": "zq"}),
    ]  # fmt: skip
    for sort in ("createdAt", "-grandTotal", "grandTotal", "orderNumber", "-orderNumber"):
        cases.append(("list", f"sort {sort}", {"sort": sort}))
        cases.append(("list", f"sort {sort}, last page", {"sort": sort, "page": page.total_pages}))
    return cases


def _time(client: OrdersClient, row: Row, filters: dict[str, Any]) -> Row:
    times: list[float] = []
    total = 0
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        total = client.orders.list(**{"limit": LIMIT, **filters}).total
        times.append((time.perf_counter() - began) * 1000)
    kept = sorted(times[2:])
    slow = kept[math.ceil(len(kept) * 0.95) - 1]
    how = f"median of {REPEATS}, {row.how}, 95th {slow:.1f} ms, {total} orders"
    return replace(row, figure=f"{statistics.median(kept):.1f} ms", how=how)
