"""Orders of a shop's own export can be worked with in the dashboard: found, opened, cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lib.orders_client import OrdersClient
from tests.e2e.walking import as_admin, cancel_shown_order, enter, go_to, row_of, run_command
from tests.servers.desk import ROOT, Desk

EXPORT = ROOT / "tests" / "samples" / "shopify_sample.csv"
UNPAID, PAID = "#1002", "#1001"


@pytest.fixture(scope="module")
def api(desk: Desk) -> Iterator[OrdersClient]:
    """The desk's API, once the export is imported beside it."""
    export = desk.folder / EXPORT.name
    export.write_bytes(EXPORT.read_bytes())
    said = run_command(desk.folder, "import", export.name, "--format", "shopify")
    assert "9 added, 0 already there" in said
    with as_admin(desk.folder, desk.api_url) as client:
        yield client


def test_an_imported_unpaid_order_is_found_opened_and_cancelled(
    page: Page, desk: Desk, api: OrdersClient
) -> None:
    enter(page, desk)
    page.get_by_role("searchbox", name="Search orders").fill(UNPAID)
    expect(row_of(page, UNPAID)).to_have_count(1)
    page.get_by_role("button", name="Open order").press("Alt+o")
    expect(page.get_by_role("heading", name=UNPAID)).to_be_visible()
    expect(page).to_have_url(f"{desk.url}/order?order=%231002")
    cancel_shown_order(page, "The payment did not arrive")
    assert api.orders.get(UNPAID).status == "CANCELLED"
    page.reload()
    expect(page.get_by_text(re.compile("^Cancelled on .*: The payment did not arrive$"))).to_be_visible()
    expect(page.get_by_role("button", name="Cancel order …")).to_have_count(0)


def test_a_paid_one_opens_by_its_address_and_is_not_to_be_cancelled(
    page: Page, desk: Desk, api: OrdersClient
) -> None:
    enter(page, desk, "order?order=%231001")
    expect(page.get_by_role("heading", name=PAID)).to_be_visible()
    expect(page.get_by_text("US$97.97").first).to_be_visible()
    expect(page.get_by_text("Can't be cancelled.")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel order …")).to_have_count(0)
    go_to(page, "Orders")
    assert api.orders.get(PAID).status != "CANCELLED"
