"""Staff answer for what they look at, in Chromium: contact data for a reason, an export, and who looked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order
from lib.settings import Settings
from lib.staff.accounts import DEMO_ACCOUNTS
from tests.e2e.walking import as_admin, click_row, enter, go_to, sign_in
from tests.placing import place_order
from tests.servers.desk import Desk

SUE = DEMO_ACCOUNTS[2]
NUMBER = "ORD-2026-90004"
Snap = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def order(desk: Desk) -> str:
    """An order of today, the newest there is, and who looked at it in the past."""
    with as_admin(desk.folder, desk.api_url) as client:
        place_order(client, NUMBER)
    _looks_of_the_past(desk)
    return NUMBER


def _looks_of_the_past(desk: Desk) -> None:
    """Write down, as the API would have done, who looked three days ago and who did a month ago."""
    data, now = desk.folder / "data", datetime.now(UTC)
    keys = {name: (data / name).read_text().strip() for name in ("jwt_secret", "code_key")}
    api = Api.from_settings(Settings(_env_file=None, database_url=f"sqlite:///{data}/orders.db", **keys))  # type: ignore[arg-type]  # text becomes secrets
    with api.database.writing() as session:
        order = session.scalars(select(Order).where(Order.order_number == NUMBER)).one()
        for days, who, why in (
            (30, "eve", "A question of long ago"),
            (3, "olga", "Carrier asks for the gate"),
        ):
            act = AuditContext(
                f"staff:{who}", "support", "192.0.2.9", f"request-{who}", now - timedelta(days=days)
            )
            record(session, act, "order.reveal", "OK", order, reason=why)
    api.database.close()


def cell(page: Page, words: str) -> Locator:
    """Find a cell of a table, which lies unseen inside its painted canvas."""
    return page.locator("canvas td", has_text=words)


def test_contact_data_are_shown_for_a_reason_and_a_supervisor_finds_who_looked_and_why_in_three_clicks(
    page: Page, desk: Desk, order: str, snap: Snap
) -> None:
    page.goto(f"{desk.url}/order?order={order}")
    sign_in(page)
    expect(page.get_by_text("Contact data are masked.")).to_be_visible()
    expect(page.get_by_text("lena.brandt@example.com")).to_have_count(0)
    page.get_by_role("button", name="Show contact data …").click()
    dialog = page.get_by_role("dialog")
    show = dialog.get_by_role("button", name="Show contact data", exact=True)
    expect(show).to_be_disabled()
    dialog.get_by_label("Another reason").fill("Gift card is missing")
    expect(show).to_be_enabled()
    snap(page, "reveal")
    show.click()
    expect(page.get_by_text("lena.brandt@example.com")).to_be_visible()
    expect(page.get_by_text("contact shown until")).to_be_visible()
    page.get_by_label("Note for colleagues").fill("Wants a <b>gift card</b> *soon*")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Note added.")).to_be_visible()
    expect(page.get_by_label("Note for colleagues")).to_have_value("")
    noted = page.get_by_role("region", name="Notes").get_by_role("listitem")
    expect(noted).to_contain_text("Wants a <b>gift card</b> *soon*")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_role("region", name="Pinned note")).to_contain_text("Wants a <b>gift card</b> *soon*")
    page.get_by_role("button", name="Send confirmation again …").click()
    page.get_by_role("dialog").get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("dialog").get_by_text("It was sent a moment ago")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Audit log")).to_have_count(0)
    snap(page, "order-shown")
    page.get_by_role("button", name="Sign out").click()

    sign_in(page, SUE)
    go_to(page, "Orders")
    click_row(page, 0)  # one: the newest order is the one in question
    page.get_by_role("radio", name="Who looked, and why").click()
    expect(cell(page, "Gift card is missing")).to_have_count(1)
    snap(page, "order-looked")
    page.get_by_role("link", name="In the audit log").click()  # two
    expect(cell(page, "A question of long ago")).to_have_count(1)
    page.get_by_role("radio", name="Last 7 days").click()  # three
    expect(cell(page, "A question of long ago")).to_have_count(0)
    for words in (
        "Had contact data shown",
        "Looked at the order",
        "Carrier asks for the gate",
        "olga",
        "sam",
    ):
        expect(cell(page, words)).not_to_have_count(0)
    expect(page.get_by_label("Order number")).to_have_value(NUMBER)
    assert "audit_days=Last" in page.url
    snap(page, "audit")
    page.get_by_label("Order number").fill("")
    page.keyboard.press("Enter")
    expect(cell(page, "Sign-in")).not_to_have_count(0)
    expect(cell(page, "Listed orders")).to_have_count(0)
    page.get_by_text("Show list views").click()
    expect(cell(page, "Listed orders")).not_to_have_count(0)


def test_an_export_is_saved_once_and_its_link_is_dead_then(
    page: Page, desk: Desk, order: str, snap: Snap
) -> None:
    enter(page, desk, account=SUE)
    page.get_by_role("searchbox", name="Search orders").fill(order)
    expect(page.get_by_text("1 order", exact=True)).to_be_visible()
    page.get_by_role("button", name="Export …").click()
    link = page.get_by_role("dialog").get_by_role("link", name="Download CSV")
    expect(link).to_be_visible()
    snap(page, "export")
    with page.expect_download() as started:
        link.click()
    path = started.value.path()
    (row,) = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert (row["orderNumber"], row["emailMasked"]) == (NUMBER, "l***@example.com")
    address = f"{desk.url}/{link.get_attribute('href')}"
    assert page.request.get(address).status == 410
    assert "/media/" not in address


def test_an_export_holds_what_a_link_narrowed_the_list_to(page: Page, desk: Desk) -> None:
    enter(page, desk, "orders?orders_status_before=2001-01-02T00:00:00Z", SUE)
    expect(page.get_by_role("button", name="Export …")).to_be_visible()
    page.get_by_role("button", name="Export …").click()
    with page.expect_download() as started:
        page.get_by_role("dialog").get_by_role("link", name="Download CSV").click()
    assert len(started.value.path().read_text("utf-8-sig").splitlines()) == 1, "the heading alone"
