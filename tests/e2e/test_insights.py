"""Ops walks from the insights to the orders behind them, by card, chart and table, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Schemes
from tests.e2e.test_screens import HEIGHT, NARROW, OVERHANG, WIDE, settle
from tests.e2e.walking import OLGA, PATIENCE, enter, go_to, small_store
from tests.servers.desk import Desk

HEADING, ROW = 34, 33
WHITE = (255, 255, 255)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk of their own: figures are shared for a minute, and would lack what others have just done."""
    with Desk(small_store(tmp_path_factory.mktemp("desk"))) as running:
        yield running


def open_insights(page: Page) -> None:
    go_to(page, "Insights")
    expect(page.get_by_role("heading", name="Contradictions")).to_be_visible(timeout=PATIENCE)
    settle(page)


def click_at(page: Page, chart: Locator, x: float, y: float) -> None:
    """Click on a chart at parts of its width and height."""
    chart.scroll_into_view_if_needed()
    settle(page)
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * x - 2, box["y"] + box["height"] * y)
    page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def click_cell(page: Page, title: str, row: int, across: float) -> None:
    """Click on a cell of a table, at a part of its width."""
    table = page.get_by_role("region", name=f"{title};")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    x, y = box["width"] * across, HEADING + ROW * row + ROW // 2
    table.hover(position={"x": x - 4, "y": y})
    table.click(position={"x": x, "y": y})


def test_each_figure_opens_its_orders(
    page: Page, desk: Desk, schemes: Schemes, snap: Callable[[Page, str], None]
) -> None:
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    enter(page, desk, account=OLGA)
    open_insights(page)
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            settle(page)
            assert page.get_by_test_id("stMain").evaluate(OVERHANG) <= 0
            snap(page, f"insights-{scheme}-{width}")

    pending = page.get_by_test_id("stMetricValue").first.inner_text()
    page.get_by_role("button", name="Open pending").click()
    expect(page.get_by_text(f"of {pending} orders")).to_be_visible()
    expect(page).to_have_url(re.compile("orders_status=Pending$"))

    open_insights(page)
    flow = page.locator(".st-key-insights_progress").get_by_test_id("stVegaLiteChart")
    named = page.get_by_role("button", name="Download as PNG: How far").get_attribute("aria-label") or ""
    paid = re.search(r"paid (\d+)", named)
    assert paid, named
    flow.scroll_into_view_if_needed()
    settle(page)
    snap(page, "insights-flow")
    click_at(page, flow, 0.1, 0.3)
    expect(page.get_by_text(f"of {paid[1]} orders")).to_be_visible()
    expect(page).to_have_url(re.compile("orders_status=Confirmed&orders_status=Processing&"))

    open_insights(page)
    sent = re.search(r", sent (\d+)", named)
    assert sent, named
    click_at(page, flow, 0.5, 0.3)
    expect(page.get_by_text(f"of {sent[1]} orders")).to_be_visible()
    expect(page).to_have_url(re.compile("orders_reached=SHIPPED"))

    open_insights(page)
    click_cell(page, "Where orders are stuck", 0, 0.05)
    expect(page.get_by_text("in their status since before")).to_be_visible()
    expect(page).to_have_url(re.compile("orders_status=Pending&orders_status_before=[^&]+$"))


def test_each_cell_opens_its_own_orders(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    enter(page, desk, account=OLGA)
    cells = {
        "Changes of status on these days": [(2, 0.05, "change_to=PENDING"), (3, 0.95, "changed_before=")],
        "Came to each status, day by day": [(4, 0.6, "change_to=SHIPPED")],
    }
    totals = set()
    for title, places in cells.items():
        for column, across, address in places:
            open_insights(page)
            if title.startswith("Came"):
                page.get_by_text(title).click()
                settle(page)
            numbers = page.get_by_role("region", name=f"{title};").get_by_test_id(
                re.compile(f"^glide-cell-{column}-[0-9]$")
            )
            expect(numbers.first).to_be_attached()
            counts = [int(each) for each in numbers.all_text_contents()]
            row = max(range(len(counts)), key=counts.__getitem__)
            click_cell(page, title, row, across)
            expect(page.get_by_text(f"of {counts[row]} orders")).to_be_visible()
            expect(page).to_have_url(re.compile(address))
            totals.add(page.url)
    assert len(totals) == 3


def test_the_upright_line_opens_the_orders_of_the_days_before(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    enter(page, desk, "insights?insights_range=90+days", OLGA)
    expect(page.get_by_role("heading", name="Contradictions")).to_be_visible(timeout=PATIENCE)
    settle(page)
    line = page.locator(".st-key-insights_reasons path[aria-roledescription=tick]").last
    line.scroll_into_view_if_needed()
    settle(page)
    before = re.match(r"before: (\d+)", line.get_attribute("aria-label") or "")
    box = line.bounding_box()
    assert before
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 8)
    page.mouse.click(box["x"] + 3, box["y"] + 8)
    expect(page.get_by_text(f"of {before[1]} orders")).to_be_visible()
    until = re.search(r"orders_reason=.*orders_status_before=([-0-9]+)T", page.url)
    assert until
    assert date.fromisoformat(until[1]) < date.today() - timedelta(days=80)


def test_charts_are_taken_away_as_pictures_and_the_page_on_paper(
    page: Page, desk: Desk, snap: Callable[[Page, str], None], tmp_path: Path
) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    enter(page, desk, "insights?insights_range=7+days&insights_print=true", OLGA)
    expect(page.get_by_role("heading", name="Contradictions")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile("insights_print=true"))
    settle(page)
    snap(page, "insights-print")
    assert picture_of(page, tmp_path)[0] == WHITE

    page.emulate_media(media="print", color_scheme="dark")
    for widget in ("stSidebar", "stHeader"):
        expect(page.get_by_test_id(widget)).to_be_hidden()
    expect(page.get_by_text("Print view")).to_be_hidden()
    expect(page.get_by_text("Figures from")).to_be_visible()
    # Somebody else's words for how many pages: each has one such object.
    assert 1 < page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") < 8

    page.emulate_media(media="screen", color_scheme="dark")
    page.get_by_text("Print view").click()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    expect(page.get_by_text("The same as a table").first).to_be_visible()
    corner, width = picture_of(page, tmp_path)
    assert corner != WHITE
    assert width > page.viewport_size["width"] if page.viewport_size else False


def picture_of(page: Page, folder: Path) -> tuple[tuple[int, ...], int]:
    """Take the flow picture away by the chart's own button; return its first pixel and its width."""
    settle(page)
    page.get_by_role("button", name="Download as PNG: How far").focus()
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    taken.value.save_as(folder / "chart.png")
    with Image.open(folder / "chart.png") as picture:
        return tuple(picture.convert("RGB").crop((0, 0, 1, 1)).tobytes()), picture.width
