"""Many orders at once: what is selected, what would be done, a result each, and nothing done twice."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.once import forget_all
from lib.orders_client import OrderListItem
from lib.staff.member import StaffMember
from lib.ui.orders.keys import (
    ORDERS_MANY_ADD,
    ORDERS_MANY_ATTEMPT,
    ORDERS_MANY_CANCEL,
    ORDERS_MANY_NOTE,
    ORDERS_MANY_REASON,
    ORDERS_PICK_ALL,
    ORDERS_PICK_CANCEL,
    ORDERS_PICK_EXPORT,
    ORDERS_PICK_NOTE,
)
from lib.ui.shared.cancelling import why_not
from lib.ui.shared.keys import ORDERS_PICKED, ORDERS_STATUS
from tests.ui.fake_api import make_order
from tests.ui.order_desk import OLGA, SAM, Desk, words

PENDING, ALSO_PENDING, SHIPPED = 7, 14, 3
NUMBERS = [f"ORD-2026-{index:04d}" for index in (PENDING, ALSO_PENDING, SHIPPED)]
LISTED = {number: OrderListItem.model_validate(make_order(int(number[-4:]))) for number in NUMBERS}


def selecting(desk: Desk, staff: StaffMember = SAM) -> AppTest:
    """Return a tab in which three orders are selected: two that await payment, one that is shipped."""
    desk.staff = staff
    tab = desk.tab()
    tab.session_state[ORDERS_PICKED] = dict(LISTED)
    return tab.run()


def dialog_alone() -> None:
    """Run the dialog that the page's state names, as a browser runs it by itself."""
    import streamlit as st

    from lib.ui.orders import many_dialogs
    from tests.ui.order_desk import SAM
    from tests.ui.test_many import LISTED

    getattr(many_dialogs, st.session_state["dialog"])(SAM, list(LISTED.values()))


def dialog(name: str, **answers: str) -> AppTest:
    tab = AppTest.from_function(dialog_alone, default_timeout=30)
    tab.session_state["dialog"] = name
    tab.session_state[ORDERS_MANY_ATTEMPT] = "one"
    for key, answer in answers.items():
        tab.session_state[key] = answer
    return tab.run()


def results(tab: AppTest) -> list[str]:
    return list(tab.dataframe[0].value.iloc[:, -1])


def test_what_can_be_done_is_offered_by_role(desk: Desk) -> None:
    acts = {ORDERS_PICK_CANCEL, ORDERS_PICK_NOTE, ORDERS_PICK_EXPORT}
    offered = {
        staff.username: acts & {each.key for each in selecting(desk, staff).button}
        for staff in (SAM, OLGA, StaffMember("sue", "Sue", ("supervisor",)))
    }
    assert offered == {
        "sam": {ORDERS_PICK_CANCEL, ORDERS_PICK_NOTE}, "olga": {ORDERS_PICK_EXPORT}, "sue": acts,
    }  # fmt: skip


def test_all_that_match_can_be_selected_and_narrowing_the_list_selects_none(desk: Desk) -> None:
    tab = selecting(desk)
    assert "3 orders selected" in words(tab)
    tab.button(key=ORDERS_PICK_ALL).click().run()
    assert "60 orders selected" in words(tab)
    tab.multiselect(key=ORDERS_STATUS).set_value(["SHIPPED"]).run()
    assert "selected" not in words(tab)


def test_cancelling_says_first_what_would_happen_and_then_what_did_to_each(desk: Desk) -> None:
    tab = dialog("cancel_many_dialog")
    assert results(tab) == ["Can be cancelled", "Can be cancelled", why_not("SHIPPED")]
    assert tab.button(key=ORDERS_MANY_CANCEL).label == "Cancel 2 orders"
    assert tab.button(key=ORDERS_MANY_CANCEL).disabled
    desk.api.close_order(NUMBERS[1], "staff:bea")
    tab.selectbox(key=ORDERS_MANY_REASON).set_value("OUT_OF_STOCK").run()
    tab.button(key=ORDERS_MANY_CANCEL).click().run()
    assert results(tab) == ["Cancelled", why_not("CANCELLED"), why_not("SHIPPED")]
    assert "Cancelled: 1 of 2 orders." in words(tab)
    assert [(each["number"], each["reason"]) for each in desk.api.cancels] == [(NUMBERS[0], "OUT_OF_STOCK")]
    assert ORDERS_MANY_CANCEL not in {each.key for each in tab.button}


def test_what_failed_is_tried_again_under_the_same_key_and_done_once(desk: Desk) -> None:
    desk.api.lose_cancel_answer = True
    tab = dialog("cancel_many_dialog", **{ORDERS_MANY_REASON: "OTHER"})
    tab.button(key=ORDERS_MANY_CANCEL).click().run()
    assert results(tab)[:2] == ["The Orders API can't be reached."] * 2
    assert tab.button(key=ORDERS_MANY_CANCEL).label == "Try again 2 orders"
    desk.api.lose_cancel_answer = False
    tab.button(key=ORDERS_MANY_CANCEL).click().run()
    assert results(tab)[:2] == ["Cancelled", "Cancelled"]
    after_a_kill = dialog("cancel_many_dialog", **{ORDERS_MANY_REASON: "OTHER"})
    after_a_kill.button(key=ORDERS_MANY_CANCEL).click().run()
    assert results(after_a_kill)[:2] == ["Cancelled", "Cancelled"]
    assert len(desk.api.cancels) == 2


def test_a_new_attempt_to_cancel_is_new_to_the_api(desk: Desk) -> None:
    keys = set()
    for _ in range(2):
        tab = selecting(desk)
        tab.button(key=ORDERS_PICK_CANCEL).click().run()
        attempt = tab.session_state[ORDERS_MANY_ATTEMPT]
        again = dialog("cancel_many_dialog", **{ORDERS_MANY_REASON: "OTHER", ORDERS_MANY_ATTEMPT: attempt})
        again.button(key=ORDERS_MANY_CANCEL).click().run()
        keys |= {each["key"] for each in desk.api.cancels}
        desk.api.fill(60)
    assert len(keys) == len(desk.api.cancels) == 4


def test_where_callers_must_be_verified_first_it_is_said_before_cancelling(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_REQUIRE_PROOF", "cancel")
    forget_all()
    tab = dialog("cancel_many_dialog")
    assert results(tab) == ["Needs a verified caller", "Needs a verified caller", why_not("SHIPPED")]


def test_a_note_is_added_to_each_once_however_often_it_is_sent(desk: Desk) -> None:
    for _ in range(2):
        tab = dialog("note_many_dialog", **{ORDERS_MANY_NOTE: "Ask the warehouse"})
        assert tab.button(key=ORDERS_MANY_ADD).label == "Add it to 3 orders"
        tab.button(key=ORDERS_MANY_ADD).click().run()
        assert results(tab) == ["Added"] * 3
    assert list(desk.api.notes.values()) == ["Ask the warehouse"] * 3
