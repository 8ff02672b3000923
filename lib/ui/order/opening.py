"""The ways to an order's page and on: the list, its next order, recent ones, and what is typed or pasted."""

from contextlib import suppress
from datetime import datetime
from typing import NoReturn

import streamlit as st

from lib.orders_client import OrderDetail, OrderNotFound, OrdersClient
from lib.staff.member import StaffMember
from lib.ui.order import keys
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import escape, lacks
from lib.ui.shared.keys import GUEST_CALLER, ORDERS_SEARCH, ORDERS_SHOWN
from lib.ui.shared.order_input import can_be_number, same_number, search_terms

LIST_PAGE = "pages/support/orders.py"
GUEST_PAGE = "pages/support/guest_access.py"
ORDER_PAGE = "pages/support/order.py"
LONGEST_NUMBER = 64
MOST_RECENT = 8
LOOKED_AT = 10


def ways_on(number: str) -> None:
    """Draw the page's title, the way back to the list, and to the order before and after this one there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Order", anchor=False, width="content")
        st.page_link(LIST_PAGE, label="All orders", icon=":material/arrow_back:")
        shown = st.session_state.get(ORDERS_SHOWN, [])
        at = next((at for at, each in enumerate(shown) if same_number(each, number)), None)
        if at is None:
            return
        if at > 0:
            _link(shown[at - 1], "Previous", ":material/chevron_left:")
        if at + 1 < len(shown):
            _link(shown[at + 1], "Next", ":material/chevron_right:")


def remember(order: OrderDetail, staff: StaffMember) -> None:
    """Keep which orders this staff member has opened in this session, the latest first."""
    others = [each for each in _recent(staff) if each != order.order_number]
    st.session_state[keys.ORDER_RECENT] = (staff.username, [order.order_number, *others][:MOST_RECENT])


def verify_button(order: OrderDetail, staff: StaffMember, now: datetime) -> None:
    """Draw the button that starts to verify whoever calls about this order, unless they are."""
    until = order.caller_verified_until
    if lacks(order, "email") or (until is not None and now < until):
        return
    if st.button("Verify this caller", key=keys.ORDER_VERIFY, icon=":material/verified_user:"):
        st.session_state[GUEST_CALLER] = (staff.username, order.order_number)
        st.switch_page(GUEST_PAGE)


def ask_number(staff: StaffMember) -> None:
    """Ask which order is meant, take what the list's search takes, and go to it or to what is found."""
    st.header("Open an order", anchor=False)
    form = st.form(keys.ORDER_OPEN_FORM, border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom", width=640):
        text = st.text_input(
            "Order number, email, name or tracking link",
            key=keys.ORDER_NUMBER,
            placeholder="ORD-2026-0042",
            autocomplete="off",
        )
        asked = st.form_submit_button("Open order", key=keys.ORDER_OPEN, type="primary")
    if asked and (wanted := search_terms(text)):
        _go_to(wanted, staff)
    if recent := _recent(staff):
        st.subheader("Opened lately", anchor=False)
        for number in recent:
            _link(number, escape(number), ":material/receipt_long:")


def not_found(number: str, staff: StaffMember) -> None:
    """Say that there is no such order, and offer to look for it or to type another number."""
    with st.container(border=True):
        st.markdown("**There is no such order**")
        st.text(f"Nothing is known under the number {number[:LONGEST_NUMBER]}.")
        st.text("Check it with the caller: digits are easily swapped. Or look for parts of it in the list.")
        if st.button("Search for it in the list", key=keys.ORDER_SEARCH, icon=":material/search:"):
            _search(number[:LONGEST_NUMBER])
    ask_number(staff)


def _go_to(wanted: str, staff: StaffMember) -> NoReturn:
    """Open the order that is meant, if it is one alone; else show in the list what is found.

    No more than an order's own number gets into an address: what was typed may be an email.
    """
    with orders_client(staff) as client:
        number = _meant(client, wanted, capabilities(staff).search)
    if number is None:
        _search(wanted)
    st.switch_page(ORDER_PAGE, query_params={"order": number})


def _meant(client: OrdersClient, wanted: str, searches: bool) -> str | None:
    """Return the number of the one order that is meant; None where there are several, or none."""
    if searches:
        found = client.orders.list(1, LOOKED_AT, q=wanted).items
        meant = [each for each in found if same_number(each.order_number, wanted)] or found
        if len(meant) < LOOKED_AT:
            return meant[0].order_number if len(meant) == 1 else None
    if not can_be_number(wanted):
        return None
    with suppress(OrderNotFound):
        return client.orders.get(wanted).order_number
    return None


def _search(wanted: str) -> NoReturn:
    st.session_state[ORDERS_SEARCH] = wanted
    st.switch_page(LIST_PAGE)


def _recent(staff: StaffMember) -> list[str]:
    owner, numbers = st.session_state.get(keys.ORDER_RECENT, ("", []))
    return list(numbers) if owner == staff.username else []


def _link(number: str, label: str, icon: str) -> None:
    st.page_link(ORDER_PAGE, label=label, icon=icon, query_params={"order": number})
