"""Draws the two forms of guest access and gives back what was entered; it judges and keeps nothing."""

from __future__ import annotations

import streamlit as st

from lib.ui.guest_access.flow import Asking, CodeSent, may_go_on
from lib.ui.guest_access.keys import (
    GUEST_ASK_FORM,
    GUEST_CODE,
    GUEST_CODE_FORM,
    GUEST_EMAIL,
    GUEST_OPEN,
    GUEST_ORDER_NUMBER,
    GUEST_SEND,
)
from lib.ui.shared.countdown import Instant


def ask_form(flow: Asking, at: Instant) -> tuple[str, str] | None:
    """Draw the form of step 1, filled with what was said before; give order number and email once sent."""
    with st.form(GUEST_ASK_FORM, width=640):
        order_number = st.text_input(
            "Order number",
            flow.order_number,
            key=GUEST_ORDER_NUMBER,
            placeholder="ORD-2026-0042",
            autocomplete="off",
            required=True,
        )
        # Not type="email": its check in the browser refuses addresses that exist.
        email = st.text_input(
            "Email address, as the caller says it",
            flow.email,
            key=GUEST_EMAIL,
            placeholder="name@example.com",
            autocomplete="off",
            required=True,
        )
        sent = st.form_submit_button(
            "Send the code",
            key=GUEST_SEND,
            type="primary",
            icon=":material/outgoing_mail:",
            disabled=not may_go_on(flow, at),
        )
    return ((order_number or "").strip(), (email or "").strip()) if sent else None


def code_form(flow: CodeSent, at: Instant) -> str | None:
    """Draw the form of step 2; give what was typed once sent. The field is empty again after each try."""
    with st.form(GUEST_CODE_FORM, clear_on_submit=True, width=640):
        typed = st.text_input(
            "Six-digit code",
            key=GUEST_CODE,
            placeholder="000000",
            autocomplete="one-time-code",
        )
        sent = st.form_submit_button(
            "Open the order",
            key=GUEST_OPEN,
            type="primary",
            icon=":material/lock_open:",
            disabled=not may_go_on(flow, at),
        )
    return (typed or "") if sent else None
