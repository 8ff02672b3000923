"""Says after a page's run, in whichever process, whether whoever was signed in there still is.

It must not lead to the sign-in's cookie component: a route may ask before any page has run here.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from lib.staff.accounts import StaffAccount, load_accounts
from lib.staff.cookies import HashedSession, StaffSession
from lib.staff.errors import SingleSignOnError, StaffFileError
from lib.staff.member import StaffMember
from lib.ui.auth import clock, oidc
from lib.ui.auth.records import latest, standing_account, tickets
from lib.ui.shared.startup import desk_settings

_SESSION = TypeAdapter(HashedSession)


def mark_of(session: StaffSession | None) -> dict[str, Any]:
    """Return what `staff_by` knows a page's person by: fit for JSON, and no session's id in it."""
    if session is None:
        return {"claims": oidc.claims()}
    return {"session": _SESSION.dump_python(session.hashed(""), mode="json")}


def staff_by(mark: Mapping[str, Any]) -> StaffMember | None:
    """Return who is meant, with the roles that they have by now; None if they are not signed in any more."""
    try:
        if "session" not in mark:
            here = oidc.standing(mark["claims"])
            return member(here.account) if here and here.account.roles else None
        session = latest(_SESSION.validate_python(mark["session"]))
        account = standing_account(load_accounts(desk_settings().staff_file), session)
    except (StaffFileError, SingleSignOnError):
        return None
    return member(account) if account else None


def member(account: StaffAccount) -> StaffMember:
    """Return a staff member as pages know them."""
    return StaffMember(account.username, account.name, account.roles)


def give_ticket(text: str) -> str:
    """Return a ticket for a text, good once and for a minute, at whichever dashboard."""
    return tickets().give(text, clock.now())


def take_ticket(ticket: str) -> str | None:
    """Return what a ticket stands for; None if it is good no more.

    Raises:
        OrdersError: the API that keeps it could not be asked.
    """
    return tickets().take(ticket, clock.now())
