"""The ways to an order's page and back: the list, a typed number, and on from a number that is none."""

from __future__ import annotations

import streamlit as st

from lib.ui.order.keys import ORDER_NUMBER, ORDER_OPEN, ORDER_OPEN_FORM, ORDER_SEARCH
from lib.ui.shared.keys import ORDERS_SEARCH

LIST_PAGE = "pages/support/orders.py"
LONGEST_NUMBER = 64


def back_to_list() -> None:
    """Draw the way back; the list's filters, page and search come back with it."""
    st.page_link(LIST_PAGE, label="All orders", icon=":material/arrow_back:")


def ask_number() -> None:
    """Ask for an order's number, and go to its own address."""
    st.header("Open an order", anchor=False)
    form = st.form(ORDER_OPEN_FORM, border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom", width=480):
        number = st.text_input(
            "Order number",
            key=ORDER_NUMBER,
            max_chars=LONGEST_NUMBER,
            placeholder="ORD-2026-0042",
            autocomplete="off",
        )
        asked = st.form_submit_button("Open order", key=ORDER_OPEN, type="primary")
    st.caption("No number at hand? Search for the customer in the list of orders.")
    if asked and number and number.strip():
        st.query_params["order"] = number.strip()
        st.rerun()


def not_found(number: str) -> None:
    """Say that there is no such order, and offer to look for it or to type another number."""
    with st.container(border=True):
        st.markdown("**There is no such order**")
        st.text(f"Nothing is known under the number {number[:LONGEST_NUMBER]}.")
        st.text("Check it with the caller: digits are easily swapped. Or look for parts of it in the list.")
        if st.button("Search for it in the list", key=ORDER_SEARCH, icon=":material/search:"):
            st.session_state[ORDERS_SEARCH] = number[:LONGEST_NUMBER]
            st.switch_page(LIST_PAGE)
    ask_number()
