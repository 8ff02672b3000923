"""The list's saved views, and what it remembers of how somebody wants it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from lib.orders_client import Capabilities
from lib.staff.member import StaffMember
from lib.ui.orders.keys import (
    ORDERS_COLUMNS,
    ORDERS_PER_PAGE,
    ORDERS_REFRESH,
    ORDERS_RESTORED,
    ORDERS_VIEW,
    ORDERS_VIEW_DELETE,
    ORDERS_VIEW_NAME,
    ORDERS_VIEW_OPEN,
    ORDERS_VIEW_RENAME,
    ORDERS_VIEW_SAVE,
    ORDERS_VIEW_SHARED,
)
from lib.ui.shared.keys import ORDERS_COUNTRY, ORDERS_MIN, ORDERS_SORT
from tests.ui.fake_api import make_order, problem
from tests.ui.order_desk import Desk, words

SUE = StaffMember("sue", "Sue", ("supervisor",))
FRANCE = "Big ones *to* France"


def views(desk: Desk) -> list[str]:
    return desk.tab().segmented_control(key=ORDERS_VIEW).options[6:]


def press(tab: AppTest, key: str, name: str = "") -> None:
    """Press a button of the dialog, which these tests have to open anew in each run."""
    tab.button(key=ORDERS_VIEW_OPEN).click().run()
    tab.button(key=ORDERS_VIEW_OPEN).click()
    tab.text_input(key=ORDERS_VIEW_NAME).set_value(name).run()
    tab.button(key=ORDERS_VIEW_OPEN).click()
    tab.button(key=key).click().run()


def test_a_saved_view_is_there_with_its_count_renamed_and_deleted(desk: Desk) -> None:
    tab = desk.tab(orders_country="France", orders_min="5", orders_change_to="SHIPPED")
    press(tab, ORDERS_VIEW_SAVE, FRANCE)
    assert views(desk) == [r"Big ones \*to\* France 15"]
    again = desk.tab()
    again.segmented_control(key=ORDERS_VIEW).set_value("saved 1").run()
    assert again.multiselect(key=ORDERS_COUNTRY).value == ["FR"]
    assert again.number_input(key=ORDERS_MIN).value == 5
    assert desk.api.asked[-1][2]["toStatus"] == ["SHIPPED"]
    assert again.segmented_control(key=ORDERS_VIEW).value == "saved 1"
    press(again, ORDERS_VIEW_RENAME, "Renamed")
    assert views(desk) == ["Renamed 15"]
    press(desk.tab(orders_status="Delivered"), ORDERS_VIEW_DELETE)
    assert views(desk) == []


def test_a_view_is_not_renamed_over_another(desk: Desk) -> None:
    press(desk.tab(orders_country="France"), ORDERS_VIEW_SAVE, "France")
    tab = desk.tab(orders_country="Germany")
    press(tab, ORDERS_VIEW_SAVE, "Germany")
    tab.button(key=ORDERS_VIEW_OPEN).click().run()
    tab.button(key=ORDERS_VIEW_OPEN).click()
    tab.text_input(key=ORDERS_VIEW_NAME).set_value("Germany").run()
    assert tab.button(key=ORDERS_VIEW_RENAME).disabled


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (problem(422, "VALIDATION_FAILED", errors=[{"field": "name", "message": "there may be 50 at most"}]),
         "there may be 50 at most"),
        (problem(503), "press the button again"),
    ],
)  # fmt: skip
def test_a_view_that_is_not_saved_says_why_and_the_dialog_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, refusal: object, said: str
) -> None:
    tab = desk.tab(orders_country="France")
    kept = desk.api._preferences
    monkeypatch.setattr(
        desk.api, "_preferences", lambda method, *more: refusal if method == "PUT" else kept(method, *more)
    )
    press(tab, ORDERS_VIEW_SAVE, "France")
    assert said in words(tab) + " ".join(each.value for each in tab.error)
    assert "tries again by itself" not in words(tab)


def test_a_view_that_can_not_be_counted_costs_no_other_its_count_and_refresh_counts_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(desk.tab(orders_country="France", orders_min="5"), ORDERS_VIEW_SAVE, "A")
    press(desk.tab(orders_country="Germany"), ORDERS_VIEW_SAVE, "B")
    figures = desk.api._figures
    monkeypatch.setattr(
        desk.api,
        "_figures",
        lambda name, query: problem(422) if "minTotal" in query else figures(name, query),
    )
    tab = desk.tab()
    labels = tab.segmented_control(key=ORDERS_VIEW).options
    assert labels[0] == "All 60"
    assert [each.partition(" ")[0] for each in labels[6:]] == ["A", "B"]
    assert [len(each.split()) for each in labels[6:]] == [1, 2]
    desk.api.orders["ORD-2026-0061"] = make_order(61)
    tab.button(key=ORDERS_REFRESH).click().run()
    assert tab.segmented_control(key=ORDERS_VIEW).options[0] == "All 61"


def test_a_search_is_no_part_of_a_view(desk: Desk) -> None:
    tab = desk.tab(orders_country="France")
    tab.text_input(key="orders_search").set_value("jane").run()
    press(tab, ORDERS_VIEW_SAVE, "France")
    assert desk.api.preferences[0][1]["value"] == {"orders_country": ["France"]}


def test_a_supervisor_shares_a_view_which_others_use_and_can_not_change(desk: Desk) -> None:
    desk.staff = SUE
    tab = desk.tab(orders_country="France")
    tab.session_state[ORDERS_VIEW_SHARED] = True
    press(tab, ORDERS_VIEW_SAVE, "France")
    desk.staff = StaffMember("sam", "Sam", ("support",))
    assert views(desk) == ["France 15"]
    sams = desk.tab(orders_country="France")
    sams.button(key=ORDERS_VIEW_OPEN).click().run()
    keys = {each.key for each in (*sams.button, *sams.checkbox)}
    assert not keys & {ORDERS_VIEW_DELETE, ORDERS_VIEW_RENAME, ORDERS_VIEW_SHARED}


def test_what_no_longer_fits_in_a_view_is_said_and_the_rest_is_taken(desk: Desk) -> None:
    value = {"orders_country": ["France", "Atlantis"], "orders_gone": ["x"]}
    kept = {"id": 9, "kind": "view", "name": "Old", "value": value, "shared": False}
    desk.api.preferences.append(("sam", {**kept, "changedBy": "sam", "changedAt": "2026-11-23T12:00:00Z"}))
    tab = desk.tab()
    tab.segmented_control(key=ORDERS_VIEW).set_value("saved 9").run()
    assert "Values that can't be used were left out: country, orders_gone." in words(tab)
    assert tab.multiselect(key=ORDERS_COUNTRY).value == ["FR"]


def test_columns_page_size_and_sort_are_there_again_in_the_next_session(
    desk: Desk,
) -> None:
    tab = desk.tab()
    tab.selectbox(key=ORDERS_PER_PAGE).set_value(50).run()
    tab.selectbox(key=ORDERS_SORT).set_value("createdAt").run()
    tab.multiselect(key=ORDERS_COLUMNS).set_value(["status", "total"]).run()
    assert list(tab.dataframe[0].value.columns) == ["order", "status", "total"]
    again = desk.tab()
    assert list(again.dataframe[0].value.columns) == ["order", "status", "total"]
    assert (desk.api.asked[-1][2]["limit"], desk.api.asked[-1][2]["sort"]) == (["50"], ["createdAt"])
    linked = desk.tab(orders_sort="Largest total first")
    assert desk.api.asked[-1][2]["sort"] == ["-grandTotal"]
    assert linked.selectbox(key=ORDERS_PER_PAGE).value == 50
    desk.staff = SUE
    assert len(desk.tab().dataframe[0].value.columns) == 9


def test_columns_chosen_before_the_remembered_ones_could_be_read_stay(desk: Desk) -> None:
    desk.tab().multiselect(key=ORDERS_COLUMNS).set_value(["status", "total"]).run()
    tab = desk.tab()
    tab.multiselect(key=ORDERS_COLUMNS).set_value(["status"])
    del tab.session_state[ORDERS_RESTORED]
    tab.run()
    assert list(tab.dataframe[0].value.columns) == ["order", "status"]


def test_an_api_that_remembers_nothing_offers_no_views_to_save(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    can = replace(Capabilities(known=True), preferences=False)
    monkeypatch.setattr("lib.ui.shared.clients.OrdersClient.capabilities", lambda _: can)
    tab = desk.tab()
    tab.selectbox(key=ORDERS_PER_PAGE).set_value(50).run()
    assert ORDERS_VIEW_OPEN not in {each.key for each in tab.button}
    assert not desk.api.preferences
    assert desk.api.asked[-1][2]["limit"] == ["50"]
