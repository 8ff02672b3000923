"""The dashboard's own calls about sign-ins, which a shop's own API need not have; none is ever repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ._answers import parse
from ._call import Call, nothing
from ._calls import Calls, call
from ._fields import Flag, Model
from ._transport import Connection

PATH = "/v1/staff-sessions"


class SignInAdmission(Model):
    """Whether a sign-in may go on: `verdict` ADMITTED, THROTTLED or DISABLED; the number it is counted by."""

    verdict: str
    attempt: int | None


class _Standing(Model):
    stands: Flag


@dataclass(frozen=True)
class StaffAct:
    """Who acts, for the audit log: `staff` only if there is such an account, so no stranger's typing."""

    staff: str | None = None
    roles: Sequence[str] = ()
    address: str | None = None


def admit(account: str, address: str) -> Call[SignInAdmission]:
    """Ask whether somebody may try a password; it counts as a failure until `conclude` says not."""
    body = {"account": account, "address": address}
    return Call("POST", f"{PATH}/attempts", lambda answer: parse(answer, SignInAdmission), body=body)


def conclude(act: StaffAct, outcome: str, attempt: int | None) -> Call[None]:
    """Say how a sign-in ended: OK, WRONG, THROTTLED, DISABLED or NO_ROLE."""
    return _tell("outcomes", act, outcome=outcome, attempt=attempt)


def end(act: StaffAct, session: str, until: datetime) -> Call[None]:
    """End a session for good; its cookie would last until then."""
    return _tell("endings", act, session=session, until=until)


def stands(account: str, session: str, began_at: datetime) -> Call[bool]:
    """Ask whether a session still stands."""
    body = {"account": account, "session": session, "beganAt": began_at}
    return Call("POST", f"{PATH}/checks", lambda answer: parse(answer, _Standing).stands, body=body)


def change_account(
    act: StaffAct, whom: str, kind: str, *, roles: Sequence[str] = (), session: str | None = None
) -> Call[None]:
    """Say what is done with an account: `kind` is its action in the audit log, such as staff.disable.

    `roles` are those that it is given, `session` is the one that is ended, if the act is about that.
    """
    return _tell("accounts", act, whom=whom, kind=kind, rolesGiven=list(roles), session=session)


def _tell(what: str, act: StaffAct, **fields: Any) -> Call[None]:
    body = {"staff": act.staff, "roles": list(act.roles), "address": act.address, **fields}
    return Call("POST", f"{PATH}/{what}", nothing, status=204, body=body)


class StaffSessions(Calls[Connection]):
    """Sign-ins and sessions over all dashboards; the calls raise what all calls raise.

    `account` and `session` are hashes of 64 hexadecimal digits; a name is sent only of who has an account.
    """

    admit = call(admit)
    conclude = call(conclude)
    end = call(end)
    stands = call(stands)
    change_account = call(change_account)
