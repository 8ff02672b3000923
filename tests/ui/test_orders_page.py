"""The order list: search, filters, address, pages, and what it says when there is nothing or no API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.orders.keys import (
    ORDERS_MORE,
    ORDERS_ONLY,
    ORDERS_RESET,
    ORDERS_VIEW,
)
from lib.ui.shared.keys import ORDERS_COUNTRY, ORDERS_PAGE, ORDERS_STATUS
from tests.ui.fake_api import make_order, stamp
from tests.ui.order_desk import Desk, order_desk, words


def test_the_first_page_shows_the_newest_orders_and_how_many_there_are(desk: Desk) -> None:
    tab = desk.tab()
    assert "1–25 of 60 orders" in words(tab)
    assert list(tab.dataframe[0].value["order"])[:2] == ["ORD-2026-0001", "ORD-2026-0002"]


def test_only_the_columns_on_the_screen_are_sent(desk: Desk) -> None:
    sent = desk.tab().dataframe[0].value
    assert list(sent.columns) == [
        "order", "status", "customer", "total", "created", "waits", "payment", "ships_to", "items",
    ]  # fmt: skip
    assert "@" not in sent.to_csv()


def test_several_statuses_are_asked_for_at_once(desk: Desk) -> None:
    tab = desk.tab()
    tab.multiselect(key=ORDERS_STATUS).set_value(["PENDING", "SHIPPED"]).run()
    assert desk.api.asked[-1][2]["status"] == ["PENDING", "SHIPPED"]
    assert {each[0] for each in tab.dataframe[0].value["status"]} == {"Pending", "Shipped"}


def test_a_quick_view_sets_the_filters(desk: Desk) -> None:
    tab = desk.tab()
    tab.segmented_control(key=ORDERS_VIEW).set_value("To ship").run()
    assert tab.multiselect(key=ORDERS_STATUS).value == ["CONFIRMED", "PROCESSING"]


def test_each_view_says_how_many_orders_it_has(desk: Desk) -> None:
    desk.api.orders["ORD-2026-0007"].update(paymentStatus="FAILED", updatedAt=stamp(datetime.now(UTC)))
    labels = desk.tab().segmented_control(key=ORDERS_VIEW).options
    assert labels == [
        "All 60",
        "Awaiting payment 8",
        "Pending over 24 h 7",
        "To ship 18",
        "On the way 9",
        "Payment failed 1",
    ]


def test_orders_that_have_waited_over_a_day_are_one_click_away_and_in_a_link(desk: Desk) -> None:
    tab = desk.tab()
    tab.segmented_control(key=ORDERS_VIEW).set_value("Pending over 24 h").run()
    asked = desk.api.asked[-1][2]
    assert asked["status"] == ["PENDING"]
    waited = datetime.now(UTC) - datetime.fromisoformat(asked["statusTo"][0])
    assert timedelta(hours=24) <= waited < timedelta(hours=24, minutes=2)
    again = desk.tab(orders_status="Pending", orders_waiting="over 24 h")
    assert again.segmented_control(key=ORDERS_VIEW).value == "Pending over 24 h"


def test_countries_to_choose_are_those_of_the_shops_orders_and_of_the_address(desk: Desk) -> None:
    tab = desk.tab(orders_country="Germany")
    assert tab.multiselect(key=ORDERS_COUNTRY).value == ["DE"]
    assert sorted(tab.multiselect(key=ORDERS_COUNTRY).options) == [
        "France", "Germany", "Japan", "Kuwait", "United Kingdom",
    ]  # fmt: skip


def test_totals_of_several_currencies_say_so_and_each_can_be_had_alone(desk: Desk) -> None:
    tab = desk.tab(orders_sort="Largest total first")
    assert "whatever its currency" in words(tab)
    tab.button(key=f"{ORDERS_ONLY}_EUR").click().run()
    assert desk.api.asked[-1][2]["currency"] == ["EUR"]
    assert "whatever its currency" not in words(tab)
    desk.api.orders["ORD-2026-0001"]["currency"] = "DEM"  # no choice of the filter
    offered = {each.key for each in desk.tab(orders_sort="Largest total first").button}
    assert f"{ORDERS_ONLY}_EUR" in offered
    assert f"{ORDERS_ONLY}_DEM" not in offered
    for number, order in desk.api.orders.items():
        order["currency"] = "JPY" if number == "ORD-2026-0060" else "EUR"
    assert "whatever its currency" in words(desk.tab(orders_sort="Largest total first"))  # for later pages
    desk.api.orders["ORD-2026-0060"]["currency"] = "EUR"
    assert "whatever its currency" not in words(desk.tab(orders_sort="Largest total first"))


def news_alone() -> None:
    """Look for news of a list that was read ten minutes ago, as a browser does by itself now and then."""
    from datetime import UTC, datetime, timedelta

    import streamlit as st

    from lib.ui.orders.news import news
    from tests.ui.order_desk import SAM

    news(SAM, {"sort": "-createdAt", **st.session_state["wanted"]}, datetime.now(UTC) - timedelta(minutes=10))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({}, ["2 changed, 1 new"]),
        ({"country": ["FR"]}, ["1 new"]),
        ({"status": ["REFUNDED"], "status_to": datetime(2026, 11, 1, tzinfo=UTC)}, []),
        ({"status": ["DELIVERED"]}, ["1 changed"]),  # it was delivered, and has left this list
        ({"status": ["DELIVERED", "REFUNDED"]}, ["1 changed"]),  # it is on it still, and counts once
        ({"status": ["DELIVERED"], "status_to": datetime(2026, 11, 1, tzinfo=UTC)}, []),
    ],
)
def test_what_has_changed_since_the_list_was_read_is_said(
    desk: Desk, wanted: dict[str, object], said: list[str]
) -> None:
    now = stamp(datetime.now(UTC))
    desk.api.orders["ORD-2026-0005"].update(status="REFUNDED", statusBefore="DELIVERED", updatedAt=now)
    desk.api.orders["ORD-2026-0006"].update(status="CANCELLED", statusBefore="PENDING", updatedAt=now)
    desk.api.orders["ORD-2026-0064"] = make_order(64) | {"createdAt": now, "updatedAt": now}
    tab = AppTest.from_function(news_alone, default_timeout=30)
    tab.session_state["wanted"] = wanted
    tab.run()
    assert [each.label for each in tab.button] == said


def test_an_address_brings_its_filters_and_page(desk: Desk) -> None:
    tab = desk.tab(orders_per_page="25", orders_page="2", orders_sort="Oldest first", orders_country="France")
    asked = desk.api.asked[-1][2]
    assert asked["country"] == ["FR"]
    assert asked["sort"] == ["createdAt"]
    assert "Only France" in words(tab)


def test_what_an_address_got_wrong_is_left_out_and_said(desk: Desk) -> None:
    tab = desk.tab(
        orders_status=["Pending", "Bogus"], orders_min="-3", orders_from="2026-13-01", orders_page="abc"
    )
    said = words(tab)
    assert "left out: status, first day, smallest total, page" in said
    assert "Bogus" not in said
    assert desk.api.asked[-1][2]["status"] == ["PENDING"]
    tab.button(key=ORDERS_RESET).click().run()
    assert "left out" not in words(tab)
    assert "of 60 orders" in words(tab)


def test_a_link_asks_for_a_change_of_status_until_all_is_reset(desk: Desk) -> None:
    tab = desk.tab(
        orders_change_from=["NEW", "PENDING"],
        orders_change_to="CANCELLED",
        orders_changed_since="2026-11-01T00:00:00Z",
        orders_changed_before="2026-11-02T00:00:00Z",
        orders_reached="SHIPPED",
    )
    asked = desk.api.asked[-1][2]
    assert (asked["fromStatus"], asked["toStatus"]) == (["NEW", "PENDING"], ["CANCELLED"])
    assert (asked["changedFrom"], asked["changedTo"]) == (["2026-11-01T00:00:00Z"], ["2026-11-02T00:00:00Z"])
    assert asked["reached"] == ["SHIPPED"]
    assert "Only changed from Placed or Pending to Cancelled since 1 Nov 2026, 00:00 and before" in words(tab)
    assert "got as far as sent" in words(tab)
    tab.button(key=ORDERS_RESET).click().run()
    assert {"fromStatus", "toStatus", "changedFrom", "changedTo", "reached"}.isdisjoint(desk.api.asked[-1][2])
    assert "Only" not in words(tab)


def test_what_a_link_got_wrong_is_left_out_and_said_once(desk: Desk) -> None:
    tab = desk.tab(orders_change_to=["LOST", "SHIPPED"], orders_reached="MARS", orders_placed_since="soon")
    assert "left out: time placed since, status changed to, how far orders got" in words(tab)
    assert desk.api.asked[-1][2]["toStatus"] == ["SHIPPED"]
    assert "reached" not in desk.api.asked[-1][2]
    tab.multiselect(key=ORDERS_STATUS).set_value(["PENDING"]).run()
    assert "left out" not in words(tab)
    assert desk.api.asked[-1][2]["toStatus"] == ["SHIPPED"]


def test_a_page_past_the_end_leads_to_the_first_and_says_so(desk: Desk) -> None:
    said = words(desk.tab(orders_page="99"))
    assert "1–25 of 60 orders" in said
    assert "There is no page 99. The list has 3 pages; this is the first." in said


def test_a_page_number_that_is_none_is_left_out_and_said(desk: Desk) -> None:
    tab = desk.tab(orders_page="9" * 5_000)
    assert "Values that can't be used were left out: page." in words(tab)
    assert "1–25 of 60 orders" in words(tab)


def test_the_pages_below_the_table_turn_the_same_list(desk: Desk) -> None:
    tab = desk.tab(orders_page="2")
    above, below = (cast(Any, each) for each in tab.get("pagination"))
    assert (above.value, below.value) == (2, 2)
    below.set_value(3).run()
    assert tab.session_state[ORDERS_PAGE] == 3
    assert "51–60 of 60" in words(tab)


def test_days_the_wrong_way_round_are_explained(desk: Desk) -> None:
    desk.api.orders.clear()
    tab = desk.tab(orders_from="2026-05-02", orders_to="2026-05-01")
    assert "The first day is after the last one" in words(tab)


def test_an_empty_shop_says_so(tmp_path: Path) -> None:
    with order_desk(tmp_path, orders=0) as desk:
        assert "There are no orders yet" in words(desk.tab())


def test_every_call_is_made_in_the_name_of_who_is_signed_in(desk: Desk) -> None:
    desk.tab()
    assert set(desk.api.callers) == {"sam"}


def test_a_stranger_sees_not_one_order(desk: Desk) -> None:
    desk.staff = None
    tab = desk.tab()
    assert not tab.dataframe
    assert not desk.api.asked


def test_folded_filters_are_not_drawn_unless_one_is_set(desk: Desk) -> None:
    tab = desk.tab()
    tab.session_state[ORDERS_MORE] = False
    tab.run()
    assert ORDERS_COUNTRY not in {each.key for each in tab.multiselect}
    shown = len(tab.dataframe[0].value)
    tab.session_state[ORDERS_COUNTRY] = ["FR"]
    tab.run()
    assert tab.multiselect(ORDERS_COUNTRY).value == ["FR"]
    assert len(tab.dataframe[0].value) < shown
