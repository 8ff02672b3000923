"""A day at the support desk in Chromium: find an order, cancel it, track it, verify a caller, and go home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from lib.orders_client import OrderDetail, OrdersClient
from lib.ui.shared.keys import ORDERS_SORT, ORDERS_STATUS
from tests.e2e.walking import (
    ADA,
    as_admin,
    cancel_shown_order,
    choose,
    click_row,
    enter,
    go_to,
    mail_about,
    row_of,
    sign_in,
)
from tests.placing import CALLER, place_order
from tests.servers.desk import Desk

NUMBER = "ORD-2026-90001"
ADDRESSES = ("", "orders", f"order?order={NUMBER}", "tracking", "guest_access", "mailbox")


@dataclass(frozen=True)
class Shop:
    """A running desk, and the shop's own way to its API."""

    desk: Desk
    api: OrdersClient


@pytest.fixture(scope="module")
def shop(desk: Desk) -> Iterator[Shop]:
    with as_admin(desk.folder, desk.api_url) as api:
        yield Shop(desk, api)


@pytest.fixture(scope="module")
def order(shop: Shop) -> OrderDetail:
    """An order of today that awaits its payment: the newest there is."""
    return place_order(shop.api, NUMBER)


def test_a_whole_day(page: Page, shop: Shop, order: OrderDetail) -> None:
    page.goto(shop.desk.url)
    sign_in(page)
    cancel_from_the_list(page, order)
    see_it_cancelled(page, shop, order)
    track(page, shop, order)
    verify_the_caller(page, shop, order)
    go_home(page, shop)


def cancel_from_the_list(page: Page, order: OrderDetail) -> None:
    page.get_by_role("radio", name="Awaiting payment").click()
    expect(page).to_have_url(re.compile(f"{ORDERS_STATUS}=Pending"))
    expect(page.get_by_test_id("glide-cell-1-0")).to_have_text(order.order_number)
    click_row(page, 0)
    expect(page).to_have_url(re.compile(rf"/order\?order={order.order_number}$"))
    expect(page.get_by_role("heading", name=order.order_number)).to_be_visible()
    cancel_shown_order(page, "The customer asked for it")


def see_it_cancelled(page: Page, shop: Shop, order: OrderDetail) -> None:
    event = page.get_by_role("region", name="Timeline").get_by_role("listitem").first
    expect(event).to_contain_text("Pending → Cancelled: The customer asked for it")
    expect(page).to_have_title(f"{order.order_number} · Order Desk")
    expect(page.get_by_role("button", name="Send confirmation again …")).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel order …")).to_have_count(0)
    page.get_by_role("link", name="All orders").click()
    expect(row_of(page, order.order_number)).to_have_count(0)  # the list still shows what awaits payment
    page.get_by_role("radio", name="All").click()
    expect(page.get_by_test_id("glide-cell-1-0")).to_have_text(order.order_number)
    expect(page.get_by_test_id("glide-cell-2-0")).to_have_text("Cancelled")
    assert mail_about(shop.api, order.order_number, "CANCELLATION")
    go_to(page, "Mailbox")
    expect(page.get_by_text("Your order was cancelled").first).to_be_visible()


def track(page: Page, shop: Shop, order: OrderDetail) -> None:
    found = re.search(r"https?://\S+/track/(\S+)", mail_about(shop.api, order.order_number, "CONFIRMATION"))
    assert found
    go_to(page, "Tracking")
    page.get_by_label("Tracking link or token").fill(found[1])
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("This is all that the customer sees.")).to_be_visible()
    shown = page.get_by_role("main")
    expect(shown.get_by_role("heading", name=order.order_number)).to_be_visible()
    expect(shown.get_by_text("Cancelled", exact=True)).to_be_visible()
    for secret in ("Brandt", "Gärtnerstraße", CALLER):
        expect(shown).not_to_contain_text(secret)
    assert found[1] not in page.url


def verify_the_caller(page: Page, shop: Shop, order: OrderDetail) -> None:
    page.goto(f"{shop.desk.url}/order?order={order.order_number}")
    page.get_by_role("button", name="Verify this caller").click()
    expect(page.get_by_label("Order number")).to_have_value(order.order_number)
    page.get_by_label("Email address").fill(CALLER)
    page.get_by_role("button", name="Send the code").click()
    code = re.search(r"^ *(\d{6})$", mail_about(shop.api, order.order_number, "ACCESS_CODE"), re.MULTILINE)
    assert code
    enter_code(page, f"{(int(code[1]) + 1) % 1_000_000:06d}")
    expect(page.get_by_text("The code, the order number or the email does not fit")).to_be_visible()
    expect(page.get_by_role("heading", name=order.order_number)).to_have_count(0)
    enter_code(page, code[1])
    expect(page.get_by_role("heading", name=order.order_number)).to_be_visible()
    expect(page.get_by_text("Gärtnerstraße 14").last).to_be_visible()  # the first is what is copied
    page.get_by_role("link", name="Back to the order").click()
    expect(page.get_by_text(re.compile("caller verified, (29|30) min left"))).to_be_visible()
    expect(page.get_by_text("Gärtnerstraße 14").last).to_be_visible()
    go_to(page, "Guest access")
    page.get_by_role("button", name="End access").click()
    expect(page.get_by_text("Access ended")).to_be_visible()
    expect(page.get_by_text("Gärtnerstraße 14")).to_have_count(0)


def enter_code(page: Page, code: str) -> None:
    page.get_by_label("Six-digit code").fill(code)
    page.get_by_role("button", name="Open the order").click()


def go_home(page: Page, shop: Shop) -> None:
    page.get_by_role("button", name="Sign out").click()
    for address in ADDRESSES:
        page.goto(f"{shop.desk.url}/{address}")
        expect(page.get_by_role("textbox", name="Password")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("ORD-")
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)


def test_an_order_is_found_and_left_by_keys_and_by_the_mouse_after_them(
    page: Page, shop: Shop, order: OrderDetail
) -> None:
    enter(page, shop.desk, "nonsense")
    expect(page.get_by_text("This address leads to no page of Order Desk.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # Streamlit has one for such an address
    page.get_by_role("heading", name="No such page").click()  # the focus is in no box
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search orders")
    expect(search).to_be_focused()
    listed = page.url
    page.keyboard.type(order.order_number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=order.order_number)).to_be_visible()
    page.go_back()
    expect(page).to_have_url(listed)
    expect(search).to_be_focused()
    expect(search).to_have_value(order.order_number)
    search.fill("")
    expect(page.get_by_test_id("glide-cell-2-0")).to_be_attached()
    tenth = page.get_by_test_id("glide-cell-1-9").inner_text()
    page.get_by_role("combobox", name="Orders per page").focus()
    while page.evaluate("document.activeElement.tagName") != "CANVAS":
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Open order")).to_be_visible()
    for _ in range(3):  # faster than the page hears of each
        page.keyboard.press("ArrowDown")
    fourth = page.get_by_test_id("glide-cell-1-3").inner_text()
    expect(page.get_by_test_id("stBottom").get_by_text(fourth)).to_be_visible()
    click_row(page, 9)
    expect(page.get_by_role("heading", name=tenth)).to_be_visible()


def test_a_confirmation_goes_to_a_corrected_email_in_two_clicks(page: Page, shop: Shop) -> None:
    number = place_order(shop.api, "ORD-2026-90011").order_number
    enter(page, shop.desk, f"order?order={number}")
    page.get_by_role("button", name="Correct email or phone …").click()  # one
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Correct email").fill("mailto:right.one@example.com")
    expect(dialog.get_by_text("Send the confirmation to the new address")).to_be_visible()
    dialog.get_by_role("button", name="The customer mistyped it").click()  # two
    expect(page.get_by_text("Changed.")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("r***@example.com")).to_be_visible()
    expect(page.get_by_text("Email changed: The customer mistyped it")).to_be_visible()
    sent = [(each.kind, each.recipient) for each in shop.api.demo.mailbox() if number in (each.text or "")]
    assert ("EMAIL_CHANGED", CALLER) in sent
    assert ("CONFIRMATION", "right.one@example.com") in sent


def test_a_note_to_many_orders_is_added_once_also_when_it_is_sent_again_after_a_reload(
    page: Page, shop: Shop
) -> None:
    enter(page, shop.desk, "?orders_status=Delivered")
    numbers = [page.get_by_test_id(f"glide-cell-1-{row}").inner_text() for row in (0, 2)]
    for _ in range(2):
        for row, said in ((0, "1 order selected"), (2, "2 orders selected")):
            click_row(page, row, across=16)
            expect(page.get_by_text(said)).to_be_visible()
        page.get_by_role("button", name="Add a note …").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Note for colleagues").fill("Ask the warehouse")
        page.keyboard.press("Control+Enter")
        dialog.get_by_role("button", name="Add it to 2 orders").click()
        expect(dialog.get_by_text("Added: 2 of 2 orders.")).to_be_visible()
        page.reload()
        expect(page.get_by_test_id("glide-cell-1-0")).to_have_text(numbers[0])
    for number in numbers:
        notes = [entry.detail for entry in shop.api.orders.timeline(number).items if entry.kind == "NOTE"]
        assert notes.count("Ask the warehouse") == 1


def test_an_orders_address_leads_through_the_sign_in_to_that_order(
    page: Page, shop: Shop, order: OrderDetail
) -> None:
    address = f"{shop.desk.url}/order?order={order.order_number}"
    page.goto(address)
    expect(page.get_by_role("textbox", name="Password")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(order.order_number)
    sign_in(page)
    expect(page.get_by_role("heading", name=order.order_number)).to_be_visible()
    expect(page).to_have_url(address)


def test_filters_survive_a_reload_in_the_address_and_the_search_text_is_not_in_it(
    page: Page, shop: Shop
) -> None:
    enter(page, shop.desk, account=ADA)  # whose sort is remembered, and nobody else counts on
    page.get_by_role("radio", name="On the way").click()
    expect(page).to_have_url(re.compile(f"{ORDERS_STATUS}=Shipped"))
    expect(page.get_by_test_id("glide-cell-2-0")).to_have_text("Shipped")
    newest = page.get_by_test_id("glide-cell-1-0").inner_text()
    choose(page, "Sort", "Oldest first")
    expect(page).to_have_url(re.compile(f"{ORDERS_SORT}="))
    expect(page.get_by_test_id("glide-cell-1-0")).not_to_have_text(newest)
    summary = page.get_by_text(re.compile(r"\d+ orders?$"))
    counted, first = summary.inner_text(), page.get_by_test_id("glide-cell-1-0").inner_text()
    page.reload()
    expect(summary).to_have_text(counted)
    expect(page.get_by_test_id("glide-cell-1-0")).to_have_text(first)
    expect(page.get_by_role("radio", name="On the way")).to_be_checked()
    page.get_by_role("searchbox", name="Search orders").fill(CALLER)
    expect(page.get_by_text("No order matches")).to_be_visible()
    assert "brandt" not in page.url
