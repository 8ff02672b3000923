"""The dialog that puts a wrong email or phone right, and sends the confirmation there; the API decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import streamlit as st

from lib.orders_client import OrderDetail, OrdersError, RateLimited
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.error_words import may_be_done
from lib.ui.frame.feedback import act_guard
from lib.ui.order.acts import done, key_of, too_soon
from lib.ui.order.keys import (
    ORDER_CORRECT,
    ORDER_CORRECT_ABOUT,
    ORDER_CORRECT_DO,
    ORDER_CORRECT_EMAIL,
    ORDER_CORRECT_KEY,
    ORDER_CORRECT_PHONE,
    ORDER_CORRECT_REASON,
    ORDER_CORRECT_RESEND,
)
from lib.ui.order.reasons import ask_reason, begin
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import plain
from lib.ui.shared.order_input import read_email
from lib.ui.shared.proof import WHY, lacks_proof

REASONS: Sequence[str] = (
    "The customer mistyped it",
    "The customer has a new one",
    "The shop noted it wrongly",
)


def correct_button(order: OrderDetail, staff: StaffMember, now: datetime) -> None:
    """Draw the button that asks what is right, and why."""
    unproven = lacks_proof("contact", order, now)
    if st.button(
        "Correct email or phone …", key=ORDER_CORRECT, icon=":material/edit:", on_click=_prepare,
        args=(order.order_number,), disabled=unproven, help=WHY if unproven else None,
    ):  # fmt: skip
        correct_dialog(order.order_number, order.status, staff)


@st.dialog("Correct email or phone?", icon=":material/edit:", on_dismiss="rerun")
def correct_dialog(number: str, status: str, opened_by: StaffMember) -> None:
    """Ask what is right, and change it on the button that says so."""
    staff = recheck_staff(opened_by)
    with act_guard("order_correct"):
        st.text(
            f"Order {plain(number)}. What is left empty stays. A new email ends guest access, and the old "
            "address is told that it was changed."
        )
        typed = st.text_input(
            "Correct email", key=ORDER_CORRECT_EMAIL, autocomplete="off", live=True, persist_state="page"
        )
        phone = (
            st.text_input(
                "Correct phone", key=ORDER_CORRECT_PHONE, autocomplete="off", live=True, persist_state="page"
            )
            or ""
        ).strip()
        email = read_email(typed or "")
        resend = _resend(staff, status) if typed else False
        wrong = _what_is_wrong(typed or "", email, phone)
        if wrong and typed:
            st.warning(wrong)
        why = ask_reason(
            "Change it, because …", REASONS, key=ORDER_CORRECT_REASON, do_label="Change",
            do_key=ORDER_CORRECT_DO, disabled=bool(wrong),
        )  # fmt: skip
        if why:
            _change(number, staff, email, phone, why, resend)


def _change(
    number: str, staff: StaffMember, email: str | None, phone: str, reason: str, resend: bool
) -> None:
    key = key_of(st.session_state[ORDER_CORRECT_KEY], email or "", phone, reason)
    said = "Changed."
    with orders_client(staff) as client:
        try:
            client.orders.change_contact(number, email, phone or None, reason=reason, idempotency_key=key)
        except RateLimited as error:
            st.warning(too_soon("It was changed", error.retry_after))
            return
        if resend and email:
            try:
                client.orders.resend_confirmation(number, idempotency_key=f"{key}-confirmation")
                said = "Changed. The confirmation is on its way to the new address."
            except RateLimited as error:
                said = f"Changed. {too_soon('The confirmation was sent', error.retry_after)}"
            except OrdersError as error:
                said = (
                    "Changed. It is not known whether the confirmation was sent."
                    if may_be_done(error)
                    else "Changed. The confirmation could not be sent."
                )
    st.session_state.pop(ORDER_CORRECT_ABOUT, None)
    done(number, said)


def _resend(staff: StaffMember, status: str) -> bool:
    if status == "CANCELLED" or not (staff.may("resend") and capabilities(staff).resend_confirmation):
        return False
    return st.toggle("Send the confirmation to the new address", value=True, key=ORDER_CORRECT_RESEND)


def _what_is_wrong(typed: str, email: str | None, phone: str) -> str | None:
    """Say what keeps this from being changed; None where nothing does."""
    if typed.strip() and email is None:
        return "Enter the whole email address: name@example.com."
    if not typed.strip() and not phone:
        return "Enter the correct email, or the correct phone."
    return None


def _prepare(number: str) -> None:
    answers = (ORDER_CORRECT_EMAIL, ORDER_CORRECT_PHONE, ORDER_CORRECT_REASON, ORDER_CORRECT_RESEND)
    if begin(ORDER_CORRECT_ABOUT, number, *answers):
        st.session_state[ORDER_CORRECT_KEY] = str(uuid4())
