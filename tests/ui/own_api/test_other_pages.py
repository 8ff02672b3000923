"""Every other page in front of an API with the core alone, and all pages in front of odd ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lib.ui.guest_access.keys import (
    GUEST_CODE,
    GUEST_EMAIL,
    GUEST_END,
    GUEST_OPEN,
    GUEST_ORDER_NUMBER,
    GUEST_REFRESH,
    GUEST_SEND,
)
from lib.ui.tracking.keys import TRACKING_PASTED, TRACKING_SHOW
from tests.servers.reference_orders import make_orders
from tests.ui.guest_desk import GUEST, TRACKING, everything_in
from tests.ui.order_desk import INSIGHTS, ORDER, ORDERS, words
from tests.ui.own_api.desk import ShopDesk

AUDIT = "pages/admin/audit.py"
FALSE = ("can't be reached", "can't be understood", "Something went wrong", "an error of its own")


def test_tracking_shows_what_the_customer_sees_and_no_false_alarm(desk: ShopDesk) -> None:
    tab = desk.tab(TRACKING)
    tab.text_input(key=TRACKING_PASTED).set_value("https://shop.example/track/track-1003")
    tab.button(key=TRACKING_SHOW).click().run()
    assert "SHOP-1003" in words(tab)
    assert "can't be reached" not in everything_in(tab)


def test_a_guest_is_taken_through_the_code_to_the_order_and_out_again(
    desk: ShopDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    tab = desk.tab(GUEST)
    tab.text_input(key=GUEST_ORDER_NUMBER).set_value("#FR/2026/1009")
    tab.text_input(key=GUEST_EMAIL).set_value("doe9@example.com")
    tab.button(key=GUEST_SEND).click().run()
    tab.text_input(key=GUEST_CODE).set_value(desk.shop.codes["#FR/2026/1009"])
    tab.button(key=GUEST_OPEN).click().run()
    assert "#FR/2026/1009" in words(tab)
    tab.button(key=GUEST_REFRESH).click().run()
    assert "#FR/2026/1009" in words(tab)
    tab.button(key=GUEST_END).click().run()
    assert "#FR/2026/1009" not in words(tab)
    assert "can't end an access early" in words(tab)
    assert "dead everywhere" not in words(tab)
    (line,) = [json.loads(each) for each in capsys.readouterr().err.splitlines() if each.startswith("{")]
    assert (line["event"], line["staff"], line["order"]) == ("GUEST_VERIFIED", "sue", "#FR/2026/1009")
    tab.switch_page(ORDER)
    tab.query_params["order"] = "#FR/2026/1009"
    tab.run()
    assert "caller verified, 30 min left" in everything_in(tab)
    assert "doe9@example.com" in words(tab)


def test_the_audit_log_is_in_no_menu_and_says_why(desk: ShopDesk) -> None:
    assert "keeps no audit log" in words(desk.tab(AUDIT))


def test_charts_are_made_of_the_orders_that_were_read_and_say_of_how_many(desk: ShopDesk) -> None:
    tab = desk.tab(INSIGHTS)
    charts = [each.proto.alt for each in tab.get("vega_lite_chart")] or words(tab)
    assert charts
    assert "Made of the newest 37 orders" in words(tab)
    assert {"Orders a day", "Pending, by waiting time", "Value by currency", "Countries"} == {
        each.value for each in tab.header
    }
    assert {each.label: each.value for each in tab.metric}["Pending"] == "6"
    assert "37 placed" in words(tab)
    tables = [each.value for each in tab.dataframe]
    assert sum(tables[0]["Orders"]) == 37
    assert "can't be" not in words(tab)


def test_figures_of_days_that_were_not_read_are_left_out(
    desk: ShopDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_READ_AHEAD", "50")
    desk.shop.orders = make_orders(300)
    tab = desk.tab(INSIGHTS)
    assert "Made of the newest 50 orders of 300" in words(tab)
    assert "days before are left out" in words(tab)
    assert "in the 28 days before" not in words(tab)
    assert not any("Period before" in each.value for each in tab.dataframe)


def test_a_click_on_a_figure_opens_the_orders_that_it_counts(desk: ShopDesk) -> None:
    tab = desk.tab(INSIGHTS)
    tab.button(key="insights_card_open_PENDING").click().run()
    assert "6 of the newest 37 orders" in words(tab)
    assert desk.pages_read() == 1


@pytest.mark.parametrize(
    "switches",
    [
        {"errors": "plain", "more": 405},
        {"errors": "text", "more": 501},
        {"only_needed": True, "refuses_unknown": True},
        {"openapi": True, "missing": frozenset({"items.sku", "shippingAddress", "phone", "email"})},
        {"understands": frozenset({"status", "q", "sort", "country"})},
    ],
    ids=["plain errors", "text errors", "needed fields only", "documented", "filters"],
)
def test_no_page_fails_or_says_what_is_not_so(desk: ShopDesk, switches: dict[str, Any]) -> None:
    for name, value in switches.items():
        setattr(desk.shop.switches, name, value)
    for page in (ORDERS, ORDER, TRACKING, GUEST, INSIGHTS, AUDIT):
        tab = desk.tab(page, **({"order": "SHOP-1001"} if page == ORDER else {}))
        said = everything_in(tab)
        assert not tab.error, (page, tab.error)
        assert not [words for words in FALSE if words in said], page
        assert "None" not in said.split(), page


def test_while_nobody_could_ask_the_api_what_it_can_nothing_is_believed(desk: ShopDesk) -> None:
    desk.shop.switches.down = 503
    tab = desk.tab()
    assert "had an error of its own" in words(tab)
    desk.shop.switches.down = 0
    tab.text_input(key="orders_search").set_value("nobody of that name").run()
    assert "0 of the newest 37 orders" in words(tab)
    assert "doe0@example.com" not in everything_in(desk.tab(ORDER, order="SHOP-1000"))
