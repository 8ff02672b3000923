"""Draws the parts of the order list: toolbar, table, empty states; it asks the API for nothing."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lib.orders_client import Capabilities, OrderListItem
from lib.ui.orders import filters as rules
from lib.ui.orders.filter_bar import clear_search, reset
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.finding import Found
from lib.ui.orders.keys import (
    ORDERS_CLEAR_SEARCH,
    ORDERS_OPEN_HIT,
    ORDERS_PER_PAGE,
    ORDERS_REFRESH,
    ORDERS_RESET_ALL,
)
from lib.ui.orders.link_filters import LinkFilters
from lib.ui.orders.sifting import SEARCHED
from lib.ui.orders.table import ORDER_PAGE, open_order
from lib.ui.shared.chips import status_chips
from lib.ui.shared.format import NOT_GIVEN, Reader, escape, in_line
from lib.ui.shared.keys import ORDERS_PAGE, ORDERS_SEARCH, ORDERS_SORT
from lib.ui.shared.order_input import search_terms
from lib.ui.shared.order_links import SORTS
from lib.ui.shared.read_ahead import forget_read_ahead
from lib.ui.shared.statuses import STATUSES, look

LIST_PAGE = "pages/support/orders.py"
_EVERYTHING = "Order number, email, name, last digits of a phone, SKU or tracking link"


def undo_half_step() -> None:
    """Go on to the list itself from the address that the browser's Back leaves at first.

    Opening an order puts two entries into the browser's history, and the one between holds the order's
    parameter at the list's address (seen in 1.67).
    """
    if "order" in st.query_params:
        st.switch_page(LIST_PAGE)


def search_box(can: Capabilities) -> str | None:
    """Draw the search box and return what to search for; its text stays out of the address."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            "Search orders",
            key=ORDERS_SEARCH,
            type="search",
            live="300ms",
            persist_state="session",
            label_visibility="collapsed",
            placeholder=_EVERYTHING if can.search else f"{SEARCHED[0].upper()}{SEARCHED[1:]}",
            on_change=first_page,
        )
        st.button("Refresh", key=ORDERS_REFRESH, icon=":material/refresh:", on_click=forget_read_ahead)
    return search_terms(text)


def say_narrowing(filters: OrderFilters, linked: LinkFilters, reader: Reader) -> None:
    """Name the filters that are set in the closed part of the bar or came by a link: none works unseen."""
    hidden = replace(filters, statuses=(), payments=(), fulfilments=()).in_words(reader)
    hidden += [escape(words) for words in linked.in_words(reader)]
    if hidden:
        st.caption(f":material/tune: Only {', '.join(hidden)}")


def sorting() -> tuple[str, int]:
    """Draw the choice of order and page size, and return both."""
    sort = st.selectbox(
        "Sort", list(SORTS), format_func=SORTS.__getitem__, key=ORDERS_SORT,
        label_visibility="collapsed", on_change=first_page, bind="query-params", width=200,
    )  # fmt: skip
    size = st.selectbox(
        "Orders per page", list(rules.PAGE_SIZES), format_func=str, key=ORDERS_PER_PAGE,
        label_visibility="collapsed", on_change=first_page, bind="query-params", width=90,
    )  # fmt: skip
    return sort, size


def counts(found: Found, shown: int, size: int, reader: Reader) -> str:
    """Say which of how many orders are shown, such as `26–50 of 5,000 orders`, and out of which."""
    first = (shown - 1) * size + 1
    rows = f"{reader.number(first)}–{reader.number(first + len(found.items) - 1)}"
    if found.among:
        part = f"{rows} of {reader.number(found.total)}, out" if found.total > size else str(found.total)
        return f"{part} of {found.among.in_words(reader)}"
    if not found.items:
        return "No orders"
    return "1 order" if found.total == 1 else f"{rows} of {reader.number(found.total)} orders"


def offer(order: OrderListItem, reader: Reader) -> None:
    """Offer one order, the only one found or the one the keyboard stands on, so that keys alone open it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="medium"):
        total = reader.money(order.grand_total, order.currency)
        st.text(in_line(order.order_number, order.customer_name or NOT_GIVEN, total))
        status_chips([look(STATUSES, order.status)])
        if st.button("Open order", key=ORDERS_OPEN_HIT, type="primary", shortcut="Alt+O"):
            open_order(order.order_number)


def nothing_found(
    found: Found, search: str | None, filters: OrderFilters, linked: LinkFilters, reader: Reader
) -> None:
    """Say why the list is empty and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        narrowed = filters.in_words(reader) + linked.in_words(reader)
        if not search and not narrowed:
            st.markdown("**There are no orders yet**")
            st.text(
                "They appear here as soon as the shop takes its first one, or once a file has been imported."
            )
            return
        st.markdown("**No order matches**")
        if found.undoable:
            st.text("The shop's API can't narrow its list like this, so nothing is shown.")
        elif reason := filters.contradiction():
            st.text(reason)
        elif narrowed:
            st.text(f"Looked only among: {', '.join(narrowed)}.")
        elif found.among:
            st.text("Try fewer words, or open an order by its whole number.")
        else:
            st.text("Try fewer words, the order number alone, or the last four digits of the phone.")
        with st.container(horizontal=True, horizontal_alignment="center"):
            if narrowed:
                st.button("Look among all orders", key=ORDERS_RESET_ALL, type="primary", on_click=reset)
            if search and found.among:
                st.page_link(ORDER_PAGE, label="Open by number", icon=":material/receipt_long:")
            if search:
                st.button("Clear the search", key=ORDERS_CLEAR_SEARCH, on_click=clear_search)


def first_page() -> None:
    """Go back to the first page, as after each change of what is listed."""
    st.session_state[ORDERS_PAGE] = 1
