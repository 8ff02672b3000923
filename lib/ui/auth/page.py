"""Draws the sign-in page; it decides nothing about who gets in."""

from collections.abc import Sequence

import streamlit as st

from lib.staff.accounts import DEMO_ACCOUNTS
from lib.staff.errors import SingleSignOnError, StaffFileError
from lib.ui.auth import oidc
from lib.ui.auth.cookie import keep_browser_cookie, waits_for_cookie
from lib.ui.auth.password import check_accounts, note_activity, sign_out, try_sign_in
from lib.ui.shared.format import escape
from lib.ui.shared.startup import LOOK_ONLY, desk_settings, is_look_only

INCOMPLETE = "Enter your user name and your password."
REFUSED = (
    "That user name and password don't go together. After several failed tries, wait five minutes "
    "before the next."
)
DEMO_HELP = (
    "Sample orders only; nothing here is anybody's. What an admin changes of the accounts is not shown."
)


def draw() -> None:
    """Draw the sign-in instead of a page; runs the page anew once somebody has signed in."""
    with (
        st.container(horizontal_alignment="center", key="sign_in"),
        st.container(width=420, key="sign_in_column"),
    ):
        st.title("Order Desk", icon=":material/package_2:", anchor=False)
        st.caption("Find an order, help its customer, and see what they see.")
        has_other_way = _draw_other_ways()
        try:
            _draw_form()
        except StaffFileError as error:
            if not has_other_way:
                _say_no_accounts(error)
            return
        if desk_settings().demo_mode:
            _show_demo_accounts()
        if is_look_only():
            st.caption(f":material/warning: {LOOK_ONLY}")
    keep_browser_cookie()


def _draw_form() -> None:
    check_accounts()
    with st.form("sign_in_form"):
        username = st.text_input("User name", key="sign_in_username", autocomplete="username")
        password = st.text_input(
            "Password", key="sign_in_password", type="password", autocomplete="current-password"
        )
        sent = st.form_submit_button("Sign in", key="sign_in_send", type="primary", width="stretch")
        if sent and try_sign_in(username, password):
            st.rerun()
        if sent:
            st.error(REFUSED if username and password else INCOMPLETE, icon=":material/error:")


def is_under_way() -> bool:
    """Return whether somebody has signed in whose page has to wait a moment, for their browser's cookie."""
    return waits_for_cookie()


def draw_wait() -> None:
    """Draw what stands in the page's place until then."""
    with st.container(horizontal_alignment="center", key="sign_in_wait"):
        st.caption("Signing you in …", width="content")
    keep_browser_cookie()


def draw_badge(name: str, roles: Sequence[str]) -> None:
    """Draw who is signed in, and the way out, in the sidebar; to be drawn is their activity."""
    with st.sidebar.container(key="sign_in_badge", gap="small"):
        st.markdown(f"**{escape(name)}**  \n{escape(', '.join(roles) or 'no role')}")
        st.button("Sign out", key="sign_in_out", icon=":material/logout:", on_click=sign_out)
        note_work()


def note_work() -> None:
    """Note that somebody is at work on this page, which keeps them signed in; draws nothing to be seen."""
    note_activity()
    keep_browser_cookie()


def _say_no_accounts(error: StaffFileError) -> None:
    st.error(f"Nobody can sign in: {error}.", icon=":material/error:")
    st.markdown("To make the first account, run this where Order Desk is installed:")
    st.code("python -m lib.staff add NAME --role admin", language="bash")


def _show_demo_accounts() -> None:
    with st.container(border=True, key="sign_in_demo"):
        st.markdown("**Demonstration accounts**", help=DEMO_HELP)
        rows = [f"| {demo.role} | `{demo.username}` | `{demo.password}` |" for demo in DEMO_ACCOUNTS]
        st.markdown("\n".join(["| Role | User | Password |", "|---|---|---|", *rows]))


def _draw_other_ways() -> bool:
    """Draw a button for each provider, above the form; return whether there is one."""
    try:
        rules = oidc.rules()
        if rules is None:
            return False
        _say_who_has_no_role()
        for provider in rules.providers:
            name = f"Sign in with {provider}" if provider else "Sign in with single sign-on"
            key = f"sign_in_with_{provider or 'default'}"
            if st.button(name, key=key, icon=":material/key:", width="stretch"):
                oidc.begin(provider)
    except SingleSignOnError as error:
        st.error("Single sign-on is not set up right:", icon=":material/error:")
        st.text(f"{error}.")
        return False
    st.caption("or", text_alignment="center")
    return True


def _say_who_has_no_role() -> None:
    name = oidc.stranger()
    if name is None:
        return
    with st.container(border=True, key="sign_in_stranger"):
        st.markdown(":orange[:material/lock:] **You are known, but have no role here**")
        st.text(f"{name}: ask whoever keeps the staff accounts for a role, then sign in again.")
        st.button("Sign out", key="sign_in_leave", icon=":material/logout:", on_click=sign_out)
