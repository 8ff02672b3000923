"""Times the Orders page in Chromium with few and with very many orders behind it, on SQLite, turn by turn."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from bench.stores import STORES
from bench.table import Row
from tests.api.serving import environment
from tests.e2e.walking import sign_in
from tests.servers.browser import chromium
from tests.servers.desk import Desk

FEW, MANY, ROUNDS = 5_000, 200_000, 15
NAME = "smith"
_COUNTS = re.compile(r"[\d,]+ orders?$|^No orders$")

Step = tuple[str, Callable[[Page], None]]


def measure() -> list[Row]:
    """Walk through both desks in turn; the stores of sample orders are kept for the next time."""
    times: dict[str, dict[int, list[float]]] = {name: {FEW: [], MANY: []} for name, _ in _steps()}
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        desks = {count: stack.enter_context(Desk(_store(count))) for count in (FEW, MANY)}
        pages = {count: _open(browser, desk) for count, desk in desks.items()}
        for _ in range(ROUNDS + 1):
            for name, act in _steps():
                for count, page in pages.items():
                    times[name][count].append(_time(page, act))
    return [_row(name, both[FEW][1:], both[MANY][1:]) for name, both in times.items()]


def _store(count: int) -> Path:
    folder = STORES / f"desk-{count}"
    if not (folder / "data" / "orders.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "lib.orders_api", "seed", "--orders", str(count)]
        subprocess.run(command, cwd=folder, env=environment(), check=True)
    return folder


def _open(browser: Browser, desk: Desk) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(desk.url)
    sign_in(page)
    expect(page.get_by_text(_COUNTS)).to_be_visible()
    return page


def _steps() -> list[Step]:
    """Return what is done each round; each changes the line that says how many orders are shown."""
    return [
        ("view Awaiting payment", lambda page: page.get_by_role("radio", name="Awaiting payment").click()),
        ("view All", lambda page: page.get_by_role("radio", name="All").click()),
        ("next page", lambda page: page.get_by_role("button", name="Next page").first.click()),
        ("a search", lambda page: page.get_by_role("searchbox").fill(NAME)),
        ("the search cleared", lambda page: page.get_by_role("searchbox").fill("")),
    ]


def _time(page: Page, act: Callable[[Page], None]) -> float:
    """Act, and return the milliseconds until the line with the counts has changed."""
    counts = page.get_by_text(_COUNTS)
    before = counts.inner_text()
    began = time.perf_counter()
    act(page)
    expect(counts).not_to_have_text(before)
    return (time.perf_counter() - began) * 1000


def _row(name: str, few: list[float], many: list[float]) -> Row:
    ratio = statistics.median(many) / statistics.median(few)
    medians = f"{statistics.median(few):.0f} ms with {FEW:,}, {statistics.median(many):.0f} ms with {MANY:,}"
    return Row("Orders page", name, f"× {ratio:.2f}", f"{medians}; medians of {ROUNDS}")
