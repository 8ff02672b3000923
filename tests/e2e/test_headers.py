"""The content policy in a real browser: it lets through what the pages need, and they ask for no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from lib.staff.accounts import DEMO_ACCOUNTS
from tests.e2e.walking import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

    from tests.servers.desk import Desk

ADMIN = next(account for account in DEMO_ACCOUNTS if account.role == "admin")
PAGES = ("order", "tracking", "guest_access", "mailbox", "orders")


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
    sign_in(page, ADMIN)
    for name in PAGES:
        page.goto(f"{desk.url}/{name}")
        # Signed in still: the cookie component wrote its cookie from inside its frame.
        expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=30_000)
        page.wait_for_load_state("networkidle")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert refused == []
    assert elsewhere == []
