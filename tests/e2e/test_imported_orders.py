"""Orders of a shop's own export can be worked with in the dashboard: found, opened, cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lib.orders_client import OrdersClient
from tests.e2e.walking import as_admin, cancel_shown_order, go_to, row_of, run_command, sign_in
from tests.servers.desk import ROOT, Desk

EXPORT = ROOT / "tests" / "samples" / "shopify_sample.csv"
UNPAID, PAID = "#1002", "#1001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("desk")
    export = made / EXPORT.name
    export.write_bytes(EXPORT.read_bytes())
    run_command(made, "migrate")
    said = run_command(made, "import", export.name, "--format", "shopify")
    assert "9 added, 0 already there" in said
    return made


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Desk]:
    with Desk(folder) as running:
        yield running


@pytest.fixture(scope="module")
def api(folder: Path, desk: Desk) -> Iterator[OrdersClient]:
    with as_admin(folder, desk.api_url) as client:
        yield client


def test_an_imported_unpaid_order_is_found_opened_and_cancelled(
    page: Page, desk: Desk, api: OrdersClient
) -> None:
    page.goto(desk.url)
    sign_in(page)
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
    page.goto(f"{desk.url}/order?order=%231001")
    sign_in(page)
    expect(page.get_by_role("heading", name=PAID)).to_be_visible()
    expect(page.get_by_text("US$97.97").first).to_be_visible()
    expect(page.get_by_text("Can't be cancelled.")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel order …")).to_have_count(0)
    go_to(page, "Orders")
    assert api.orders.get(PAID).status != "CANCELLED"
