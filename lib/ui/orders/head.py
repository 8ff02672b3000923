"""Draws the list's first line: its title, the search, and what reads the list anew; it calls no API."""

from __future__ import annotations

import streamlit as st

from lib.orders_client import Capabilities
from lib.ui.orders.keys import ORDERS_FIND, ORDERS_HEAD, ORDERS_REFRESH
from lib.ui.orders.narrowing import searched
from lib.ui.orders.sifting import SEARCHED
from lib.ui.shared.keys import ORDERS_SEARCH
from lib.ui.shared.order_input import search_terms
from lib.ui.shared.read_ahead import forget_read_ahead

_EVERYTHING = "Number, name, whole email or the part before the @, phone, parcel, SKU, place"


def head(can: Capabilities) -> str | None:
    """Draw the line; return what to search for, which stays out of the address.

    Enter in the box presses the button beside it (frame/keyboard.js), which opens the order that is meant.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=ORDERS_HEAD):
        st.title("Orders", anchor=False, width="content")
        text = st.text_input(
            "Search orders",
            key=ORDERS_SEARCH,
            type="search",
            live="200ms",
            persist_state="session",
            label_visibility="collapsed",
            placeholder=_EVERYTHING if can.search else f"{SEARCHED[0].upper()}{SEARCHED[1:]}",
            on_change=searched,
        )
        st.button(
            "Open", key=ORDERS_FIND, icon=":material/keyboard_return:", type="tertiary",
            help="Enter in the search opens the order with this number, or the only one found. "
            "The key / leads to the search from every page.",
        )  # fmt: skip
        st.button("Refresh", key=ORDERS_REFRESH, icon=":material/refresh:", on_click=forget_read_ahead)
    return search_terms(text)
