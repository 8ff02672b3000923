"""Times in Chromium what staff do with a million orders, beside Django's admin on the same data, act by act.

And how long the desk takes to open for somebody signed in, beside an empty Streamlit page with the table.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from bench.admin_server import admin_of
from bench.bench_rerun import stock
from bench.stores import ORDERS, desk_of, sqlite_store
from bench.table import Row
from bench.tabs import staff_cookies
from tests.e2e.walking import PATIENCE, click_row
from tests.servers.browser import chromium
from tests.servers.desk import wait_until

ROUNDS = 10
WORDS = ["berlin", "lyon", "madrid", "hamburg", "leeds", "linz", "graz", "nantes", "paris", "boston", "wien"]
"""Words that sample orders have."""
STOPWATCH = (Path(__file__).parent / "stopwatch.js").read_text("utf-8")
TARGETS = {"view": 0.6, "next page": 0.6, "open an order": 0.6, "search": 0.7}

NUMBER = 60
"""So many pixels across stand the orders' numbers."""

Act = Callable[[int], None]


@dataclass(frozen=True)
class Side:
    """A page, what is done on it, and what leads back before the next act."""

    page: Page
    acts: dict[str, Act]
    back: dict[str, Act]


def measure() -> list[Row]:
    """Do each act on both in turn, then open both pages in turn."""
    store = sqlite_store(ORDERS)
    with ExitStack() as opened:
        desk = opened.enter_context(desk_of(store))
        stock_port, _ = opened.enter_context(stock())
        django_port = opened.enter_context(admin_of(store))
        browser = opened.enter_context(chromium())
        name, _, value = staff_cookies(store.folder, 1)[0].partition("=")
        context = _context(browser)
        context.add_cookies([{"name": name, "value": value, "url": desk.url}])
        sides = [_ours(context, desk.url), _djangos(_context(browser), django_port)]
        times: dict[str, tuple[list[float], list[float]]] = {act: ([], []) for act in TARGETS}
        for turn in range(ROUNDS + 1):
            for act, both in times.items():
                for side, found in zip(sides, both, strict=True):
                    found.append(_time(side, act, turn))
        rows = [
            _row(act, ours[1:], theirs[1:], "Django's admin", TARGETS[act])
            for act, (ours, theirs) in times.items()
        ]
        addresses = (desk.url, f"http://127.0.0.1:{stock_port}/?table")
        openings = [[_opening(context, address) for address in addresses] for _ in range(ROUNDS + 1)][1:]
    ours, theirs = ([each[place] for each in openings] for place in (0, 1))
    return [*rows, _row("opening the desk", ours, theirs, "an empty page with the table", 1.25)]


def _row(act: str, ours: list[float], theirs: list[float], name: str, target: float) -> Row:
    mine, other = statistics.median(ours), statistics.median(theirs)
    how = f"{mine:.0f} ms, {name} {other:.0f}; medians of {len(ours)}; target {target} at most"
    return Row(f"click to paint, {ORDERS:,} orders", act, f"x {mine / other:.2f}", how)


def _time(side: Side, act: str, turn: int) -> float:
    """Do an act, and return the milliseconds from the first key or button until it is painted."""
    side.page.evaluate("what => arm(what)", "order" if act == "open an order" else "rows")
    side.acts[act](turn)
    wait_until(lambda: _took(side.page) > 0)
    took = _took(side.page)
    if act in side.back:
        side.back[act](turn)
    return took


def _took(page: Page) -> float:
    with suppress(Error):  # between two pages there is none to ask
        return float(page.evaluate("() => Number(sessionStorage.took || 0)"))
    return 0.0


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(STOPWATCH)
    return context


def _ours(context: BrowserContext, url: str) -> Side:
    page = context.new_page()
    expect.set_options(timeout=PATIENCE)
    page.goto(url)
    search = page.get_by_role("searchbox")

    def rest() -> None:
        expect(page.get_by_role("status").get_by_text("order").first).to_be_visible()
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
        page.wait_for_timeout(300)  # the table has told the browser's own tree what it shows

    def view(name: str) -> None:
        page.get_by_role("radio", name=name).click()

    def all_again(_: int) -> None:
        rest()
        view("All")
        rest()

    def clear(_: int) -> None:
        search.fill("")
        rest()

    def to_list(_: int) -> None:
        page.get_by_role("link", name="All orders").click()
        rest()

    def settle(_: int) -> None:
        rest()

    rest()
    return Side(
        page,
        {
            "view": lambda _: view("On the way"),  # the newest of a million all await their payment
            "next page": lambda _: page.get_by_role("button", name="Next page").first.click(),
            "open an order": lambda turn: click_row(page, turn % 5, NUMBER),
            "search": lambda turn: search.fill(WORDS[turn]),
        },
        {"view": all_again, "next page": settle, "open an order": to_list, "search": clear},
    )


def _djangos(context: BrowserContext, port: int) -> Side:
    page, base = context.new_page(), f"http://127.0.0.1:{port}/admin/"
    page.goto(base)
    page.fill("#id_username", "bench")
    page.fill("#id_password", "bench")
    page.click("[type=submit]")
    page.goto(f"{base}django_admin/orders/")

    def search(turn: int) -> None:
        page.fill("#searchbar", WORDS[turn])
        page.evaluate("() => arm('rows')")  # what was typed before Enter does not count
        page.keyboard.press("Enter")

    def to_list(_: int) -> None:
        page.goto(f"{base}django_admin/orders/")

    return Side(
        page,
        {
            "view": lambda _: page.click("#changelist-filter a:text-is('Shipped') >> nth=0"),
            "next page": lambda _: page.click("a[href*='p=2'] >> nth=0"),
            "open an order": lambda turn: page.click(f"#result_list tbody th a >> nth={turn % 5}"),
            "search": search,
        },
        {"view": to_list, "open an order": to_list, "search": to_list},
    )


def _opening(context: BrowserContext, address: str) -> float:
    """Return the milliseconds until a page that is opened has painted its rows."""
    page = context.new_page()
    page.goto(address)
    wait_until(lambda: bool(page.evaluate("() => window.opened || 0")))
    took = float(page.evaluate("() => window.opened"))
    page.close()
    return took
