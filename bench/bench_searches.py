"""Times lists and orders while twenty people search for the most that they may, and in quiet."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from bench.stores import Store, client_of, postgresql_store, sqlite_store
from bench.table import Row
from lib.orders_client import Unavailable
from tests.api.serving import Served

ORDERS, SEARCHERS, REPEATS = 200_000, 20, 100
SEARCHES = (
    "a b c d e f g h i j k l",
    "an er in de st te ar en or is ne",
    "and ber ing der sch ten ard end ort ist ner",
    "ma",
)
"""One-letter words, pairs, parts of words, as many as there may be; and two letters that most share."""


def measure() -> list[Row]:
    """Measure both databases, each with 200,000 orders."""
    rows = _rows(sqlite_store(ORDERS))
    with postgresql_store(ORDERS) as store:
        return rows + _rows(store)


def _rows(store: Store) -> list[Row]:
    with Served(store.folder, **store.settings) as api, client_of(api.url) as client:
        number = client.orders.list(limit=1).items[0].order_number
        calls: dict[str, Callable[[], object]] = {
            "list": lambda: client.orders.list(limit=50),
            "an order": lambda: client.orders.get(number),
        }
        quiet = {name: _median(call) for name, call in calls.items()}
        with _searching(api.url):
            busy = {name: _median(call) for name, call in calls.items()}
    what = f"beside {SEARCHERS} searches, {store.database}, {store.orders:,} orders"
    return [
        Row(
            what,
            name,
            f"x {busy[name] / quiet[name]:.2f}",
            f"{quiet[name]:.1f} to {busy[name]:.1f} ms, median",
        )
        for name in calls
    ]


def _median(call: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


@contextmanager
def _searching(url: str) -> Iterator[None]:
    """Let twenty people search, each again as soon as they were answered."""
    over = threading.Event()

    def search(turn: int) -> None:
        with client_of(url) as client:
            while not over.is_set():
                with suppress(Unavailable):
                    client.orders.list(q=SEARCHES[turn % len(SEARCHES)])

    searchers = [threading.Thread(target=search, args=(turn,)) for turn in range(SEARCHERS)]
    for each in searchers:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in searchers:
            each.join()
