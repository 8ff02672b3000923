"""Times the figures behind the insights with ten thousand and with a million orders, on both databases."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.bench_lists import SECRETS, STORES, _client
from bench.many_orders import fill, settle
from bench.table import Row
from lib.orders_client import OrdersClient
from tests.api.serving import Served, environment
from tests.servers.postgres import PostgresServer

FEW, MANY, REPEATS = 10_000, 1_000_000, 25
ZONE = "Europe/Berlin"


def measure() -> list[Row]:
    """Time both databases, one after the other; nothing is kept."""
    STORES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="stats-", dir=STORES) as name:
        folder = Path(name)
        rows = _compare(folder, "SQLite", lambda count: f"sqlite:///{folder}/{count}.db")
        with PostgresServer(durable=True) as server:
            rows += _compare(
                folder, "PostgreSQL", lambda count: server.url(server.create_database(f"stats_{count}"))
            )
    return rows


def _compare(folder: Path, name: str, make: Callable[[int], str]) -> list[Row]:
    few, many = (_times(folder, name, make(count), count) for count in (FEW, MANY))
    return [
        Row(
            f"stats, {name}",
            case,
            f"× {many[case] / few[case]:.2f}",
            f"{few[case]:.1f} ms with {FEW:,}, {many[case]:.1f} ms with {MANY:,}; fastest of {REPEATS}",
        )
        for case in few
    ]


def _times(folder: Path, name: str, database_url: str, count: int) -> dict[str, float]:
    began = time.perf_counter()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.perf_counter() - began:5.0f} s  {name}, {count:,} orders: {what}\n")

    settings = {"database_url": database_url, **SECRETS}
    _run(folder, "migrate", **settings)
    fill(database_url, count, say)
    say("counting them")
    _run(folder, "stats", "--rebuild", **settings)
    settle(database_url)
    with Served(folder, **settings) as api, _client(api.url) as client:
        times: dict[str, float] = {}
        for case, call in _calls(client).items():
            times[case] = _time(call)
            say(f"{case}: {times[case]:.1f} ms")
    return {**times, "the whole page": sum(times[case] for case in _PAGE)}


def _run(folder: Path, *arguments: str, **settings: str) -> None:
    command = [sys.executable, "-m", "lib.orders_api", *arguments]
    subprocess.run(command, cwd=folder, env=environment(**settings), check=True, stdout=subprocess.DEVNULL)


_PAGE = (
    "cards",
    "alarms",
    "daily, 28 days",
    "by currency",
    "pending age",
    "flow, 28 days",
    "time in status",
    "by country",
    "contradictions",
    "by currency, the days before",
    "refunds that were sent",
    "flow, the days before",
    "by country, the days before",
)
"""What the page asks for once it is opened, and each minute."""


SENT = ["FULFILLED", "RETURNED", "PARTIALLY_FULFILLED"]


def _calls(client: OrdersClient) -> dict[str, Callable[[], Any]]:
    stats, now = client.stats, datetime.now(UTC)
    today = now.date()
    start = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=27, hours=1)
    last_day, first_day = today, today - timedelta(days=27)
    days = timedelta(days=28)
    before: dict[str, Any] = {"created_from": start - days, "created_to": start}
    sent: dict[str, Any] = {
        "status": "REFUNDED",
        "fulfillment_status": SENT,
    }
    return {
        "cards": lambda: stats.cards(ZONE),
        "alarms": stats.alarms,
        "daily, 28 days": lambda: stats.daily(start, now, time_zone=ZONE),
        "by currency": lambda: stats.by_currency(created_from=start, created_to=now),
        "pending age": stats.pending_age,
        "flow, 28 days": lambda: stats.flow(first_day, last_day, ZONE),
        "time in status": stats.time_in_status,
        "by country": lambda: stats.by_country(created_from=start, created_to=now),
        "contradictions": stats.contradictions,
        "by currency, the days before": lambda: stats.by_currency(**before),
        "refunds that were sent": lambda: stats.status_counts(created_from=start, created_to=now, **sent),
        "flow, the days before": lambda: stats.flow(first_day - days, last_day - days, ZONE),
        "by country, the days before": lambda: stats.by_country(**before),
        "status": stats.status_counts,
        "status, a year": lambda: stats.status_counts(created_from=now - timedelta(days=365)),
        "status, one country": lambda: stats.status_counts(country="DE"),
        "daily, one country": lambda: stats.daily(start, now, time_zone=ZONE, country="DE"),
        "daily, Kathmandu": lambda: stats.daily(start, now, time_zone="Asia/Kathmandu"),
    }


def _time(call: Callable[[], Any]) -> float:
    times: list[float] = []
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return min(times[2:])  # the machine is shared: what else runs makes a call slower, never faster
