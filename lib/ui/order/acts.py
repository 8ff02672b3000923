"""What staff do on an order's page besides cancelling: notes, and the confirmation again; the API decides."""

from uuid import UUID, uuid4, uuid5

import streamlit as st

from lib.orders_client import OrderDetail, OrdersError, RateLimited
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.error_words import may_be_done
from lib.ui.frame.feedback import act_guard
from lib.ui.order import keys
from lib.ui.shared.cancelling import LONGEST_NOTE
from lib.ui.shared.clients import orders_client
from lib.ui.shared.format import lacks, plain


def say_done(number: str) -> None:
    """Say what was just done on this order, once."""
    about, words = st.session_state.pop(keys.ORDER_SAID, (None, ""))
    if about == number:
        st.toast(words, icon=":material/check_circle:")


def note_form(order: OrderDetail, staff: StaffMember) -> None:
    """Draw the field for a note: what is written stays, on whatever page, until it is added, once."""
    drafts = st.session_state.setdefault(keys.ORDER_NOTE_DRAFTS, {})
    whose = (staff.username, order.order_number)
    draft = drafts.setdefault(whose, str(uuid4()))
    text = st.text_area(
        "Note for colleagues", key=f"{keys.ORDER_NOTE}_{draft}", max_chars=LONGEST_NOTE, height=80,
        placeholder="What the next colleague should know", persist_state="session",
    )  # fmt: skip
    add = st.button(
        "Add note", key=f"{keys.ORDER_NOTE_ADD}_{draft}", icon=":material/add_notes:", shortcut="Ctrl+Enter"
    )
    if not add:
        if st.session_state.get(keys.ORDER_NOTE_UNSENT) == draft:
            st.warning("It is not known whether this note was added: press again, it is there once at most.")
        return
    said = (text or "").strip()
    if not said:
        st.warning("Write the note first.")
        return
    st.session_state[keys.ORDER_NOTE_UNSENT] = draft
    with act_guard("order_note"), orders_client(staff) as client:
        try:
            client.orders.add_note(order.order_number, said, idempotency_key=key_of(draft, said))
        except OrdersError as error:
            if not may_be_done(error):
                del st.session_state[keys.ORDER_NOTE_UNSENT]
            raise
        del drafts[whose], st.session_state[keys.ORDER_NOTE_UNSENT]
        done(order.order_number, "Note added.")


def resend_button(order: OrderDetail, staff: StaffMember) -> None:
    """Draw the button that asks whether the confirmation is to be sent again, of an order that stands."""
    if lacks(order, "email"):
        st.caption("The order has no email, so no confirmation can be sent.")
    if lacks(order, "email") or order.status == "CANCELLED":
        return
    key = keys.ORDER_RESEND
    if st.button("Send confirmation again …", key=key, icon=":material/forward_to_inbox:", on_click=_new_key):
        resend_dialog(order.order_number, order.email, staff)


@st.dialog("Send the confirmation again?", icon=":material/forward_to_inbox:", on_dismiss="rerun")
def resend_dialog(number: str, email: str | None, opened_by: StaffMember) -> None:
    """Queue the confirmation once more, on the button that says so."""
    staff = recheck_staff(opened_by)
    with act_guard("order_resend"), orders_client(staff) as client:
        to = plain(email or "the customer")
        st.text(f"Order {plain(number)}: the email with the tracking link goes to {to} again.")
        if not st.button("Send it again", key=keys.ORDER_RESEND_DO, type="primary"):
            return
        try:
            client.orders.resend_confirmation(number, idempotency_key=st.session_state[keys.ORDER_RESEND_KEY])
        except RateLimited as error:
            st.warning(too_soon("It was sent", error.retry_after))
            return
        done(number, "The confirmation is on its way again.")


def unlock_button(order: OrderDetail, staff: StaffMember) -> None:
    """Draw the button that asks whether guest access is to be unlocked."""
    if st.button("Unlock guest access …", key=keys.ORDER_UNLOCK, icon=":material/lock_open:"):
        unlock_dialog(order.order_number, staff)


@st.dialog("Unlock guest access?", icon=":material/lock_open:", on_dismiss="rerun")
def unlock_dialog(number: str, opened_by: StaffMember) -> None:
    """Unlock the order's codes, on the button that says so."""
    staff = recheck_staff(opened_by)
    with act_guard("order_unlock"), orders_client(staff) as client:
        st.text(
            f"After too many wrong codes nobody gets into order {number} by a code any more. Unlock it only "
            "if you are sure that the customer mistyped: a stranger gets as many new tries."
        )
        if st.button("Unlock", key=keys.ORDER_UNLOCK_DO, type="primary"):
            client.orders.unlock_guest_access(number)
            done(number, "Codes for this order work again.")


def key_of(attempt: str, *said: str) -> str:
    """Return the idempotency key of an attempt at just this: what was edited since is another call."""
    return str(uuid5(UUID(attempt), "\0".join(said)))


def too_soon(what: str, seconds: float | None) -> str:
    """Say that something was done too often lately, and when it may be done again."""
    minutes = -(-int(seconds or 60) // 60)
    wait = f"{minutes} min" if minutes < 60 else f"{-(-minutes // 60)} h"
    return f"{what} a moment ago, or too often today. Try again in {wait}."


def _new_key() -> None:
    st.session_state[keys.ORDER_RESEND_KEY] = str(uuid4())


def done(number: str, words: str) -> None:
    """Close the dialog, and have the page say what was done."""
    st.session_state[keys.ORDER_SAID] = (number, words)
    st.rerun()
