"""Every screen fits, wide and narrow; `make screenshots` keeps a picture of each, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from lib.orders_client import OrdersClient
from tests.e2e.conftest import Schemes
from tests.e2e.walking import PATIENCE, as_admin, click_row, go_to, mail_about, sign_in
from tests.placing import CALLER, place_order
from tests.servers.desk import Desk, wait_until

Snap = Callable[[Page, str], None]
NUMBER = "ORD-2026-90003"
WIDE, NARROW, HEIGHT = 1440, 800, 900
OVERHANG = (
    "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
)


@pytest.fixture(scope="module")
def api(desk: Desk) -> Iterator[OrdersClient]:
    with as_admin(desk.folder, desk.api_url) as client:
        place_order(client, NUMBER)
        yield client


@pytest.fixture
def look(page: Page, snap: Snap, schemes: Schemes) -> Callable[[str], None]:
    """Look at the screen as it is in every window, the wide one last, and keep a picture of each."""

    def at(name: str) -> None:
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                settle(page)
                overhang = page.get_by_test_id("stMain").evaluate(OVERHANG)
                assert overhang <= 0, f"{name} hangs over the edge at {width}"
                snap(page, f"{name}-{scheme}-{width}")

    return at


def test_every_screen_fits(page: Page, desk: Desk, api: OrdersClient, look: Callable[[str], None]) -> None:
    page.set_default_timeout(PATIENCE)
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    page.goto(desk.url)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=PATIENCE)
    look("sign-in")
    sign_in(page)
    expect(page.get_by_test_id("glide-cell-1-0")).to_have_text(NUMBER)
    look("orders")
    click_row(page, 0)
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible()
    expect(page.get_by_role("heading", name="Delivery")).to_be_visible()
    look("order")
    page.get_by_role("button", name="Cancel order …").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Keep order")).to_be_visible()
    look("cancel-dialog")
    page.get_by_role("dialog").get_by_role("button", name="Keep order").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    go_to(page, "Tracking")
    page.get_by_label("Tracking link or token").fill(
        found_in(mail_about(api, NUMBER, "CONFIRMATION"), r"/track/(\S+)")
    )
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible()
    look("tracking")

    go_to(page, "Guest access")
    look("guest-access-1")
    page.get_by_label("Order number").fill(NUMBER)
    page.get_by_label("Email address").fill(CALLER)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_label("Six-digit code")).to_be_visible()
    look("guest-access-2")
    page.get_by_label("Six-digit code").fill(
        found_in(mail_about(api, NUMBER, "ACCESS_CODE"), r"(?m)^ *(\d{6})$")
    )
    page.get_by_role("button", name="Open the order").click()
    expect(page.get_by_role("heading", name="Delivery")).to_be_visible()
    look("guest-access-3")
    page.get_by_role("button", name="End access").click()
    expect(page.get_by_text("Access ended")).to_be_visible()
    go_to(page, "Mailbox")
    expect(page.get_by_text("Your one-time code", exact=True).first).to_be_visible()
    look("mailbox")


def found_in(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]


def settle(page: Page) -> None:
    """Wait until the screen looks the same twice: resized tables and colours come a moment later."""
    page.mouse.move(0, 0)
    seen = b""

    def same() -> bool:
        nonlocal seen
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        before, seen = seen, page.screenshot()
        return before == seen

    wait_until(same)
