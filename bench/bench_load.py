"""Counts the lists and order pages that two API processes answer a second to 16 clients; both databases."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from urllib.parse import quote

from bench.processes import processor_seconds
from bench.stores import ORDERS, Store, client_of, postgresql_store, sqlite_store, staff_token
from bench.table import Row, slow
from tests.api.serving import Served

CLIENTS, WORKERS, ROUNDS, SECONDS, TARGET = 16, 2, 3, 6.0, 400
PAGES, LIMIT = 40, 50
"""So many pages of the list are read beforehand; the orders on them are those that are opened."""


def measure() -> list[Row]:
    """Measure both databases."""
    rows = _rows(sqlite_store(ORDERS))
    with postgresql_store(ORDERS) as store:
        return rows + _rows(store)


def _rows(store: Store) -> list[Row]:
    with (
        Served(store.folder, "--workers", str(WORKERS), **store.settings) as api,
        client_of(api.url) as client,
    ):
        pages = [client.orders.list(page=page, limit=LIMIT) for page in range(1, PAGES + 1)]
        numbers = [quote(order.order_number, safe="") for page in pages for order in page.items]
        paths: dict[str, Callable[[], str]] = {
            "lists": lambda: f"/v1/orders?limit={LIMIT}&page={random.randrange(1, PAGES)}",
            "orders": lambda: f"/v1/orders/{random.choice(numbers)}",
        }
        times: dict[str, list[float]] = {name: [] for name in paths}
        used = dict.fromkeys(paths, 0.0)
        for turn in range(ROUNDS + 1):
            for name, path in paths.items():
                before = processor_seconds(api.process.pid, with_children=True)
                found = asyncio.run(_all_at_once(api.port, path))
                if turn:  # the first round warms up
                    times[name] += found
                    used[name] += processor_seconds(api.process.pid, with_children=True) - before
    what = f"{CLIENTS} clients, {WORKERS} workers, {store.database}, {store.orders:,} orders"
    return [
        Row(
            what,
            f"{name} a second",
            f"{len(found) / SECONDS / ROUNDS:.0f}",
            f"target {TARGET}; median {statistics.median(found):.0f} ms, 95th {slow(found):.0f};"
            f" {used[name] / len(found) * 1000:.1f} ms of the API's processor time each",
        )
        for name, found in times.items()
    ]


async def _all_at_once(port: int, path: Callable[[], str]) -> list[float]:
    until = time.perf_counter() + SECONDS
    several = await asyncio.gather(
        *(_client(port, f"bench{number}", path, until) for number in range(CLIENTS))
    )
    return [each for times in several for each in times]


async def _client(port: int, username: str, path: Callable[[], str], until: float) -> list[float]:
    """Call again and again without a client library; return the milliseconds of each call."""
    head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {staff_token(username)}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    while (began := time.perf_counter()) < until:
        writer.write(f"GET {path()} HTTP/1.1\r\n{head}".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert answer.startswith(b"http/1.1 200"), answer
        await reader.readexactly(int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        times.append((time.perf_counter() - began) * 1000)
    writer.close()
    return times
