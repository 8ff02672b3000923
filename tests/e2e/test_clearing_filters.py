"""In Chromium, cleared filters of the order list stay cleared, however one cleared them and goes on."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from lib.ui.shared.keys import NARROWING, ORDERS_PAGE, ORDERS_SORT
from tests.e2e.walking import OLGA, as_admin, choose, enter
from tests.servers.desk import Desk

CLEARED = re.compile("|".join(key for key in NARROWING if key != ORDERS_PAGE))
"""What the address must not name once it is cleared."""


def reset(page: Page) -> None:
    page.get_by_role("button", name="Reset", exact=True).click()


def look_among_all(page: Page) -> None:
    page.get_by_role("button", name="Look among all orders").click()


def take_a_view(page: Page) -> None:
    page.get_by_role("radio", name=re.compile("^All")).click()


def clear_by_hand(page: Page) -> None:
    fold(page)
    for name in ("Remove Germany", "Remove EUR", "Clear date", "Clear date", "Clear value", "Clear value"):
        page.get_by_role("button", name=name).first.click()
    fold(page)


def refresh(page: Page) -> None:
    page.get_by_role("button", name="Refresh").click()


def next_page(page: Page) -> None:
    page.get_by_role("button", name="Next page").first.click()
    expect(page.get_by_text(re.compile("^26–"))).to_be_visible()


def sort(page: Page) -> None:
    choose(page, "Sort", "Oldest first")
    expect(page).to_have_url(re.compile(ORDERS_SORT))


def search(page: Page) -> None:
    box = page.get_by_role("searchbox", name="Search orders")
    box.fill("xqzxqz")
    expect(page.get_by_text("No order matches")).to_be_visible()
    box.fill("")


CLEARING = (reset, look_among_all, take_a_view, clear_by_hand)
GOING_ON = (next_page, sort, search, refresh)


def test_no_filter_comes_back_after_it_was_cleared(page: Page, desk: Desk) -> None:
    """Each way to clear, with two ways to go on each; tests/ui has the whole table."""
    with as_admin(desk.folder, desk.api_url) as api:
        everything = f"of {api.orders.list(limit=1).total} orders"
    enter(page, desk, account=OLGA)  # whose sort is remembered, and nobody else counts on
    for turn, clear in enumerate(CLEARING):
        narrow(page)
        clear(page)
        expect(page.get_by_text(everything)).to_be_visible()
        for go_on in GOING_ON[turn % 2 :: 2]:
            # A click while the page is being drawn anew may hit a button that is just replaced.
            expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
            go_on(page)
            expect(page.get_by_text(everything)).to_be_visible()
            expect(page.get_by_text("Only ")).to_have_count(0)
            assert not CLEARED.search(page.url), (clear, go_on)
        page.reload()
        expect(page.get_by_text(everything)).to_be_visible()


def narrow(page: Page) -> None:
    """Set the six filters that are folded away, to what no order fits, and fold them away again."""
    fold(page)
    for name, typed, option in (("Ships to", "ger", "Germany"), ("Currency", "eur", "EUR")):
        page.get_by_role("combobox", name=name).click()
        page.keyboard.type(typed)
        expect(page.get_by_role("option").first).to_have_text(option)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
    for name in ("Placed from", "Placed to"):
        page.get_by_role("group", name=name).get_by_role("spinbutton").first.click()
        page.keyboard.type("01052026")  # as a Briton writes it
        page.keyboard.press("Escape")
    for name, amount in (("Total from", "5"), ("Total to", "1")):
        page.get_by_role("spinbutton", name=name).fill(amount)
        page.keyboard.press("Enter")
    expect(
        page.get_by_text("Germany, EUR, from 1 May 2026, to 1 May 2026, at least 5.0, at most 1.0")
    ).to_be_visible()
    fold(page)
    expect(page.get_by_role("combobox", name="Ships to")).to_be_hidden()  # the page moves no more


def fold(page: Page) -> None:
    """Unfold the six filters, or fold them away again."""
    page.get_by_text("Filters", exact=True).click()
