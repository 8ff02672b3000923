"""Ops walks from the insights to the orders behind them, by card, chart and table, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from lib.staff.accounts import DEMO_ACCOUNTS
from tests.e2e.test_screens import HEIGHT, OVERHANG, SCHEMES, WIDTHS, settle
from tests.e2e.walking import PATIENCE, go_to, sign_in, small_store
from tests.servers.desk import Desk

OLGA = next(account for account in DEMO_ACCOUNTS if account.role == "ops")
HEADING, ROW = 34, 33


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(small_store(tmp_path_factory.mktemp("desk"), 600, seed=2)) as running:
        yield running


def open_insights(page: Page) -> None:
    go_to(page, "Insights")
    expect(page.get_by_role("heading", name="Contradictions")).to_be_visible(timeout=PATIENCE)
    settle(page)


def test_each_figure_opens_its_orders(page: Page, desk: Desk, snap: Callable[[Page, str], None]) -> None:
    page.set_default_timeout(PATIENCE)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    page.goto(desk.url)
    sign_in(page, OLGA)
    open_insights(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            settle(page)
            assert page.get_by_test_id("stMain").evaluate(OVERHANG) <= 0
            snap(page, f"insights-{scheme}-{width}")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})

    pending = page.get_by_test_id("stMetricValue").first.inner_text()
    page.get_by_role("button", name="Open pending").click()
    expect(page.get_by_text(f"of {pending} orders")).to_be_visible()
    expect(page).to_have_url(re.compile("orders_status=Pending$"))

    open_insights(page)
    placed = re.search(r"(\d+) placed from", page.get_by_text(" placed from ").inner_text())
    assert placed
    chart = page.get_by_test_id("stVegaLiteChart").nth(1)
    chart.scroll_into_view_if_needed()
    settle(page)
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 16)
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 18)
    expect(page.get_by_text(f"of {placed[1]} orders")).to_be_visible()

    open_insights(page)
    table = page.get_by_role("region", name="Stuck orders;")
    table.hover(position={"x": 30, "y": HEADING + ROW // 2})
    table.click(position={"x": 26, "y": HEADING + ROW // 2})
    expect(page.get_by_text("in their status since before")).to_be_visible()
    expect(page).to_have_url(re.compile("orders_status=Pending&orders_status_before=[^&]+$"))
