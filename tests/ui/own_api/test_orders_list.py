"""The order list in front of an API that neither filters nor searches nor sorts: nothing false is shown."""

from __future__ import annotations

import pytest

from tests.servers.reference import ReferenceServer
from tests.servers.reference_orders import make_orders
from tests.ui.order_desk import words
from tests.ui.own_api.desk import SAM, SUE, ShopDesk, orders_in

PENDING = {"orders_status": "Pending"}


def test_a_filter_shows_what_fits_alone_and_says_among_how_many(desk: ShopDesk) -> None:
    tab = desk.tab(**PENDING)
    assert [*map(str, orders_in(tab)["status"].map(lambda each: each[0]).unique())] == ["Pending"]
    assert "6 of the newest 37 orders" in words(tab)
    assert "does not filter by status" in words(tab)
    assert "Export …" not in [each.label for each in tab.button]


def test_filters_search_and_sort_are_the_desks_own_and_work_together(desk: ShopDesk) -> None:
    narrow = {"orders_country": "Germany", "orders_currency": "EUR", "orders_min": "70"}
    tab = desk.tab(**narrow, orders_sort="Smallest total first")
    found = orders_in(tab)
    assert [*found["ships_to"].unique()] == ["Köln, Germany"]
    assert [*found["total"]][:2] == ["€70.00", "€76.00"]
    tab.text_input(key="orders_search").set_value("muller #shop-1011").run()
    assert [*orders_in(tab)["order"]] == ["SHOP-1011"]
    assert "1 of the newest 37 orders" in words(tab)
    tab.text_input(key="orders_search").set_value("muller11@example.com").run()
    assert not len(tab.dataframe)
    assert "Searched are order number, customer's name, city and country." in words(tab)


def test_what_the_api_does_itself_is_left_to_it(desk: ShopDesk) -> None:
    desk.shop.switches.understands = frozenset({"status", "sort"})
    tab = desk.tab(**PENDING)
    assert "6 orders" in words(tab)
    assert "newest" not in words(tab)
    tab = desk.tab(**PENDING, orders_country="France")
    assert "2 of the newest 6 orders that the API found" in words(tab)
    read = desk.pages_read()
    assert orders_in(desk.tab(orders_sort="Oldest first"))["order"].iloc[0] == "SHOP-1036"
    assert desk.pages_read() == read


def test_an_api_that_stops_to_heed_a_filter_is_not_believed(desk: ShopDesk) -> None:
    desk.shop.switches.understands = frozenset({"status"})
    desk.tab(**PENDING)
    desk.shop.switches.understands = frozenset()
    tab = desk.tab(**PENDING)
    assert {each[0] for each in orders_in(tab)["status"]} == {"Pending"}
    assert "6 of the newest 37 orders" in words(tab)


def test_reading_ahead_is_bounded_and_says_so(desk: ShopDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_READ_AHEAD", "20")
    tab = desk.tab(**PENDING)
    assert "3 of the newest 20 orders" in words(tab)
    assert "looked through the newest 20 orders of 37 itself" in words(tab)


def test_what_was_read_is_kept_a_minute_for_one_staff_member(desk: ShopDesk) -> None:
    tab = desk.tab(**PENDING)
    desk.shop.add_order()
    assert "6 of the newest 37" in words(tab.run())
    assert desk.pages_read() == 1
    assert "of the newest 38" in words(desk.tab(**PENDING))  # another tab has read nothing yet
    desk.staff = SAM
    assert "of the newest 38" in words(tab.run())
    desk.staff = SUE
    desk.shop.add_order()
    tab.button(key="orders_refresh").click().run()
    assert "of the newest 39" in words(tab)
    assert desk.pages_read() == 4


def test_all_pages_are_read_also_of_an_api_that_lists_the_oldest_first(
    desk: ShopDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_READ_AHEAD", "300")
    desk.shop.orders = dict(reversed(make_orders(450).items()))
    tab = desk.tab(**PENDING)
    assert "1–25 of 43, out of the newest 300 orders" in words(tab)
    assert orders_in(tab)["order"].iloc[0] == "SHOP-1000"
    tab = desk.tab()  # with no filter at all, the newest still come first
    assert orders_in(tab)["order"].iloc[0] == "SHOP-1000"


@pytest.mark.parametrize("refuses", [False, True])
def test_what_orders_do_not_say_is_not_given_and_no_filter_fits_it(desk: ShopDesk, refuses: bool) -> None:
    desk.shop.switches.only_needed = True
    desk.shop.switches.refuses_unknown = refuses
    tab = desk.tab()
    assert "1–25 of 37 orders" in words(tab)
    assert {*orders_in(tab)["customer"]} == {"not given"}
    tab = desk.tab(orders_payment="Paid")
    assert "0 of the newest 37 orders" in words(tab)
    assert "Its list does not give the payment." in words(tab)


def test_a_link_by_what_no_list_says_shows_nothing(desk: ShopDesk) -> None:
    tab = desk.tab(orders_change_to="CANCELLED", orders_changed_since="2026-01-01T00:00:00Z")
    assert not len(tab.dataframe)
    assert "can't narrow its list like this" in words(tab)


def test_a_status_of_the_shops_own_is_shown_as_it_is(shop: ReferenceServer, desk: ShopDesk) -> None:
    shop.orders["SHOP-1000"]["status"] = "AWAITING_STOCK"
    assert orders_in(desk.tab())["status"].iloc[0] == ["Awaiting stock"]
