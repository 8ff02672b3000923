"""Pages opened by a stranger as the first request ever to a fresh server, whose API is there already."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from lib.staff.accounts import DEMO_ACCOUNTS
from lib.ui.shared.keys import ORDERS_STATUS
from tests.servers.desk import ROOT, Desk, free_port_pair, wait_until

ADDRESSES = (
    f"orders?{ORDERS_STATUS}=Pending",
    "order?order=ORD-2026-0042",
    "guest_access",
    "audit",
    "insights",
)
SUPPORT = DEMO_ACCOUNTS[0]


@contextmanager
def streamlit_run(beside: Desk) -> Iterator[str]:
    """Run `streamlit run app.py` before another desk's API; gives its address."""
    port = free_port_pair()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERS_")}
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    with subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=beside.folder,
        env={**kept, "ORDERS_API_URL": beside.api_url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield _once_healthy(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


@contextmanager
def lib_run(beside: Desk) -> Iterator[str]:
    """Run `python -m lib.run`, as `make run` does, before another desk's API; gives its address."""
    with Desk(beside.folder, ORDERS_API_URL=beside.api_url) as fresh:
        yield fresh.url


def _once_healthy(url: str) -> str:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return True
        except OSError:
            return False

    wait_until(answers)
    return url


class Wire:
    """Everything the server sent to a page over its websocket, shown or not."""

    def __init__(self, page: Page) -> None:
        self.received = b""
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._keep)

    def _keep(self, payload: str | bytes) -> None:
        self.received += payload if isinstance(payload, bytes) else payload.encode()


@pytest.mark.parametrize(
    ("run", "address"), [*((lib_run, address) for address in ADDRESSES), (streamlit_run, ADDRESSES[2])]
)
def test_a_strangers_first_request_gets_the_sign_in_and_nothing_else(
    browser: Browser, desk: Desk, run: Callable[[Desk], AbstractContextManager[str]], address: str
) -> None:
    with run(desk) as url:
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        wire = Wire(page)
        abroad: list[str] = []
        page.on("request", lambda request: abroad.append(request.url))
        page.goto(f"{url}/{address}")
        expect(page.get_by_role("textbox", name="Password")).to_be_visible()
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_enabled()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
        assert b"ORD-" not in wire.received
        assert "ORD-" not in page.inner_text("body")
        assert page.url == f"{url}/{address}"
        # and the address outlives the sign-in
        page.get_by_role("textbox", name="User name").fill(SUPPORT.username)
        page.get_by_role("textbox", name="Password").fill(SUPPORT.password)
        page.keyboard.press("Enter")
        page_name = re.split(r"\?", address)[0] or "orders"
        title = {"audit": "Audit log"}.get(page_name, page_name.replace("_", " ").capitalize())
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(page).to_have_url(f"{url}/{address}")
        assert [asked for asked in abroad if not asked.startswith((url, "data:", "blob:"))] == []
        context.close()
