"""Lists who may sign in here and which sessions are open, and changes that for an admin; it draws nothing."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from lib.orders_client import OrdersError, StaffAct
from lib.staff.accounts import Accounts, StaffAccount, load_accounts
from lib.staff.changes import ActingAdmin
from lib.staff.cookies import HashedSession, session_hash, still_stands
from lib.staff.errors import SingleSignOnError, StaffFileError
from lib.staff.member import StaffMember
from lib.staff.register import SeenPerson
from lib.staff.shared_file import new_copy
from lib.ui.auth import clock, oidc
from lib.ui.auth.password import STAFF_SESSION
from lib.ui.auth.records import address, ledger, register, shared_file
from lib.ui.shared.own_log import write_down
from lib.ui.shared.startup import desk_settings


@dataclass(frozen=True)
class Person:
    """Somebody who has an account in the staff file, or whom the provider knows and who has been here."""

    username: str
    name: str
    roles: tuple[str, ...]
    disabled: bool
    by_provider: bool
    last_sign_in: datetime | None
    sessions: tuple[HashedSession, ...]


@dataclass(frozen=True)
class People:
    """All of them; why the staff file can't be changed here, if so; and the session that asks."""

    all: Sequence[Person]
    fault: str | None
    has_provider: bool
    own_session: str | None


def people() -> People:
    """Return who may sign in here, by user name, with the sessions that stand."""
    accounts, fault = _accounts()
    opened = [each for each in register().open(clock.now()) if _by_file(accounts, each)]
    sessions = ledger().standing(opened)
    seen = register().people()
    in_file = dict(accounts.by_username) if accounts else {}
    known: dict[str, StaffAccount | SeenPerson] = {
        username: each for username, each in seen.items() if each.by_provider
    }
    found = [
        Person(
            username,
            each.name,
            each.roles,
            disabled=isinstance(each, StaffAccount) and each.disabled,
            by_provider=isinstance(each, SeenPerson),
            last_sign_in=seen[username].last_sign_in if username in seen else None,
            sessions=tuple(session for session in sessions if session.username == username),
        )
        for username, each in sorted((known | in_file).items())
    ]
    return People(found, fault, *_provider())


def acting(staff: StaffMember) -> ActingAdmin:
    """Return the admin as lib.staff.changes takes them: each act is in the audit log before it is done.

    Where the API keeps none, it is in the desk's own log. An OrdersError says that it was not taken down.
    What other machines did is here first, and what is done here goes to them with its row of the log.
    """
    try:
        revision = shared_file().meet()
    except OrdersError:
        revision = None  # whether the act can be taken down, it says itself

    def record(kind: str, whom: str, roles: Sequence[str], text: str) -> None:
        copy = new_copy(text, revision)
        if _record(staff, kind, whom, roles, accounts=copy):
            shared_file().took(copy)

    has_account = STAFF_SESSION in st.session_state
    return ActingAdmin(staff.username if has_account else None, record)


def _record(staff: StaffMember, kind: str, whom: str, roles: Sequence[str] = (), **more: Any) -> bool:
    """Take an act down, in the desk's own log if need be; return whether the API did."""
    act, is_ours = StaffAct(staff.username, staff.roles, address()), shared_file().was_shared()
    if ledger().change_account(act, whom, kind, roles, **more, is_ours=is_ours):
        return True
    write_down(kind, staff.username, whom=whom, roles=list(roles))
    return False


def end_sessions(staff: StaffMember, person: Person, session: HashedSession | None = None) -> None:
    """End one session of somebody, or all that they have on any dashboard.

    Raises:
        OrdersError: it can't be taken down, and is not done.
        OSError: so the desk's own log says.
    """
    kind = "staff.end_session" if session else "staff.end_sessions"
    _record(staff, kind, person.username, session=session)
    ledger().revoke(clock.now(), *([session] if session else person.sessions))


def _accounts() -> tuple[Accounts | None, str | None]:
    """Return the staff file's accounts, and why they can't be changed here."""
    path = desk_settings().staff_file
    try:
        accounts = load_accounts(path)
    except StaffFileError as error:
        return None, str(error)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return accounts, f"{path} can't be written by this dashboard"
    return accounts, None


def _by_file(accounts: Accounts | None, session: HashedSession) -> bool:
    """Return whether the staff file lets a session in; single sign-on's it knows nothing of."""
    if not session.password_mark:
        return True
    return accounts is not None and still_stands(accounts, session, clock.now()) is not None


def _provider() -> tuple[bool, str | None]:
    """Return whether there is single sign-on, and which session is this page's."""
    session = st.session_state.get(STAFF_SESSION)
    try:
        here = None if session else oidc.signed_on()
        has_provider = oidc.rules() is not None
    except SingleSignOnError:
        return False, None
    session = here.session if here else session
    return has_provider, session_hash(session) if session else None
