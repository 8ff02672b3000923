"""Filters of the order list that were cleared stay so: each filter, each way to clear and to go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.orders import keys
from lib.ui.shared import keys as shared
from tests.ui.order_desk import Desk, words

MANY: Mapping[str, list[str]] = {
    shared.ORDERS_STATUS: ["PENDING"],
    shared.ORDERS_PAYMENT: ["PAID"],
    shared.ORDERS_FULFILMENT: ["FULFILLED"],
    shared.ORDERS_COUNTRY: ["DE"],
    shared.ORDERS_CURRENCY: ["EUR"],
}
DAYS = (shared.ORDERS_FROM, shared.ORDERS_TO)
AMOUNTS = (shared.ORDERS_MIN, shared.ORDERS_MAX)
ASKED = {
    "status", "paymentStatus", "fulfillmentStatus", "country", "currency",
    "createdFrom", "createdTo", "minTotal", "maxTotal", "reached",
}  # fmt: skip
"""What the API is asked for by the nine filters, and by one that comes by a link alone."""


def by_hand(tab: AppTest) -> None:
    for key in MANY:
        tab.multiselect(key=key).set_value([])
    for key in DAYS:
        tab.date_input(key=key).set_value(None)
    for key in AMOUNTS:
        tab.number_input(key=key).set_value(None)


VIEW = "On the way"
CLEARING: Mapping[str, tuple[Callable[[AppTest], object], set[str]]] = {
    "reset": (lambda tab: tab.button(key=keys.ORDERS_RESET).click(), set()),
    "look among all": (lambda tab: tab.button(key=keys.ORDERS_RESET_ALL).click(), set()),
    "another view": (
        lambda tab: tab.segmented_control(key=keys.ORDERS_VIEW).set_value("On the way"),
        {"status"},
    ),
    "by hand": (by_hand, {"reached"}),
}
"""Each way to clear the filters, and what is still asked for after it."""
GOING_ON: Mapping[str, Callable[[AppTest], object]] = {
    "refresh": lambda tab: tab.button(key=keys.ORDERS_REFRESH).click(),
    "sort": lambda tab: tab.selectbox(key=shared.ORDERS_SORT).set_value("createdAt"),
    "page size": lambda tab: tab.selectbox(key=keys.ORDERS_PER_PAGE).set_value(50),
    "search": lambda tab: tab.text_input(key=shared.ORDERS_SEARCH).set_value("doe"),
}


@pytest.mark.parametrize("way", CLEARING)
def test_no_filter_comes_back_after_it_was_cleared(desk: Desk, way: str) -> None:
    tab = desk.tab(orders_reached="SHIPPED")
    for key, values in MANY.items():
        tab.multiselect(key=key).set_value(values)
    for key in DAYS:
        tab.date_input(key=key).set_value(date(2026, 5, 1))
    for key in AMOUNTS:
        tab.number_input(key=key).set_value(5.0)
    tab.run()
    assert narrowed_by(desk) == ASKED
    assert "No order matches" in words(tab)
    clear, left = CLEARING[way]
    clear(tab)
    tab.run()
    assert narrowed_by(desk) == left
    for step, go_on in GOING_ON.items():
        go_on(tab)
        tab.run()
        assert narrowed_by(desk) == left, step


def narrowed_by(desk: Desk) -> set[str]:
    """Name the filters that the API was asked for the last time."""
    listed = [query for _, path, query in desk.api.asked if path == "/v1/orders"]
    return ASKED & listed[-1].keys()
