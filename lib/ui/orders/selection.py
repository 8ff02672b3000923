"""Keeps which orders of the list are selected, over its pages, as they were listed; it calls no API."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from lib.orders_client import OrderListItem
from lib.ui.orders.keys import ORDERS_LISTED, ORDERS_PICKING
from lib.ui.shared.keys import ORDERS_PICKED

MOST = 200


def picked() -> Mapping[str, OrderListItem]:
    """Return the selected orders by their numbers."""
    chosen: Mapping[str, OrderListItem] = st.session_state.get(ORDERS_PICKED, {})
    return chosen


def show(orders: Sequence[OrderListItem]) -> list[int]:
    """Take over a page as it is listed now; return which of its rows are selected."""
    st.session_state[ORDERS_LISTED] = orders
    here = {each.order_number: each for each in orders if each.order_number in picked()}
    st.session_state[ORDERS_PICKED] = {**picked(), **here}
    return [row for row, order in enumerate(orders) if order.order_number in here]


def pick_rows(rows: Iterable[int]) -> bool:
    """Take over which rows of the page are selected; return whether that was a change."""
    listed: Sequence[OrderListItem] = st.session_state[ORDERS_LISTED]
    here = {listed[row].order_number: listed[row] for row in rows}
    shown = {each.order_number for each in listed}
    if here.keys() == picked().keys() & shown:
        return False
    _keep([each for number, each in picked().items() if number not in shown] + list(here.values()))
    return True


def pick(orders: Iterable[OrderListItem]) -> None:
    """Select just these, and have the table drawn anew with them."""
    _keep(orders)
    st.session_state[ORDERS_PICKING] = generation() + 1


def unpick() -> None:
    """Select none, as when the list is narrowed to others: what is not seen is not to be acted on."""
    if picked():
        pick(())


def generation() -> int:
    """Return how often the desk itself has selected: a part of the table's key."""
    return int(st.session_state.get(ORDERS_PICKING, 0))


def _keep(orders: Iterable[OrderListItem]) -> None:
    st.session_state[ORDERS_PICKED] = {each.order_number: each for each in list(orders)[:MOST]}
