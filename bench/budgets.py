"""Times what the budgets name on one store: filling it, lists, searches, figures; it names no call itself."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from bench import lists, stats
from bench.stores import Store, client_of
from bench.table import Case, Row
from tests.api.serving import Served

MANY, MOST, REPEATS = 200_000, 1_000_000, 15
BUDGETS = {
    MANY: {
        "list": 15, "range": 30, "key": 10, "part": 20, "shared": 60,
        "28 days": 30, "90 days": 60, "page": 150, "fill": 60,
    },
    MOST: {
        "list": 25, "range": 100, "key": 10, "part": 40, "shared": 250,
        "28 days": 100, "90 days": 250, "page": 700, "fill": 360,
    },
}  # fmt: skip
"""The most milliseconds that a call of a kind may take, and seconds that filling the store may."""


def measure(store: Store) -> list[Row]:
    """Fill the store, if it is not there yet, and time all calls; tell the lines of docs/performance.md."""
    what, budgets = f"{store.database}, {store.orders:,} orders", BUDGETS[store.orders]
    began = time.perf_counter()
    store.fill()
    filled = time.perf_counter() - began
    rows = [Row(what, "filled", f"{filled:.0f} s", f"budget {budgets['fill']} s, if it was empty")]
    if (file := store.folder / "data" / "orders.db").exists():
        size = file.stat().st_size
        rows.append(Row(what, "file", f"{size / store.orders:.0f} bytes", f"an order; {size / 1e9:.2f} GB"))
    with (
        Served(store.folder, module="bench.serve_afresh", **store.settings) as api,
        client_of(api.url) as client,
    ):
        timed = [(case, _median(case.call)) for case in (*lists.cases(client), *stats.cases(client))]
    with Served(store.folder, **store.settings) as api, client_of(api.url) as client:
        shared = sum(_median(case.call) for case in stats.cases(client) if case.name in stats.PAGE)
    page = sum(took for case, took in timed if case.name in stats.PAGE)
    rows += [Row(what, case.name, f"{took:.1f} ms", f"median of {REPEATS}") for case, took in timed]
    rows += _lines(what, budgets, timed)
    rows.append(Row(what, "| the Insights page's calls", f"{page:.0f} ms", f"budget {budgets['page']} ms"))
    rows.append(Row(what, "| the same, shared", f"{shared:.0f} ms", ""))
    return rows


def _lines(what: str, budgets: dict[str, int], timed: Iterable[tuple[Case, float]]) -> list[Row]:
    """Return a row for each line of docs/performance.md, those over their budget in brackets."""
    lines: dict[tuple[str, str], list[float]] = {}
    for case, took in timed:
        lines.setdefault((case.line, case.budget), []).append(took)
    rows = []
    for (line, kind), found in lines.items():
        budget = budgets[kind]
        told = [f"({took:.1f})" if took > budget else f"{took:.1f}" for took in found]
        figure = "; ".join(told) if len(found) < 5 else f"{min(found):.1f} to {max(found):.1f}"
        rows.append(Row(what, f"| {line}", figure, f"budget {budget} ms"))
    return rows


def _median(call: Callable[[], Any]) -> float:
    times: list[float] = []
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[2:])
