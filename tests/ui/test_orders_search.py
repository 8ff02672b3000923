"""Searching on the page of orders: what is looked for, what is said of it, what gets into no address."""

from __future__ import annotations

from lib.ui.orders.keys import (
    ORDERS_CLEAR_SEARCH,
    ORDERS_FIND,
    ORDERS_OPEN_HIT,
)
from lib.ui.shared.keys import ORDERS_PAGE, ORDERS_SEARCH
from tests.ui.fake_api import make_order, problem
from tests.ui.order_desk import Desk, words


def test_a_search_never_gets_into_the_address(desk: Desk) -> None:
    tab = desk.tab()
    tab.text_input(key=ORDERS_SEARCH).set_value("jane.doe@example.com").run()
    assert desk.api.asked[-1][2]["q"] == ["jane.doe@example.com"]
    assert "jane" not in str(dict(tab.query_params))


def test_a_pasted_tracking_link_is_searched_for_by_its_token(desk: Desk) -> None:
    tab = desk.tab()
    token = "0b9e6f0c-7a52-4d43-9c39-5f0d1c2ab7de"
    tab.text_input(key=ORDERS_SEARCH).set_value(f"https://shop.example/track/{token}?x=1").run()
    assert desk.api.asked[-1][2]["q"] == [token]


def test_a_word_that_nothing_has_is_dropped_and_said(desk: Desk) -> None:
    tab = desk.tab()
    tab.text_input(key=ORDERS_SEARCH).set_value("roux xyzzy").run()
    assert "Nothing has “xyzzy”: shown is the search without it." in words(tab)
    assert set(tab.dataframe[0].value["customer"]) == {"Amélie Roux"}
    assert [query["q"] for _, _, query in desk.api.asked[-4:]] == [
        ["roux xyzzy"],
        ["roux"],
        ["xyzzy"],
        ["roux"],
    ]
    tab.text_input(key=ORDERS_SEARCH).set_value("roux osaka").run()
    assert "No order matches" in words(tab)  # each word is somewhere, so none is to blame


def test_a_search_for_which_the_store_is_too_busy_is_explained_and_can_be_cleared(desk: Desk) -> None:
    desk.api.refused_search = problem(503)
    tab = desk.tab()
    tab.text_input(key=ORDERS_SEARCH).set_value("roux").run()
    assert "This search takes too long, or too many people are searching" in words(tab)
    tab.button(key=ORDERS_CLEAR_SEARCH).click().run()
    assert "of 60 orders" in words(tab)


def test_a_search_of_too_many_words_says_how_many_may_be(desk: Desk) -> None:
    told = [{"field": "q", "message": "must have at most 12 different words"}]
    desk.api.refused_search = problem(422, "VALIDATION_FAILED", errors=told)
    tab = desk.tab()
    tab.text_input(key=ORDERS_SEARCH).set_value(" ".join("abcdefghijklmnop")).run()
    assert "It must have at most 12 different words: the number, the email or the name is enough." in words(
        tab
    )


def test_rows_that_match_by_what_the_list_does_not_show_are_counted(desk: Desk) -> None:
    tab = desk.tab()
    desk.api.orders["ORD-2026-0005"]["customerName"] = "Jörg Äpfel"
    desk.api.orders["ORD-2026-0005"]["phone"] = "joerg"
    for sought, said in (("roux", False), ("joerg", False), ("SKU-0003-A", True)):
        tab.text_input(key=ORDERS_SEARCH).set_value(sought).run()
        assert ("This order matches by contact data, the buyer, an item or a parcel" in words(tab)) is said


def test_enter_opens_the_order_with_this_number_and_not_the_first_of_many(desk: Desk) -> None:
    tab = desk.tab()
    tab.text_input(key=ORDERS_SEARCH).set_value("roux")
    tab.button(key=ORDERS_FIND).click().run()
    assert "order" not in tab.query_params
    desk.api.orders["#1001"] = make_order(1) | {"orderNumber": "#1001"}
    desk.api.orders["#10010"] = make_order(1) | {"orderNumber": "#10010"}
    tab.text_input(key=ORDERS_SEARCH).set_value("1001")
    tab.button(key=ORDERS_FIND).click().run()
    assert tab.query_params["order"] == "#1001"
    only_in_part = desk.tab()
    only_in_part.text_input(key=ORDERS_SEARCH).set_value("ord-2026-0042 xyzzy")
    only_in_part.button(key=ORDERS_FIND).click().run()
    assert "order" not in only_in_part.query_params
    assert "Nothing has “xyzzy”" in words(only_in_part)
    narrowed = desk.tab(orders_status="Shipped")
    narrowed.text_input(key=ORDERS_SEARCH).set_value("ord-2026-0007")
    narrowed.button(key=ORDERS_FIND).click().run()
    assert narrowed.query_params["order"] == "ORD-2026-0007"


def test_the_only_order_found_is_offered_at_once(desk: Desk) -> None:
    tab = desk.tab()
    tab.text_input(key=ORDERS_SEARCH).set_value("ord-2026-0042").run()
    assert tab.button(key=ORDERS_OPEN_HIT).label == "Open order"
    tab.button(key=ORDERS_OPEN_HIT).click().run()
    assert tab.query_params["order"] == "ORD-2026-0042"


def test_a_new_search_begins_on_the_first_page(desk: Desk) -> None:
    tab = desk.tab(orders_page="2")
    assert "26–50 of 60" in words(tab)
    tab.text_input(key=ORDERS_SEARCH).set_value("blanket").run()
    assert tab.session_state[ORDERS_PAGE] == 1


def test_no_match_says_what_was_looked_among_and_offers_a_way_on(desk: Desk) -> None:
    tab = desk.tab(orders_status="Pending")
    tab.text_input(key=ORDERS_SEARCH).set_value("nobody").run()
    assert "Looked only among: Pending." in words(tab)
    tab.button(key=ORDERS_CLEAR_SEARCH).click().run()
    assert "No order matches" not in words(tab)
