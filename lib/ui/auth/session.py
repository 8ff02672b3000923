"""Says who is signed in on this page; it draws nothing but the refusal."""

from __future__ import annotations

import streamlit as st

from lib.staff.accounts import StaffAccount
from lib.staff.errors import SingleSignOnError, StaffFileError
from lib.staff.member import StaffMember
from lib.ui.auth import page
from lib.ui.auth.password import signed_in_account


def current_staff() -> StaffMember | None:
    """Return who is signed in, None if nobody is; read from cookie, account and sign-outs at each call."""
    try:
        account = signed_in_account()
    except (StaffFileError, SingleSignOnError):
        return None  # the sign-in says what is wrong
    return _member(account) if account else None


def require_staff(*roles: str) -> StaffMember:
    """Return who is signed in; the first line of every page.

    Draws the sign-in instead of the page when nobody is, a refusal when none of their roles is among
    `roles` (none given: any staff), and then stops the run.
    """
    staff = current_staff()
    if staff is None:
        page.draw()
        st.stop()
    if roles and not set(roles) & set(staff.roles):
        st.warning(
            "Your role doesn't include this page. If you need it, ask whoever keeps the staff accounts.",
            icon=":material/lock:",
        )
        st.stop()
    return staff


def recheck_staff() -> StaffMember:
    """Return who is signed in, from inside a fragment; the whole page runs anew when nobody is any more."""
    staff = current_staff()
    if staff is None:
        st.rerun(scope="app")
    return staff


def _member(account: StaffAccount) -> StaffMember:
    return StaffMember(account.username, account.name, account.roles)
