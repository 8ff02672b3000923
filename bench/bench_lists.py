"""Times `list` over HTTP with 200,000 orders, on both databases: filters, sorts, searches, the last page."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.table import Row
from lib.orders_client import OrdersClient
from lib.staff.tokens import mint_staff_token
from tests.api.serving import ROOT, Served, environment
from tests.servers.postgres import PostgresServer

ORDERS, LIMIT, REPEATS = 200_000, 50, 15
STORES = ROOT / ".local" / "bench"
SECRETS = {"jwt_secret": "only for benchmarks, on loopback " * 2, "code_key": "only for benchmarks, too " * 2}


def measure() -> list[Row]:
    """Time both databases, one after the other; SQLite's sample orders are kept for the next time."""
    folder = STORES / f"sqlite-{ORDERS}"
    rows = _times(folder, "SQLite", f"sqlite:///{folder}/orders.db")
    with PostgresServer(durable=True) as server:
        return rows + _times(folder, "PostgreSQL", server.url(server.create_database("bench")))


def _times(folder: Path, name: str, database_url: str) -> list[Row]:
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"database_url": database_url, **SECRETS}
    for command in (["migrate"], ["seed", "--orders", str(ORDERS)]):
        arguments = [sys.executable, "-m", "lib.orders_api", *command]
        subprocess.run(arguments, cwd=folder, env=environment(**settings), check=True)
    with Served(folder, **settings) as api, _client(api.url) as client:
        return [_time(client, name, case, filters) for case, filters in _cases(client)]


@contextmanager
def _client(url: str) -> Iterator[OrdersClient]:
    life = timedelta(hours=1)
    token = mint_staff_token(SECRETS["jwt_secret"], "bench", ["support"], datetime.now(UTC), life)
    with OrdersClient(url, token=token, timeout=60) as client:
        yield client


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
