"""No page has a serious or critical fault of ours in axe's eyes, light or dark (docs/accessibility.md)."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.walking import ADA, PATIENCE, as_admin, click_row, enter, go_to, sign_in
from tests.placing import CALLER, place_order
from tests.servers.desk import Desk

NUMBER = "ORD-2026-90005"
LISTED = re.compile(r"of \d+ orders")
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
OF_STREAMLIT = {
    "list": "stSidebarNavItems",  # its menu has sections between <ul> and <li>
    "listitem": 'class="st-emotion-cache',  # the same, from the other side; we write no list items
}
"""By rule, what marks the elements with which Streamlit breaks it: docs/accessibility.md has the reasons."""
DRAWINGS = [["[data-testid=stMetricChart]"], ["[data-testid=stVegaLiteChart]"]]
"""Left out: Streamlit's sparklines without text (streamlit/streamlit#8563); charts stand as tables, too."""
ALL: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = ALL | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def faults(page: Page) -> list[str]:
    """Return the grave faults that are ours: all in the light, and of colours in the dark."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        # While a script runs, what it has not drawn yet is pale.
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
        checked = Axe().run(page, {"exclude": DRAWINGS}, COLOURS if scheme == "dark" else ALL)
        found += [
            f"{scheme}: {fault['id']}: {node['html'][:200]} {node['any'][:1]}"
            for fault in checked.response["violations"]
            for node in fault["nodes"]
            if is_grave(fault) and not is_streamlits(fault["id"], node)
        ]
    page.emulate_media(color_scheme="light")
    return found


def is_grave(fault: dict[str, Any]) -> bool:
    return fault["impact"] in ("serious", "critical") or fault["id"] == "heading-order"


def is_streamlits(rule: str, node: dict[str, Any]) -> bool:
    return rule in OF_STREAMLIT and OF_STREAMLIT[rule] in node["html"]


def test_no_page_has_a_serious_fault_of_ours(page: Page, desk: Desk) -> None:
    page.goto(desk.url)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=PATIENCE)
    assert faults(page) == []
    sign_in(page, ADA)
    expect(page.get_by_role("status").filter(has_text=LISTED)).to_be_visible()
    assert faults(page) == []
    click_row(page, 0)
    expect(page.get_by_role("heading", name="Delivery")).to_be_visible()
    assert faults(page) == []
    for title, sign in (
        ("Tracking", page.get_by_label("Tracking link or token")),
        ("Insights", page.get_by_role("heading", name="Contradictions")),
        ("Audit log", page.get_by_role("button", name="Refresh")),
        ("Privacy", page.get_by_role("main").get_by_role("button")),
        ("Accounts", page.get_by_role("button", name="Refresh")),
        ("Mailbox", page.get_by_text("Nothing here leaves this machine")),
    ):
        go_to(page, title)
        expect(sign.first).to_be_visible()
        assert faults(page) == [], title


def test_the_focus_goes_along_with_the_steps_of_guest_access_and_results_are_told(
    page: Page, desk: Desk
) -> None:
    with as_admin(desk.folder, desk.api_url) as api:
        place_order(api, NUMBER)
        enter(page, desk, account=ADA)
        expect(page.get_by_role("status").filter(has_text=LISTED)).to_be_visible()
        go_to(page, "Guest access")
        expect(page.get_by_label("Order number")).to_be_focused()
        page.get_by_label("Order number").fill(NUMBER)
        page.get_by_label("Email address").fill(CALLER)
        page.get_by_role("button", name="Send the code").click()
        expect(page.get_by_label("Six-digit code")).to_be_focused()
        assert faults(page) == []
        page.keyboard.type("000000")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="code")).to_be_visible()
        expect(page.get_by_label("Six-digit code")).to_be_focused()
        page.get_by_role("button", name="Change order or email").click()
        expect(page.get_by_label("Order number")).to_be_focused()
