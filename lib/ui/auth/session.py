"""Says who is signed in on this page; it draws nothing but the refusal."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.staff.cookies import session_hash
from lib.staff.errors import SingleSignOnError, StaffFileError
from lib.staff.member import StaffMember
from lib.ui.auth import page
from lib.ui.auth.later import mark_of, member, staff_by
from lib.ui.auth.password import STAFF_SESSION, signed_in_account
from lib.visitors import BY_PROVIDER, HEADER, VISITORS


def current_staff() -> StaffMember | None:
    """Return who is signed in, None if nobody is; read from cookie, account and sign-outs at each call."""
    try:
        account = signed_in_account()
    except (StaffFileError, SingleSignOnError):
        return None  # the sign-in says what is wrong
    if account is None:
        return None
    _tell_visitors()
    return member(account)


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


def recheck_staff(opened_by: StaffMember | None = None) -> StaffMember:
    """Return who is signed in, from inside a fragment; the whole page runs anew when nobody is any more.

    A dialog says who has `opened_by` their click: for anybody else the whole page runs anew as well.
    """
    staff = current_staff()
    if staff is None or (opened_by is not None and staff.username != opened_by.username):
        st.rerun(scope="app")
    return staff


def staff_mark() -> dict[str, Any]:
    """Return what lib.ui.auth.later knows this page's staff member by."""
    return mark_of(st.session_state.get(STAFF_SESSION))


def staff_later() -> Callable[[], StaffMember | None]:
    """Return a question to ask after this run, from anywhere: who is signed in here, if they still are."""
    return partial(staff_by, staff_mark())


def _tell_visitors() -> None:
    """Have it known on which websocket, and in whose tab, somebody is signed in."""
    session, run = st.session_state.get(STAFF_SESSION), get_script_run_ctx()
    if run is not None:
        owner = session_hash(session) if session else BY_PROVIDER
        VISITORS.signed_in(st.context.headers.get(HEADER), run.session_id, owner)
