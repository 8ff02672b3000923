"""Keeps a staff member's step of verifying a caller, and draws what the steps are made of; no API call."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn

import streamlit as st

from lib.orders_client import OrdersError
from lib.staff.member import StaffMember
from lib.ui.frame.error_words import may_be_done
from lib.ui.guest_access import keys
from lib.ui.guest_access.flow import Asking, CodeSent, Flow, OrderOpen, Over, is_about, may_go_on, settle
from lib.ui.guest_access.words import OVER, RULES, SAY_OVER, STEPS, TOO_MANY
from lib.ui.shared import countdown
from lib.ui.shared.countdown import Deadline, Instant
from lib.ui.shared.format import escape
from lib.ui.shared.keys import GUEST_CALLER


def current_step(staff: StaffMember) -> Flow:
    """Return the step where this staff member stands; somebody else's on the same screen is forgotten.

    Who comes from an order's page to verify its caller begins with its number, or goes on where they were.
    """
    owner, flow = st.session_state.get(keys.GUEST_FLOW, (staff.username, Asking()))
    settled = settle(flow, countdown.now()) if owner == staff.username else Asking()
    caller, number = st.session_state.pop(GUEST_CALLER, ("", ""))
    if caller == staff.username and not is_about(settled, number):
        settled = Asking(number)
    st.session_state[keys.GUEST_FLOW] = (staff.username, settled)
    return settled


def keep_step(staff: StaffMember, flow: Flow) -> None:
    """Take a step, to be drawn from the next run on."""
    st.session_state[keys.GUEST_FLOW] = (staff.username, flow)


def go_to(staff: StaffMember, flow: Flow) -> NoReturn:
    """Take a step and draw it at once."""
    keep_step(staff, flow)
    st.rerun()


@contextmanager
def keep_if_lost(staff: StaffMember, flow: Asking | CodeSent, words: str) -> Iterator[None]:
    """Keep a step with what was entered, and have it say what is not known, where an answer is lost."""
    try:
        yield
    except OrdersError as error:
        if may_be_done(error):
            keep_step(staff, replace(flow, notice=words))
        raise


def draw_progress(flow: Flow) -> None:
    """Show the three steps, the present one in bold."""
    here = next(
        (step for step, kind in enumerate((Asking, CodeSent, OrderOpen)) if isinstance(flow, kind)), None
    )
    with st.container(horizontal=True, gap="medium"):
        for number, step in enumerate(STEPS):
            text = f"{number + 1}. {step}"
            st.markdown(f"**{text}**" if number == here else f":gray[{text}]", width="content")


def say_aloud(line: str) -> None:
    """Show what to say to the caller."""
    with st.container(border=True):
        st.caption(":material/record_voice_over: Say to the caller")
        st.markdown(f"“{escape(line)}”")


def draw_notice(flow: Asking | CodeSent, at: Instant) -> None:
    """Draw what came of the last try, or how long a rate limit holds; a place kept free if neither."""
    with st.container(key=keys.GUEST_LIVE):
        if flow.wait is not None and not may_go_on(flow, at):
            st.warning(TOO_MANY, icon=":material/hourglass:")
            countdown.countdown(("You can go on in", flow.wait))
        elif flow.notice:
            st.warning(escape(flow.notice), icon=":material/info:")


def draw_rules() -> None:
    """Draw what holds for every code."""
    st.caption(RULES)


def draw_end(flow: Over) -> None:
    """Draw why the order left the screen, and what to say."""
    title, text = OVER[flow.why]
    st.info(f"**{title}.** {text}", icon=":material/lock:")
    say_aloud(SAY_OVER[flow.why])


def hide_details_after(until: Deadline) -> None:
    """Have the browser itself hide the details when their time is over, even with the connection lost.

    The page's own rerun takes them out of the screen; this is for when that rerun can't reach the browser.
    A name with the seconds in it begins a new animation at each run, which counts from that run; it
    hides from its first moment on, because Chromium's rounding may never reach the last one. By `display` and
    opacity: what lies inside can make itself visible again, and does.
    """
    seconds = until.left(countdown.now())
    name = f"guest-details-gone-{seconds}"
    st.html(
        f"<style>@keyframes {name} {{ from, to {{ display: none; opacity: 0; }} }} "
        f".st-key-{keys.GUEST_DETAILS} {{ animation: {name} 1s linear {seconds}s forwards; }}</style>"
    )


def ask_form(flow: Asking, at: Instant) -> tuple[str, str] | None:
    """Draw the form of step 1, filled with what was said before; give order number and email once sent."""
    with st.form(keys.GUEST_ASK_FORM, width=640):
        order_number = st.text_input(
            "Order number",
            flow.order_number,
            key=keys.GUEST_ORDER_NUMBER,
            placeholder="ORD-2026-0042",
            autocomplete="off",
            required=True,
        )
        # Not type="email": its check in the browser refuses addresses that exist.
        email = st.text_input(
            "Email address, as the caller says it",
            flow.email,
            key=keys.GUEST_EMAIL,
            placeholder="name@example.com",
            autocomplete="off",
            required=True,
        )
        sent = st.form_submit_button(
            "Send the code",
            key=keys.GUEST_SEND,
            type="primary",
            icon=":material/outgoing_mail:",
            disabled=not may_go_on(flow, at),
        )
    return ((order_number or "").strip(), (email or "").strip()) if sent else None


def code_form(flow: CodeSent, at: Instant) -> str | None:
    """Draw the form of step 2; give what was typed once sent. The field is empty again after each try."""
    with st.form(keys.GUEST_CODE_FORM, clear_on_submit=True, width=640):
        typed = st.text_input(
            "Six-digit code", key=keys.GUEST_CODE, placeholder="000000", autocomplete="one-time-code"
        )
        sent = st.form_submit_button(
            "Open the order",
            key=keys.GUEST_OPEN,
            type="primary",
            icon=":material/lock_open:",
            disabled=not may_go_on(flow, at),
        )
    return (typed or "") if sent else None
