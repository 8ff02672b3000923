"""The content policy in a real browser: it lets through what the pages need, and they ask for no more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lib.staff.accounts import DEMO_ACCOUNTS
from tests.e2e.walking import small_store
from tests.servers.desk import Desk, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

ADMIN = next(account for account in DEMO_ACCOUNTS if account.role == "admin")
PAGES = ("order", "tracking", "guest_access", "mailbox", "orders")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A demonstration desk."""
    with Desk(small_store(tmp_path_factory.mktemp("desk"))) as running:
        yield running


def test_every_page_works_under_the_policy_and_asks_no_other_host(page: Page, desk: Desk) -> None:
    refused: list[str] = []
    elsewhere: list[str] = []

    def look_at(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            refused.append(message.text)

    def follow(request: Request) -> None:
        if not request.url.startswith((desk.url, "data:", "blob:", desk.url.replace("http", "ws"))):
            elsewhere.append(request.url)

    page.on("console", look_at)
    page.on("request", follow)
    page.goto(desk.url)
    sign_in(page)
    wait_until(lambda: any("staff" in cookie.get("name", "") for cookie in page.context.cookies()))
    for name in PAGES:
        page.goto(f"{desk.url}/{name}")
        # Signed in still: the cookie component wrote its cookie from inside its frame.
        expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=30_000)
        page.wait_for_load_state("networkidle")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert refused == []
    assert elsewhere == []


def test_the_desk_stops_at_once_though_browsers_are_open(page: Page, desk: Desk) -> None:
    page.goto(desk.url)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=30_000)
    began = time.monotonic()
    assert desk.stop() == 0
    assert time.monotonic() - began < 15
    assert desk.said.rstrip().endswith("Order Desk has stopped.")


def sign_in(page: Page) -> None:
    page.get_by_role("textbox", name="User name").fill(ADMIN.username)
    page.get_by_role("textbox", name="Password").fill(ADMIN.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=30_000)
