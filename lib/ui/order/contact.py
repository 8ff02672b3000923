"""Contact data on an order's page: hidden, or shown for a while for a reason that is kept, and put right."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import streamlit as st

from lib.orders_client import OrderDetail, OrdersError, RateLimited
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.error_words import may_be_done
from lib.ui.frame.feedback import act_guard
from lib.ui.order import keys
from lib.ui.order.acts import done, key_of, too_soon
from lib.ui.order.reasons import ask_reason, begin
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import Reader, plain
from lib.ui.shared.order_input import read_email
from lib.ui.shared.own_contact import WHY, lacks_proof, show_contact

REASONS: Sequence[str] = (
    "The caller wants to check their contact data",
    "The caller wants to change the address",
    "The carrier needs the address or phone",
    "To call or write back to the customer",
    "Fraud is suspected",
)
CORRECTIONS: Sequence[str] = (
    "The customer mistyped it",
    "The customer has a new one",
    "The shop noted it wrongly",
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
        "Show contact data …", key=keys.ORDER_REVEAL, icon=":material/visibility:", on_click=_prepare,
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
            "Show them, because …", REASONS, key=keys.ORDER_REVEAL_REASON, do_label="Show contact data",
            do_key=keys.ORDER_REVEAL_DO,
        )  # fmt: skip
        if why:
            if capabilities(staff).reveal:
                client.orders.reveal(number, why)
            else:
                show_contact(number, staff, why)
            st.session_state.pop(keys.ORDER_REVEAL_ABOUT, None)
            st.rerun()


def _prepare(number: str) -> None:
    begin(keys.ORDER_REVEAL_ABOUT, number, keys.ORDER_REVEAL_REASON)


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


def correct_button(order: OrderDetail, staff: StaffMember, now: datetime) -> None:
    """Draw the button that asks what is right, and why."""
    unproven = lacks_proof("contact", order, now)
    if st.button(
        "Correct email or phone …", key=keys.ORDER_CORRECT, icon=":material/edit:",
        on_click=_prepare_correction, args=(order.order_number,), disabled=unproven,
        help=WHY if unproven else None,
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
            "Correct email", key=keys.ORDER_CORRECT_EMAIL, autocomplete="off", live=True, persist_state="page"
        )
        phone = (
            st.text_input(
                "Correct phone",
                key=keys.ORDER_CORRECT_PHONE,
                autocomplete="off",
                live=True,
                persist_state="page",
            )
            or ""
        ).strip()
        email = read_email(typed or "")
        resend = _resend(staff, status) if typed else False
        wrong = _what_is_wrong(typed or "", email, phone)
        if wrong and typed:
            st.warning(wrong)
        why = ask_reason(
            "Change it, because …", CORRECTIONS, key=keys.ORDER_CORRECT_REASON, do_label="Change",
            do_key=keys.ORDER_CORRECT_DO, disabled=bool(wrong),
        )  # fmt: skip
        if why:
            _change(number, staff, email, phone, why, resend)


def _change(
    number: str, staff: StaffMember, email: str | None, phone: str, reason: str, resend: bool
) -> None:
    key = key_of(st.session_state[keys.ORDER_CORRECT_KEY], email or "", phone, reason)
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
    st.session_state.pop(keys.ORDER_CORRECT_ABOUT, None)
    done(number, said)


def _resend(staff: StaffMember, status: str) -> bool:
    if status == "CANCELLED" or not (staff.may("resend") and capabilities(staff).resend_confirmation):
        return False
    return st.toggle("Send the confirmation to the new address", value=True, key=keys.ORDER_CORRECT_RESEND)


def _what_is_wrong(typed: str, email: str | None, phone: str) -> str | None:
    """Say what keeps this from being changed; None where nothing does."""
    if typed.strip() and email is None:
        return "Enter the whole email address: name@example.com."
    if not typed.strip() and not phone:
        return "Enter the correct email, or the correct phone."
    return None


def _prepare_correction(number: str) -> None:
    answers = (
        keys.ORDER_CORRECT_EMAIL,
        keys.ORDER_CORRECT_PHONE,
        keys.ORDER_CORRECT_REASON,
        keys.ORDER_CORRECT_RESEND,
    )
    if begin(keys.ORDER_CORRECT_ABOUT, number, *answers):
        st.session_state[keys.ORDER_CORRECT_KEY] = str(uuid4())
