"""Signs staff in and out by streamlit-authenticator, its weaknesses closed around it; nothing else uses it.

What the library does: compare passwords, keep its session state, sign out, write the cookie in the
browser. What it is not left to do: draw the form (it turns password managers away), decide what a
cookie is worth (it would take one back after sign-out), count failures, set the cookie's life (a
naive local time, wrong in other time zones).
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
_LIBRARY_SIGNED_OUT = "logout"
_LIBRARY_KEYS = frozenset({"authentication_status", "username", "name", "email", "roles"})

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
        if not name or not password:
            return False
        known = self._accounts.get(name) is not None and len(password.encode()) <= MAX_BYTES
        if not _throttle.admit(name, _now()) or not known:
            return check_password(password, None)  # as slow as the real one, and always False
        if not super().login(name, password, *args, **kwargs):
            return False
        _throttle.succeeded(name)
        return True


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


def check_accounts() -> None:
    """See that somebody could sign in at all.

    Raises:
        StaffFileError: the staff file can't be used.
    """
    load_accounts(desk_settings().staff_file)


def try_sign_in(username: str, password: str) -> bool:
    """Sign somebody in on this page if the password is theirs; why it was refused is for nobody to know.

    Raises:
        StaffFileError: the staff file can't be used.
    """
    authenticator = _Authenticator(load_accounts(desk_settings().staff_file))
    if not authenticator.authentication_controller.login(username, password):
        return False
    _forget_everything(but=_LIBRARY_KEYS)
    authenticator.cookie_controller.set_cookie()
    return True


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


def _forget_everything(but: frozenset[str] = frozenset()) -> None:
    """Empty the page's state, so that the next person at this screen finds nothing of the last one."""
    for key in st.session_state.keys() - but:
        del st.session_state[key]


def _browser_cookies() -> dict[str, str]:
    return st.context.cookies.to_dict()


def _now() -> datetime:
    return datetime.now(UTC)
