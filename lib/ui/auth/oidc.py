"""Lets people in whom the shop's identity provider knows, through Streamlit's `st.login`; it draws nothing.

Streamlit's cookie lasts 30 days and works again after a sign-out. What is held against it here at each run:
the time since that sign-in, sign-outs anywhere, an hour without a click, and what the claims mean by now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAuthError

from lib.orders_client import StaffAct
from lib.staff.accounts import StaffAccount, load_accounts
from lib.staff.cookies import StaffSession, renewed
from lib.staff.errors import SingleSignOnError, StaffFileError
from lib.staff.single_sign_on import SignOnRules, account_of, read_rules, session_of
from lib.ui.auth import clock
from lib.ui.auth.records import address, is_first_seen, latest, ledger, remember
from lib.ui.shared.startup import desk_settings

FRESH = timedelta(minutes=5)
"""A session that is seen for the first time later than this began before this process did."""


@dataclass(frozen=True)
class SignedOn:
    """Somebody whom the provider knows, and their session here."""

    account: StaffAccount
    session: StaffSession

    @property
    def act(self) -> StaffAct:
        """Who acts, for the audit log."""
        return StaffAct(self.account.username, self.account.roles, address())


def rules() -> SignOnRules | None:
    """Return the rules of single sign-on; None where the shop has none.

    Raises:
        SingleSignOnError: they can't be right.
    """
    return read_rules(_secrets())


def begin(provider: str | None) -> None:
    """Send the browser to a provider of the rules.

    Raises:
        SingleSignOnError: Streamlit says that its settings are not whole.
    """
    try:
        st.login(provider)
    except StreamlitAuthError as error:
        raise SingleSignOnError(str(error)) from None


def signed_on() -> SignedOn | None:
    """Return whom the provider knows on this page, if their session stands; they may have no role here.

    Raises:
        SingleSignOnError: the rules can't be right.
    """
    here = standing(claims())
    if here is not None:
        _take_down(here, clock.now())
    return here


def standing(claims: Mapping[str, Any]) -> SignedOn | None:
    """Return whom the provider's claims mean, if their session stands; they may have no role here.

    Raises:
        SingleSignOnError: the rules can't be right.
    """
    found = rules()
    if found is None or not claims:
        return None
    now = clock.now()
    account = account_of(found, claims)
    session = session_of(account, claims, now) if account else None
    if account is None or session is None or _is_disabled(account.username):
        return None
    session = latest(session)
    if now >= session.expires_at or not ledger().stands(session):
        return None
    return SignedOn(account, session)


def stranger() -> str | None:
    """Name whom the provider knows and no role here belongs to, if that is who is at this page.

    Raises:
        SingleSignOnError: the rules can't be right.
    """
    here = signed_on()
    return here.account.username if here and not here.account.roles else None


def note_activity() -> None:
    """Renew the session of whoever is signed on, for another hour."""
    here = signed_on()
    if here is not None:
        remember(renewed(here.session, clock.now()), here.account)


def sign_off() -> bool:
    """End the session here, and have Streamlit end its own and the provider's; return whether one stood."""
    if not claims():
        return False
    try:
        here = signed_on()
    except SingleSignOnError:
        here = None  # who wants out must get out
    if here is not None:
        ledger().end(here.session, here.act, clock.now())
    st.logout()
    return True


def _take_down(here: SignedOn, now: datetime) -> None:
    if is_first_seen(here.session) and now < here.session.began_at + FRESH:
        ledger().note(here.act, "OK" if here.account.roles else "NO_ROLE")


def _is_disabled(username: str) -> bool:
    """Return whether an account of that name was disabled: then its person stays out this way, too."""
    try:
        account = load_accounts(desk_settings().staff_file).by_username.get(username)
    except StaffFileError:
        return False
    return account is not None and account.disabled


def claims() -> Mapping[str, Any]:
    """Return what the provider says of whoever is signed on in this browser; nothing if nobody is."""
    return st.user.to_dict() if st.user.get("is_logged_in") is True else {}


def _secrets() -> Mapping[str, Any]:
    return st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}
