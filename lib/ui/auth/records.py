"""Holds what all sessions of this process share about signing in: the ledger, and who was active when."""

import ipaddress
from collections.abc import Sequence

import streamlit as st

from lib.callers import is_address
from lib.once import once
from lib.settings import Network
from lib.staff.accounts import Accounts, StaffAccount
from lib.staff.cookies import StaffSession, session_hash, still_stands
from lib.staff.ledger import SignInLedger
from lib.staff.register import SessionRegister
from lib.staff.revocations import Revocations
from lib.staff.shared_file import SharedStaffFile
from lib.staff.tickets import Tickets
from lib.ui.auth import clock
from lib.ui.shared.clients import staff_session_calls
from lib.ui.shared.startup import desk_settings

LOOPBACK = "127.0.0.1"


def client_address(trusted_proxies: Sequence[Network]) -> str:
    """Return the address of the browser that this page is drawn for.

    Under `make run` uvicorn has read the proxy's header already; under `streamlit run` nobody has.
    """
    # Streamlit gives no address for this machine's own.
    return address_behind(
        st.context.ip_address or LOOPBACK, st.context.headers.get_all("X-Forwarded-For"), trusted_proxies
    )


def address_behind(peer: str, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the last address on the way here that is not a trusted proxy's; no stranger can make one up."""
    address = peer
    hops = [hop.strip() for line in forwarded_for for hop in line.split(",")]
    while hops and _is_within(address, trusted):
        address = hops.pop()
    return address if is_address(address) else peer


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    return is_address(address) and any(ipaddress.ip_address(address) in network for network in networks)


@once
def ledger() -> SignInLedger:
    """Return the one that counts sign-ins and ends sessions."""
    settings = desk_settings()
    secret = settings.jwt_secrets[0] if settings.jwt_secret else ""
    return SignInLedger(staff_session_calls(), Revocations(settings.staff_file), secret)


@once
def register() -> SessionRegister:
    """Return the one that knows which sessions are open."""
    return SessionRegister(desk_settings().staff_file)


@once
def tickets() -> Tickets:
    """Return the one that knows what links stand for."""
    settings = desk_settings()
    return Tickets(staff_session_calls(), settings.jwt_secrets if settings.jwt_secret else ())


@once
def shared_file() -> SharedStaffFile:
    """Return the staff file as all machines share it."""
    return SharedStaffFile(desk_settings().staff_file, staff_session_calls())


def standing_account(accounts: Accounts, session: StaffSession) -> StaffAccount | None:
    """Return the account of a session that stands, by the staff file and by the ledger."""
    account = still_stands(accounts, session, clock.now())
    return account if account is not None and ledger().stands(session) else None


def latest(session: StaffSession) -> StaffSession:
    """Return a session as that tab has it which was active last, of those that this process knows."""
    elsewhere = _active().get(session_hash(session), session)
    return max(session, elsewhere, key=lambda each: each.expires_at)


def remember(session: StaffSession, account: StaffAccount | None) -> None:
    """Keep a session as it is now, for its other tabs, and for the admins' page of accounts."""
    active, now = _active(), clock.now()
    if account is not None:
        register().note(session, account, address(), now)
    active[session_hash(session)] = session
    for each in list(active.values()):
        if each.ends_at <= now:
            active.pop(session_hash(each), None)


def is_first_seen(session: StaffSession) -> bool:
    """Return whether this process knows nothing of the session yet; from then on it does."""
    return _active().setdefault(session_hash(session), session) is session


def address() -> str:
    """Return the address that this page's browser comes from."""
    return client_address(desk_settings().trusted_proxies)


@once
def _active() -> dict[str, StaffSession]:
    """Keep each session as its last active tab has it, until it is over."""
    return {}
