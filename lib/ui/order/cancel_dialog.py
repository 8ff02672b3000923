"""The dialog that cancels one order, once; whether that may be is the API's to decide."""

from __future__ import annotations

from typing import NoReturn
from uuid import uuid4

import streamlit as st

from lib.orders_client import OrderDetail, OrderNotCancellable, OrdersClient, OrdersError
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.feedback import api_guard
from lib.ui.order.cancel_outcome import Notice, last_change, outcome_unknown
from lib.ui.order.keys import (
    ORDER_CANCEL_CLOSE,
    ORDER_CANCEL_DO,
    ORDER_CANCEL_KEEP,
    ORDER_CANCEL_KEY,
    ORDER_CANCEL_NOTE,
    ORDER_CANCEL_NOTIFY,
    ORDER_CANCEL_REASON,
    ORDER_NOTICE,
)
from lib.ui.shared.cancelling import CANCELLABLE_STATUS, LONGEST_NOTE, REASONS, why_not
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import escape, in_line
from lib.ui.shared.missing import lacks
from lib.ui.shared.read_ahead import forget_read_ahead
from lib.ui.shared.reader import current_reader
from lib.ui.shared.statuses import STATUSES, label_of


def prepare() -> None:
    """Begin a new attempt, with an idempotency key and empty answers of its own."""
    st.session_state[ORDER_CANCEL_KEY] = str(uuid4())
    st.session_state.pop(ORDER_NOTICE, None)
    for key in (ORDER_CANCEL_REASON, ORDER_CANCEL_NOTE, ORDER_CANCEL_NOTIFY):
        st.session_state.pop(key, None)


@st.dialog("Cancel this order?", icon=":material/block:", on_dismiss="rerun")
def cancel_dialog(number: str, opened_by: StaffMember) -> None:
    """Read the order anew, ask why, and cancel it on the button that says so."""
    staff = recheck_staff(opened_by)
    with api_guard("order_cancel"), orders_client(staff) as client:
        order = client.orders.get(number)
        if order.status != CANCELLABLE_STATUS:
            _too_late(client, staff, order)
            return
        _name(order)
        reason = st.selectbox(
            "Why?", list(REASONS), format_func=REASONS.__getitem__, index=None,
            key=ORDER_CANCEL_REASON, placeholder="Choose a reason",
        )  # fmt: skip
        note = st.text_area(
            "Note for colleagues (optional)", key=ORDER_CANCEL_NOTE, max_chars=LONGEST_NOTE, height=80
        )
        notify = _notify(order)
        with st.container(horizontal=True, horizontal_alignment="right"):
            keep = st.button("Keep order", key=ORDER_CANCEL_KEEP)
            go = st.button("Cancel order", key=ORDER_CANCEL_DO, type="primary", disabled=reason is None)
        if go and reason is not None and reason in REASONS:
            _cancel(client, order, reason, note or "", notify)
        if keep:
            st.rerun()


def _notify(order: OrderDetail) -> bool:
    """Ask whether the customer is to be told, where there is an address to tell them at."""
    if lacks(order, "email"):
        st.caption("The order has no email: nobody is told of it unless you do.")
        return False
    return st.toggle("Tell the customer by email", value=True, key=ORDER_CANCEL_NOTIFY)


def _name(order: OrderDetail) -> None:
    """Name the order, so that nobody cancels the one beside it."""
    reader = current_reader()
    with st.container(border=True, gap="xsmall"):
        st.text(in_line(order.order_number, order.customer_name))
        st.text(
            f"{reader.money(order.grand_total, order.currency)}, placed {reader.moment(order.created_at)}"
        )


def _too_late(client: OrdersClient, staff: StaffMember, order: OrderDetail) -> None:
    """Say that the order has moved on while the page was open, who did it and when."""
    st.session_state[ORDER_NOTICE] = Notice(order.order_number, "lost")
    entries = client.orders.timeline(order.order_number).items if capabilities(staff).timeline else ()
    state = escape(label_of(STATUSES, order.status))
    st.warning(f"**Somebody was quicker.** The order is {state} now.{last_change(entries, current_reader())}")
    st.text(why_not(order.status) or "")
    if st.button("Close and show it as it is now", key=ORDER_CANCEL_CLOSE):
        st.rerun()


def _cancel(client: OrdersClient, order: OrderDetail, reason: str, note: str, notify: bool) -> NoReturn:
    """Cancel the order and close the dialog; the page then says what came of it."""
    number = order.order_number
    forget_read_ahead()
    try:
        client.orders.cancel(
            number,
            reason=reason,
            note=note.strip() or None,
            notify=notify,
            idempotency_key=st.session_state[ORDER_CANCEL_KEY],
        )
        notice = Notice(number, "done", notify)
    except OrderNotCancellable:
        notice = Notice(number, "lost")
    except OrdersError as error:
        if not outcome_unknown(error):
            raise
        notice = Notice(number, "unknown")
    st.session_state[ORDER_NOTICE] = notice
    st.rerun()
