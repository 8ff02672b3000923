"""A supervisor in front of a shop's own API with the core alone, in Chromium; only address and token set."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lib.staff import changes
from lib.staff.accounts import DemoAccount
from tests.e2e.walking import cancel_shown_order, click_row, go_to, row_of, sign_in
from tests.servers.desk import Desk
from tests.servers.reference import ReferenceServer

SUE = DemoAccount("sue", "Sue", "supervisor", "correct horse battery")


@pytest.fixture(scope="module")
def shop() -> Iterator[ReferenceServer]:
    with ReferenceServer() as running:
        yield running


@pytest.fixture(scope="module")
def desk(shop: ReferenceServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    changes.add_account(folder / "data" / "staff.yaml", SUE.username, SUE.name, [SUE.role], SUE.password)
    with Desk(folder, ORDERS_API_URL=shop.url, ORDERS_API_TOKEN=shop.token) as running:
        yield running


def test_a_supervisor_does_all_that_the_core_allows_and_is_told_nothing_false(
    page: Page, desk: Desk, shop: ReferenceServer
) -> None:
    page.goto(desk.url)
    sign_in(page, SUE)
    expect(page.get_by_text("1–25 of 37 orders")).to_be_visible()
    expect(page.get_by_role("link", name="Audit log")).to_have_count(0)
    expect(page.get_by_role("button", name="Export …")).to_have_count(0)

    page.get_by_role("radio", name="Awaiting payment").click()
    expect(page.get_by_text("6 of the newest 37 orders", exact=True)).to_be_visible()
    expect(row_of(page, "SHOP-1035")).to_have_count(1)
    expect(page.locator("canvas td", has_text="Confirmed")).to_have_count(0)

    click_row(page, 0)
    expect(page.get_by_role("heading", name="SHOP-1000")).to_be_visible()
    expect(page.get_by_text("Contact data are masked.")).to_be_visible()
    expect(page.get_by_text("Timeline")).to_have_count(0)
    page.get_by_role("button", name="Show contact data …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Another reason").fill("Parcel came back")
    dialog.get_by_role("button", name="Show contact data", exact=True).click()
    expect(page.get_by_text("doe0@example.com")).to_be_visible()
    line = next(json.loads(each) for each in desk.output if each.startswith("{"))
    assert (line["staff"], line["order"], line["reason"]) == ("sue", "SHOP-1000", "Parcel came back")
    cancel_shown_order(page, "The customer asked for it")
    assert shop.orders["SHOP-1000"]["status"] == "CANCELLED"

    go_to(page, "Orders")
    expect(page.get_by_text("5 of the newest 37 orders", exact=True)).to_be_visible()

    go_to(page, "Tracking")
    page.get_by_label("Tracking link or token").fill("track-1003")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="SHOP-1003")).to_be_visible()

    go_to(page, "Guest access")
    page.get_by_label("Order number").fill("#FR/2026/1009")
    page.get_by_label("Email address, as the caller says it").fill("doe9@example.com")
    page.get_by_role("button", name="Send the code").click()
    code = page.get_by_label("Six-digit code")
    expect(code).to_be_visible()
    code.fill(shop.codes["#FR/2026/1009"])
    page.get_by_role("button", name="Open the order").click()
    expect(page.get_by_role("heading", name="#FR/2026/1009")).to_be_visible()
    page.get_by_role("button", name="End access").click()
    expect(page.get_by_text("can't end an access early")).to_be_visible()

    go_to(page, "Insights")
    expect(page.get_by_text("Made of the newest 37 orders").first).to_be_visible()
    expect(page.get_by_role("heading", name="Orders a day")).to_be_visible()
    expect(page.get_by_role("heading", name="Countries")).to_be_visible()
    expect(page.get_by_text("Try again")).to_have_count(0)
