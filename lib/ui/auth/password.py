"""Signs staff in and out by streamlit-authenticator, its weaknesses closed around it; nothing else uses it.

What the library does: compare passwords, keep its session state, sign out, write the cookie in the
browser. What it is not left to do: draw the form (it turns password managers away), decide what a
cookie is worth (it would take one back after sign-out), count failures (lib.staff.ledger does), set
the cookie's life (a naive local time, wrong in other time zones), strip passwords.
"""

from datetime import UTC, datetime
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController, CookieController

from lib.orders_client import StaffAct
from lib.staff.accounts import Accounts, StaffAccount, load_accounts
from lib.staff.cookies import (
    StaffSession,
    begin_session,
    is_renewal_due,
    renewed,
    seal,
    unseal,
)
from lib.staff.errors import StaffFileError
from lib.staff.ledger import ADMITTED, DISABLED
from lib.staff.passwords import MAX_BYTES, check_password
from lib.ui.auth import clock, oidc
from lib.ui.auth.cookie import browser_cookies, order_cookie
from lib.ui.auth.records import address, latest, ledger, remember, standing_account
from lib.ui.shared.startup import desk_settings

STAFF_SESSION = "staff_session"
_LIBRARY_SIGNED_OUT = "logout"
_LIBRARY_KEYS = frozenset({"authentication_status", "username", "name", "email", "roles"})


class _Cookies(CookieController):  # type: ignore[misc]  # the library ships no types
    """The library's cookie calls, kept for cookies of our own making."""

    def __init__(self, accounts: Accounts) -> None:
        # super().__init__ would put a frame that asks for all cookies on every page, and rerun it.
        self._accounts = accounts

    def get_cookie(self) -> dict[str, str] | None:
        if st.session_state.get(_LIBRARY_SIGNED_OUT):
            return None  # the browser's cookies are those of the connection's beginning
        cookie = browser_cookies().get(self._accounts.cookie_name)
        session = unseal(self._accounts, cookie, clock.now()) if cookie else None
        if session is None or standing_account(self._accounts, session) is None:
            return None
        st.session_state[STAFF_SESSION] = session
        return {"username": session.username}

    def set_cookie(self) -> None:
        account = self._accounts.get(st.session_state["username"])
        if account is not None:
            self.keep(begin_session(self._accounts, account, clock.now()), awaited=True)

    def keep(self, session: StaffSession, *, awaited: bool = False) -> None:
        """Make the session this page's, and have the browser keep it, too."""
        now = clock.now()
        st.session_state[STAFF_SESSION] = session
        value = seal(self._accounts, session, now)
        order_cookie(self._accounts.cookie_name, value, session.expires_at, now, awaited=awaited)

    def delete_cookie(self) -> None:
        order_cookie(self._accounts.cookie_name, "", datetime.fromtimestamp(0, UTC), clock.now())


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
        name, password = (username or "").strip().lower(), password or ""
        if not name or not password:
            return False
        attempt = ledger().admit(name, address(), clock.now())
        account = self._accounts.by_username.get(name)
        outcome = DISABLED if account is not None and account.disabled else attempt.verdict
        if outcome == ADMITTED:
            outcome = "OK" if self._is_right(name, password) else "WRONG"
        else:
            check_password(password, None)  # as slow as the real one
        ledger().conclude(attempt, _act_of(account, proven=outcome == "OK"), outcome)
        return outcome == "OK"

    def _is_right(self, name: str, password: str) -> bool:
        """Compare a password as it was typed: the library's own way here would strip it."""
        if self._accounts.get(name) is None or len(password.encode()) > MAX_BYTES:
            return check_password(password, None)
        return bool(self.authentication_model.login(name, password))


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
    """Return the account that is signed in on this page, as it is now; checked at each call.

    It is the staff file's, or made of what the shop's own identity provider says.

    Raises:
        StaffFileError: the staff file can't be used, and nobody came another way.
        SingleSignOnError: single sign-on is not set up right, and nobody came another way.
    """
    try:
        account = _account_by_password()
    except StaffFileError:
        account = _account_by_single_sign_on()
        if account is None:
            raise
    return account or _account_by_single_sign_on()


def _account_by_single_sign_on() -> StaffAccount | None:
    here = oidc.signed_on()
    return here.account if here and here.account.roles else None


def _account_by_password() -> StaffAccount | None:
    accounts = load_accounts(desk_settings().staff_file)
    if STAFF_SESSION not in st.session_state:
        _Authenticator(accounts).login("unrendered")
    session: StaffSession | None = st.session_state.get(STAFF_SESSION)
    if session is None:
        return None
    account = standing_account(accounts, latest(session))
    if account is None:
        _forget_everything()
    return account


def note_activity() -> None:
    """Renew the session that is signed in on this page, where that is due: somebody is at work here.

    Call it from a run that a click causes; what a page runs by itself is nobody's activity.
    """
    session: StaffSession | None = st.session_state.get(STAFF_SESSION)
    if session is None:
        oidc.note_activity()
        return
    session, accounts = latest(session), load_accounts(desk_settings().staff_file)
    if is_renewal_due(session, clock.now()):
        session = renewed(session, clock.now())
        _Cookies(accounts).keep(session)
    st.session_state[STAFF_SESSION] = session
    remember(session, accounts.get(session.username))


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
    try:
        accounts = load_accounts(desk_settings().staff_file)
    except StaffFileError:
        accounts = None  # who wants out must get out; their cookie is worth nothing once the session is ended
    if session is not None:
        account = accounts.by_username.get(session.username) if accounts else None
        act = _act_of(account, proven=True) if accounts else StaffAct(session.username, (), address())
        ledger().end(session, act, clock.now())
    signed_off = oidc.sign_off()
    _forget_everything()
    if accounts is None:
        st.session_state[_LIBRARY_SIGNED_OUT] = True
    elif session is not None or not signed_off:
        _Passwords(accounts).logout()
        _Cookies(accounts).delete_cookie()


def _act_of(account: StaffAccount | None, *, proven: bool) -> StaffAct:
    """Say who acts, for the audit log: no name that nobody has, no role that was not proven."""
    if account is None:
        return StaffAct(address=address())
    return StaffAct(account.username, account.roles if proven else (), address())


def _forget_everything(but: frozenset[str] = frozenset()) -> None:
    """Empty the page's state, so that the next person at this screen finds nothing of the last one."""
    for key in st.session_state.keys() - but:
        del st.session_state[key]
