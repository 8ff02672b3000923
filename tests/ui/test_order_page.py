"""One order's page: what it shows, how one gets to it, and what it says when a part fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.once import forget_all
from lib.ui.order.cancel_dialog import Notice
from lib.ui.order.keys import (
    ORDER_CANCEL,
    ORDER_CANCEL_KEY,
    ORDER_CORRECT,
    ORDER_HISTORY,
    ORDER_KEPT,
    ORDER_NOTICE,
    ORDER_NUMBER,
    ORDER_OPEN,
    ORDER_REVEAL,
    ORDER_SEARCH,
)
from lib.ui.shared.keys import ORDERS_SEARCH, ORDERS_SHOWN
from tests.ui.fake_api import make_order, stamp
from tests.ui.guest_desk import everything_in
from tests.ui.order_desk import (
    OLGA,
    ORDER,
    PENDING,
    SAM,
    SUE,
    Desk,
    button_labels,
    history,
    words,
)


def link_to(tab: AppTest, number: str) -> bool:
    """Return whether a link leads to an order."""
    return any(f"order={number}" in each.proto.query_string for each in tab.get("page_link"))


def test_an_order_shows_all_that_a_caller_may_ask_for(desk: Desk) -> None:
    tab = desk.tab(ORDER, order="ORD-2026-0003")
    said = words(tab)
    for part in ("ORD-2026-0003", "Noor Al-Sabah", "n***@example.com", "***42", "DHL", "1Z999", "Kuwait"):
        assert part in said
    assert "Contact data are masked." in said
    assert list(tab.dataframe[0].value["total"]) == ["KWD\u00a080.000", "KWD\u00a020.000"]
    assert "Tax, included" in tab.table[0].value.index
    assert "Order placed" in history(tab)
    assert "14 other orders with this email" in said
    assert link_to(tab, "ORD-2026-0007")


def test_without_a_number_one_is_asked_for_and_the_latest_are_offered(desk: Desk) -> None:
    tab = desk.tab(ORDER)
    assert not desk.api.asked
    tab.text_input(key=ORDER_NUMBER).set_value(f" {PENDING.lower()} ")
    tab.button(key=ORDER_OPEN).click().run()
    assert PENDING in words(tab)
    assert PENDING in tab.query_params["order"]
    del tab.query_params["order"]
    assert link_to(tab.run(), PENDING)
    desk.staff = OLGA
    assert not link_to(tab.run(), PENDING)


def test_a_whole_number_opens_its_order_however_many_others_hold_it(desk: Desk) -> None:
    desk.api.orders["20"] = {**make_order(1), "orderNumber": "20"}
    desk.api.timelines["20"] = []
    tab = desk.tab(ORDER)
    tab.text_input(key=ORDER_NUMBER).set_value("20")
    tab.button(key=ORDER_OPEN).click().run()
    assert tab.header[0].value == "20"


@pytest.mark.parametrize(
    "typed", ["jane.doe@example.com", "https://x.example/track/0b9e6f0c-7a52-4d43-9c39-5f0d1c2ab7de"]
)
def test_what_is_no_number_is_searched_for_and_gets_into_no_address(desk: Desk, typed: str) -> None:
    tab = desk.tab(ORDER)
    tab.text_input(key=ORDER_NUMBER).set_value(typed)
    tab.button(key=ORDER_OPEN).click().run()
    assert "order" not in tab.query_params
    assert tab.session_state[ORDERS_SEARCH] in typed


def test_the_order_before_and_after_in_the_list_are_a_click_away(desk: Desk) -> None:
    tab = desk.tab()
    tab.switch_page(ORDER)
    tab.query_params["order"] = "ORD-2026-0002"
    tab.run()
    ways = {each.proto.label: each.proto.query_string for each in tab.get("page_link")}
    assert "ORD-2026-0001" in ways["Previous"]
    assert "ORD-2026-0003" in ways["Next"]


def test_an_outage_leaves_the_order_on_the_screen_with_its_age(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    desk.api.failing = 503
    said = words(tab.run())
    assert "This is the order as it was at" in said
    assert "Noor Al-Sabah" in said
    assert "Nothing is lost" not in said
    desk.staff = OLGA
    assert "Noor Al-Sabah" not in words(tab.run())
    desk.staff, desk.api.failing = SAM, 0
    tab.run()
    desk.api.failing = 403
    assert "Noor Al-Sabah" not in words(tab.run())
    desk.api.failing = 503
    assert "Noor Al-Sabah" not in words(tab.run())


def test_contact_data_leave_the_screen_in_time_also_in_an_outage(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    owner, number, kept = tab.session_state[ORDER_KEPT]
    shown = {"email": "noor@example.com", "contact_masked": False, "contact_shown_by": "CONTACT_REVEALED"}
    for minutes, is_shown in ((5, True), (-5, False)):
        until = datetime.now(UTC) + timedelta(minutes=minutes)
        order = kept.order.model_copy(update=shown | {"contact_shown_until": until})
        tab.session_state[ORDER_KEPT] = (owner, number, replace(kept, order=order))
        desk.api.failing = 503
        assert ("noor@example.com" in everything_in(tab.run())) is is_shown


def test_a_policy_that_wants_a_proof_keeps_acts_shut_until_the_caller_is_verified(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_REQUIRE_PROOF", "cancel, reveal")
    forget_all()
    tab = desk.tab(ORDER, order=PENDING)
    assert tab.button(key=ORDER_CANCEL).disabled
    assert tab.button(key=ORDER_REVEAL).disabled
    assert not tab.button(key=ORDER_CORRECT).disabled
    desk.api.headers = {"X-Caller-Verified-Until": stamp(datetime.now(UTC) + timedelta(minutes=27))}
    tab.run()
    assert not tab.button(key=ORDER_CANCEL).disabled
    assert "caller verified, 27 min left" in everything_in(tab)
    assert "Verify this caller" not in button_labels(tab)


def test_an_unknown_number_is_said_with_a_way_on(desk: Desk) -> None:
    tab = desk.tab(ORDER, order="ORD-1999-0001")
    assert "There is no such order" in words(tab)
    assert "ORD-1999-0001" in words(tab)
    tab.button(key=ORDER_SEARCH).click().run()
    assert tab.session_state[ORDERS_SEARCH] == "ORD-1999-0001"


def test_a_timeline_that_fails_does_not_hide_the_order(desk: Desk) -> None:
    desk.api.failing_timeline = 500
    tab = desk.tab(ORDER, order=PENDING)
    assert "Noor Al-Sabah" in words(tab)
    assert "had an error of its own" in words(tab)


@pytest.mark.parametrize("part", ["timeline", "related", "audit"])
def test_a_part_that_fails_lets_no_open_dialog_be_closed_by_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    looks: list[None] = []
    monkeypatch.setattr("lib.ui.frame.feedback._watch_for_recovery", lambda: looks.append(None))
    answer = desk.api.answer
    monkeypatch.setattr(
        desk.api,
        "answer",
        lambda method, path, *rest: (500, {}) if part in path else answer(method, path, *rest),
    )
    desk.staff = SUE
    tab = desk.tab(ORDER, order=PENDING)
    if part == "audit":
        tab.segmented_control(key=ORDER_HISTORY).set_value("Who looked, and why").run()
    assert "The rest of this page works." in words(tab)
    assert "by itself" not in words(tab)
    assert not looks


def test_a_number_that_is_written_otherwise_is_one_with_the_orders_own(desk: Desk) -> None:
    order = desk.api.orders["1001"] = desk.api.orders["#1001"] = {**make_order(7), "orderNumber": "#1001"}
    desk.api.timelines["1001"] = desk.api.timelines["#1001"] = []
    tab = desk.tab()
    tab.session_state[ORDERS_SHOWN] = [PENDING, "#1001"]
    tab.switch_page(ORDER)
    tab.query_params["order"] = "1001"
    tab.run()
    assert "Previous" in {each.proto.label for each in tab.get("page_link")}
    assert "#1001" in tab.query_params["order"]
    tab.session_state[ORDER_NOTICE] = Notice("#1001", "unknown")
    assert "The order was not cancelled." in words(tab.run())
    key = tab.session_state[ORDER_CANCEL_KEY] = "key-1"
    assert tab.button(key=ORDER_CANCEL).click().run().session_state[ORDER_CANCEL_KEY] == key
    desk.api.failing = 503
    assert order["customerName"] in words(tab.run())


def test_a_customers_words_are_never_markdown(desk: Desk) -> None:
    trap = "![x](http://tracker.example/b.png)"
    order = desk.api.orders[PENDING]
    order["customerName"] = trap
    order["shippingAddress"] = {**order["shippingAddress"], "firstName": trap, "city": trap}
    order["items"][0]["name"] = trap
    desk.api.timelines[PENDING][0].update(kind="NOTE", detail=trap)
    tab = desk.tab(ORDER, order=PENDING)
    rich = (*tab.markdown, *tab.caption, *tab.header, *tab.subheader, *tab.warning, *tab.success, *tab.info)
    assert not [each.value for each in rich if "tracker.example" in str(each.value)]
