"""Plays ten calls to the support desk in Chromium, and counts the clicks, keys and seconds to each answer."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, expect

from bench.table import Row
from lib.orders_client import OrdersClient
from lib.staff.accounts import DEMO_ACCOUNTS
from tests.e2e.walking import as_admin, click_row, sign_in, small_store
from tests.placing import CALLER, place_order
from tests.servers.browser import chromium
from tests.servers.desk import Desk, wait_until

SUE = DEMO_ACCOUNTS[2]
ORDERS = 300
SHIPPED, PENDING, ASKED, MISTYPED = (f"ORD-2026-9000{number}" for number in range(1, 5))
RIGHT = "lena.brandt@example.org"


@dataclass
class Caller:
    """The desk's page while a call is played; what is typed as text is not counted, each other key is."""

    page: Page
    api: OrdersClient
    clicks: int = 0
    keys: int = 0

    def search(self, text: str) -> None:
        """Type what the caller says into the search, and go to what it means."""
        self.page.keyboard.type(text)
        self.press("Enter")

    def type(self, text: str) -> None:
        """Type or paste a text where the focus is."""
        self.page.keyboard.insert_text(text)

    def press(self, key: str) -> None:
        """Press a key."""
        self.keys += 1
        self.page.keyboard.press(key)

    def click(self, what: Locator) -> None:
        """Click."""
        self.clicks += 1
        what.click()

    def button(self, name: str) -> Locator:
        """Return a button, in the dialog where one is open."""
        dialog = self.page.get_by_role("dialog")
        return (dialog if dialog.count() else self.page).get_by_role("button", name=name, exact=True)

    def mail(self, kind: str, pattern: str) -> str:
        """Return what a pattern finds in the newest email of a kind, as the caller would read it out."""
        wait_until(lambda: any(each.kind == kind for each in self.api.demo.mailbox()))
        text = next(each.text or "" for each in self.api.demo.mailbox() if each.kind == kind)
        found = re.search(pattern, text)
        assert found, kind
        return found[1]


def where_is_my_parcel(call: Caller) -> Locator:
    call.search(SHIPPED)
    return call.page.get_by_text("Shipped by DHL")


def cancel_it(call: Caller) -> Locator:
    call.search(PENDING)
    call.click(call.button("Cancel order …"))
    call.click(call.button("The customer asked for it"))
    return call.page.get_by_text("Order cancelled.")


def a_guest_proves_it_by_a_code(call: Caller) -> Locator:
    page = call.page
    call.click(page.get_by_test_id("stSidebarNav").get_by_role("link", name="Guest access"))
    expect(page.get_by_label("Order number")).to_be_focused()
    call.type(ASKED)
    call.press("Tab")
    call.type(CALLER)
    call.press("Enter")
    expect(page.get_by_label("Six-digit code")).to_be_focused()
    call.type(call.mail("ACCESS_CODE", r"(?m)^ *(\d{6})$"))
    call.press("Enter")
    return page.get_by_role("heading", name=ASKED)


def which_address_is_it_going_to(call: Caller) -> Locator:
    call.search(SHIPPED)
    call.click(call.button("Show contact data …"))
    call.click(call.button("The caller wants to check their contact data"))
    return call.page.get_by_text("contact shown until")


def i_was_charged_twice(call: Caller) -> Locator:
    call.search(SHIPPED)
    return call.page.get_by_text(re.compile(r"^\d+ other orders")).first


def send_it_to_my_right_email(call: Caller) -> Locator:
    call.search(MISTYPED)
    call.click(call.button("Correct email or phone …"))
    expect(call.page.get_by_role("textbox", name="Correct email")).to_be_focused()
    call.type(RIGHT)
    call.click(call.button("The customer mistyped it"))
    # An order of this minute: its confirmation may not be sent again yet, and the page says so.
    return call.page.get_by_text(re.compile(r"^Changed\."))


def who_looked_at_it(call: Caller) -> Locator:
    call.search(SHIPPED)
    call.click(call.page.get_by_role("radio", name="Who looked, and why"))
    return call.page.get_by_text("looked at this order:")


def what_is_pending_for_too_long(call: Caller) -> Locator:
    call.click(call.page.get_by_role("radio", name="Pending over 24 h"))
    return call.page.get_by_role("status").get_by_text(re.compile(r"of (?!304 )\d+ orders"))


def what_do_i_see_under_my_link(call: Caller) -> Locator:
    call.click(call.page.get_by_test_id("stSidebarNav").get_by_role("link", name="Tracking"))
    expect(call.page.get_by_label("Tracking link or token")).to_be_focused()
    call.type(call.mail("CONFIRMATION", r"(https?://\S+/track/\S+)"))
    call.press("Enter")
    return call.page.get_by_text("This is all that the customer sees.")


def i_have_no_number_only_my_name(call: Caller) -> Locator:
    call.page.keyboard.type("lena brandt")
    expect(call.page.get_by_role("status").get_by_text("of 4 orders")).to_be_visible()
    call.clicks += 1
    click_row(call.page, 0)
    return call.page.get_by_role("heading", name=re.compile(r"^ORD-2026-9000\d$"))


CALLS: tuple[tuple[Callable[[Caller], Locator], int | None], ...] = (
    (where_is_my_parcel, 1),
    (cancel_it, 3),
    (a_guest_proves_it_by_a_code, 4),
    (which_address_is_it_going_to, 3),
    (i_was_charged_twice, 1),
    (send_it_to_my_right_email, 4),
    (who_looked_at_it, 2),
    (what_is_pending_for_too_long, 1),
    (what_do_i_see_under_my_link, None),
    (i_have_no_number_only_my_name, None),
)
"""Each call, and how many clicks and keys it may take after the search's text, where issue 14 says so."""


def measure() -> list[Row]:
    """Play each call once, on a fresh desk."""
    with _desk() as (page, api):
        return [_play(page, api, call, most) for call, most in CALLS]


@contextmanager
def _desk() -> Iterator[tuple[Page, OrdersClient]]:
    with tempfile.TemporaryDirectory() as name:
        folder = small_store(Path(name), ORDERS)
        with Desk(folder) as desk, as_admin(folder, desk.api_url) as api, chromium() as browser:
            for number in (MISTYPED, ASKED, PENDING, SHIPPED):
                place_order(api, number)
            for status in ("CONFIRMED", "PROCESSING"):
                api.orders.set_status(SHIPPED, status)
            api.orders.set_status(SHIPPED, "SHIPPED", carrier="DHL", tracking_number="00340434161094000000")
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(desk.url)
            sign_in(page, SUE)
            yield page, api


def _play(page: Page, api: OrdersClient, call: Callable[[Caller], Locator], most: int | None) -> Row:
    page.goto(f"{page.url.partition('?')[0].rpartition('/')[0]}/orders")
    expect(page.get_by_role("status").get_by_text(f"of {ORDERS + 4} orders")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    caller = Caller(page, api)
    words = call.__name__.replace("_", " ").capitalize()
    began = time.perf_counter()
    try:
        answer = call(caller)
        expect(answer).to_be_in_viewport()
    except (AssertionError, Error) as error:
        return Row("call", words, "no answer", str(error).splitlines()[0])
    seconds = time.perf_counter() - began
    took = caller.clicks + caller.keys
    target = "" if most is None else f" of {most} at most"
    return Row(
        "call", words, f"{took}{target}", f"{caller.clicks} clicks, {caller.keys} keys, {seconds:.1f} s"
    )
