"""The API stops while pages are open: each says so, offers to try again, and comes back by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.serving import environment
from tests.e2e.walking import PATIENCE, SAMPLE_ORDERS, as_admin, sign_in, small_store
from tests.placing import place_order
from tests.servers.desk import Desk, is_open, wait_until
from tests.servers.postgres import free_port

NUMBER = "ORD-2026-90002"
AWAY = "The Orders API can't be reached"
RECOVERY = 90_000  # a page looks again less and less often, after a minute at most


class StoppableApi:
    """An Orders API of a folder's store that is stopped and started again on one port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-m", "lib.orders_api", "serve", "--port", str(self._port)]
        with (self._folder / "api.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_until(lambda: is_open(self._port))

    def stop(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def api(tmp_path: Path) -> Iterator[StoppableApi]:
    made = StoppableApi(small_store(tmp_path))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def desk(tmp_path: Path, api: StoppableApi) -> Iterator[Desk]:
    """A dashboard of the shop's own API, with the demonstration's accounts."""
    with Desk(tmp_path, ORDERS_API_URL=api.url) as running:
        yield running


def test_every_open_page_says_so_and_recovers_by_itself(
    browser: Browser, page: Page, desk: Desk, api: StoppableApi
) -> None:
    with as_admin(desk.folder, api.url) as shop:
        place_order(shop, NUMBER)
    page.goto(desk.url)
    sign_in(page)
    pages = {"orders": page} | {
        address: tab(page, f"{desk.url}/{address}")
        for address in (f"order?order={NUMBER}", "tracking", "guest_access")
    }
    for each in pages.values():
        expect(each.get_by_text(AWAY)).to_have_count(0)

    api.stop()
    for name, each in pages.items():
        if name.startswith("order"):  # these two call the API at each run; the others look now and then
            each.get_by_role("button", name="Refresh").click()
        expect(each.get_by_text(AWAY)).to_be_visible()
        each.get_by_role("button", name="Try again").click()
        expect(each.get_by_text(AWAY)).to_be_visible()
        expect(each.get_by_text("Traceback")).to_have_count(0)
    order = pages[f"order?order={NUMBER}"]
    expect(order.get_by_text("This is the order as it was at")).to_be_visible()
    expect(order.get_by_role("heading", name=NUMBER)).to_be_visible()
    order.get_by_label("Note for colleagues").fill("Asks for a gift wrap")
    order.get_by_label("Note for colleagues").press("Control+Enter")
    expect(order.get_by_text("It is not known whether this was done.")).to_be_visible()

    api.start()
    for each in pages.values():
        expect(each.get_by_text(AWAY)).to_have_count(0, timeout=RECOVERY)
    expect(page.get_by_text(f"of {SAMPLE_ORDERS + 1} orders")).to_be_visible()
    expect(order.get_by_text("This is the order as it was at")).to_have_count(0)
    expect(order.get_by_text("It is not known whether this note was added")).to_be_visible()
    order.get_by_label("Note for colleagues").press("Control+Enter")
    expect(order.get_by_role("region", name="Notes").get_by_text("Asks for a gift wrap")).to_have_count(1)
    expect(order.get_by_label("Note for colleagues")).to_have_value("")
    expect(order.get_by_label("Note for colleagues")).to_be_focused()
    expect(pages["tracking"].get_by_label("Tracking link or token")).to_be_visible()
    expect(pages["guest_access"].get_by_role("button", name="Send the code")).to_be_enabled()


def tab(page: Page, address: str) -> Page:
    """Open an address in another tab of the same browser, signed in by its cookie."""
    opened = page.context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(address)
    expect(opened.get_by_role("button", name="Sign out")).to_be_visible()
    return opened
