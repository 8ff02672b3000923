"""Signs staff in and out by streamlit-authenticator, its weaknesses closed around it; nothing else uses it.

What the library does: the form, comparing passwords, its session state, writing the cookie in the
browser. What it is not left to do: decide what a cookie is worth (it would take one back after
sign-out), count failures, set the cookie's life (a naive local time, wrong in other time zones).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import extra_streamlit_components as stx
import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController, CookieController

from lib.staff.accounts import Accounts, StaffAccount, load_accounts
from lib.staff.cookies import StaffSession, begin_session, seal, still_stands, unseal
from lib.staff.passwords import MAX_BYTES, check_password
from lib.staff.revocations import Revocations
from lib.staff.throttle import SignInThrottle
from lib.ui.startup import desk_settings

STAFF_SESSION = "staff_session"
STAFF_COOKIE_ORDER = "staff_cookie_order"
_FIELDS = {"Form name": "Sign in", "Username": "User name", "Password": "Password", "Login": "Sign in"}
_LIBRARY_STATUS, _LIBRARY_SIGNED_OUT = "authentication_status", "logout"

_throttle = SignInThrottle()


@dataclass(frozen=True)
class _CookieOrder:
    """What the browser has yet to be told: keep this value until then (no value: drop the cookie)."""

    name: str
    value: str
    expires_at: datetime
    key: str


class _Cookies(CookieController):  # type: ignore[misc]  # the library ships no types
    """The library's cookie calls, kept for cookies of our own making."""

    def __init__(self, accounts: Accounts) -> None:
        # super().__init__ would put a frame that asks for all cookies on every page, and rerun it.
        self._accounts = accounts

    def get_cookie(self) -> dict[str, str] | None:
        if st.session_state.get(_LIBRARY_SIGNED_OUT):
            return None  # the browser's cookies are those of the connection's beginning
        cookie = _browser_cookies().get(self._accounts.cookie_name)
        session = unseal(self._accounts, cookie, _now()) if cookie else None
        if session is None or _standing_account(self._accounts, session) is None:
            return None
        st.session_state[STAFF_SESSION] = session
        return {"username": session.username}

    def set_cookie(self) -> None:
        now, account = _now(), self._accounts.get(st.session_state["username"])
        if account is None:
            return
        session = begin_session(self._accounts, account, now)
        st.session_state[STAFF_SESSION] = session
        self._order(seal(self._accounts, session, now), session.expires_at)

    def delete_cookie(self) -> None:
        self._order("", datetime.fromtimestamp(0, UTC))

    def _order(self, value: str, expires_at: datetime) -> None:
        order = _CookieOrder(self._accounts.cookie_name, value, expires_at, f"staff_{secrets.token_hex(8)}")
        st.session_state[STAFF_COOKIE_ORDER] = order


class _Passwords(AuthenticationController):  # type: ignore[misc]  # the library ships no types
    """The library's password check, with one answer in one time for every kind of failure."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        usernames = {
            account.username: {"name": account.name, "password": account.password_hash}
            for account in accounts.by_username.values()
            if not account.disabled
        }
        super().__init__({"usernames": usernames}, auto_hash=False, secret_key=accounts.cookie_key)

    def login(
        self, username: str | None = None, password: str | None = None, *args: Any, **kwargs: Any
    ) -> bool | None:
        if kwargs.get("token"):
            return bool(super().login(*args, **kwargs))
        name, password = (username or "").strip().lower(), (password or "").strip()
        right = self._check(name, password, *args, **kwargs)
        if not right:
            st.session_state[_LIBRARY_STATUS] = False
        return right

    def _check(self, name: str, password: str, *args: Any, **kwargs: Any) -> bool:
        if not name or not password:
            return False
        now = _now()
        hopeless = self._accounts.get(name) is None or len(password.encode()) > MAX_BYTES
        if hopeless or _throttle.is_throttled(name, now):
            check_password(password, None)
            right = False
        else:
            right = bool(super().login(name, password, *args, **kwargs))
        if right:
            _throttle.succeeded(name)
        else:
            _throttle.failed(name, now)
        return right


class _Authenticator(Authenticate):  # type: ignore[misc]  # the library ships no types
    """The library's sign-in with both its halves replaced by the guarded ones."""

    def __init__(self, accounts: Accounts) -> None:
        # super().__init__ would build the unguarded halves first, frame and all.
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.secret_key = accounts.cookie_key
        self.cookie_controller = _Cookies(accounts)
        self.authentication_controller = _Passwords(accounts)


def signed_in_account() -> StaffAccount | None:
    """Give the account that is signed in on this page, as the staff file has it now; checked at each call.

    Raises:
        StaffFileError: the staff file can't be used.
    """
    accounts = load_accounts(desk_settings().staff_file)
    if STAFF_SESSION not in st.session_state:
        _Authenticator(accounts).login("unrendered")
    session: StaffSession | None = st.session_state.get(STAFF_SESSION)
    if session is None:
        return None
    account = _standing_account(accounts, session)
    if account is None:
        _forget_everything()
    return account


def draw_form() -> None:
    """Draw the library's form; once the password is right, run the page anew for its owner.

    Raises:
        StaffFileError: the staff file can't be used.
    """
    _Authenticator(load_accounts(desk_settings().staff_file)).login(
        "main", fields=_FIELDS, key="sign_in_form"
    )
    if STAFF_SESSION in st.session_state:
        st.rerun()


def last_try_failed() -> bool:
    """Say whether the form was sent and refused; why is for nobody to know."""
    return st.session_state.get(_LIBRARY_STATUS) is False


def sign_out() -> None:
    """End this session, here and for every copy of its cookie, and leave nothing of it in the page."""
    session: StaffSession | None = st.session_state.get(STAFF_SESSION)
    if session is not None:
        _revocations(str(desk_settings().staff_file)).revoke(session, _now())
    _forget_everything()
    accounts = load_accounts(desk_settings().staff_file)
    _Passwords(accounts).logout()
    _Cookies(accounts).delete_cookie()


@st.fragment
def keep_browser_cookie() -> None:
    """Have the browser write or drop its cookie, where that is due; draws nothing that can be seen."""
    order: _CookieOrder | None = st.session_state.get(STAFF_COOKIE_ORDER)
    if order is None:
        return
    if st.session_state.get(order.key):  # the browser says it has done so
        del st.session_state[STAFF_COOKIE_ORDER]
        return
    seconds = max(0.0, (order.expires_at - _now()).total_seconds())
    secure = True if (st.context.url or "").startswith("https:") else None
    manager = stx.CookieManager(key=f"{order.key}_all")
    manager.set(
        order.name, order.value, key=order.key, expires_at=order.expires_at, max_age=seconds, secure=secure
    )


def _standing_account(accounts: Accounts, session: StaffSession) -> StaffAccount | None:
    if _revocations(str(desk_settings().staff_file)).is_revoked(session):
        return None
    return still_stands(accounts, session, _now())


@st.cache_resource
def _revocations(staff_file: str) -> Revocations:
    return Revocations(Path(staff_file))


def _forget_everything() -> None:
    """Empty the page's state, so that the next person at this screen finds nothing of the last one."""
    for key in list(st.session_state):
        del st.session_state[key]


def _browser_cookies() -> dict[str, str]:
    return st.context.cookies.to_dict()


def _now() -> datetime:
    return datetime.now(UTC)
