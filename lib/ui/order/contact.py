"""Contact data on an order's page: hidden, or shown for a while for a reason that API or desk keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.orders_client import OrderDetail
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.feedback import act_guard
from lib.ui.order.keys import ORDER_REVEAL, ORDER_REVEAL_ABOUT, ORDER_REVEAL_DO, ORDER_REVEAL_REASON
from lib.ui.order.reasons import ask_reason, begin
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import Reader, plain
from lib.ui.shared.own_contact import show_contact
from lib.ui.shared.proof import WHY, lacks_proof

REASONS: Sequence[str] = (
    "The caller wants to check their contact data",
    "The caller wants to change the address",
    "The carrier needs the address or phone",
    "To call or write back to the customer",
    "Fraud is suspected",
)


def shown_words(order: OrderDetail, reader: Reader) -> str | None:
    """Say until when contact data are shown; None: not for a while only."""
    until = order.contact_shown_until
    return f"contact shown until {reader.clock(until)}" if until else None


def contact_state(order: OrderDetail, reader: Reader, now: datetime) -> None:
    """Draw whether contact data are hidden, or until when they are shown."""
    if words := shown_words(order, reader):
        st.badge(words, icon=":material/timer:", color="green")
        if order.contact_shown_until:
            _hide_again((order.contact_shown_until - now).total_seconds())
    elif order.contact_masked:
        st.caption(":material/visibility_off: Contact data are masked.")


def reveal_button(order: OrderDetail, staff: StaffMember, now: datetime) -> None:
    """Draw the button that asks why contact data are to be shown, where they are hidden."""
    unproven = lacks_proof("reveal", order, now)
    if order.contact_masked and st.button(
        "Show contact data …", key=ORDER_REVEAL, icon=":material/visibility:", on_click=_prepare,
        args=(order.order_number,), disabled=unproven, help=WHY if unproven else None,
    ):  # fmt: skip
        reveal_dialog(order.order_number, staff)


@st.dialog("Show contact data?", icon=":material/visibility:", on_dismiss="rerun")
def reveal_dialog(number: str, opened_by: StaffMember) -> None:
    """Ask why, and show this order's contact data to this staff member for half an hour."""
    staff = recheck_staff(opened_by)
    with act_guard("order_reveal"), orders_client(staff) as client:
        st.text(f"Order {plain(number)}, for 30 minutes, to you only.")
        why = ask_reason(
            "Show them, because …", REASONS, key=ORDER_REVEAL_REASON, do_label="Show contact data",
            do_key=ORDER_REVEAL_DO,
        )  # fmt: skip
        if why:
            if capabilities(staff).reveal:
                client.orders.reveal(number, why)
            else:
                show_contact(number, staff, why)
            st.session_state.pop(ORDER_REVEAL_ABOUT, None)
            st.rerun()


def _prepare(number: str) -> None:
    begin(ORDER_REVEAL_ABOUT, number, ORDER_REVEAL_REASON)


def _hide_again(seconds: float) -> None:
    """Run the page anew once the time is over, so that nothing stays on the screen after it."""
    drawn = False

    @st.fragment(run_every=max(seconds, 0) + 1)
    def watch() -> None:
        nonlocal drawn
        if drawn:  # the first pass is part of the run that has just drawn the page
            st.rerun()
        drawn = True

    watch()
