"""The dashboards' own calls, which a shop's own API need not have: sign-ins, accounts, what they share."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ._answers import parse
from ._call import Call, nothing
from ._fields import Count, Flag, Model, SecretOrNull
from ._orders import Calls, call
from ._transport import Connection

PATH = "/v1/staff-sessions"


class SignInAdmission(Model):
    """Whether a sign-in may go on: `verdict` ADMITTED, THROTTLED or DISABLED; the number it is counted by."""

    verdict: str
    attempt: int | None


class SharedRecord(Model):
    """What dashboards share under a name: `revision` 0 is nothing, `text` None what the API can't open."""

    revision: Count
    text: SecretOrNull


@dataclass(frozen=True)
class NewRecord:
    """What they share from now on, instead of what has the revision `over`."""

    text: str = field(repr=False)
    over: int = 0
    revision: int = 1
    until: datetime | None = None


class _Standing(Model):
    stands: Flag


class _Ended(Model):
    ended: tuple[str, ...]


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


def ended(sessions: Sequence[tuple[str, str, datetime]]) -> Call[frozenset[str]]:
    """Ask which sessions do not stand any more; each is its account, itself, and when it began."""
    body = {
        "sessions": [
            {"account": account, "session": session, "beganAt": began_at}
            for account, session, began_at in sessions
        ]
    }
    return Call("POST", f"{PATH}/standings", lambda answer: frozenset(parse(answer, _Ended).ended), body=body)


def change_account(
    act: StaffAct,
    whom: str,
    kind: str,
    *,
    roles: Sequence[str] = (),
    session: str | None = None,
    accounts: NewRecord | None = None,
) -> Call[None]:
    """Say what is done with an account: `kind` is its action in the audit log, such as staff.disable.

    `roles` are those that it is given, `session` is the one that is ended, if the act is about that;
    `accounts` are all of them as they are afterwards, where dashboards share them.
    """
    more = {"accounts": asdict(accounts)} if accounts else {}
    return _tell("accounts", act, whom=whom, kind=kind, rolesGiven=list(roles), session=session, **more)


def read_shared(name: str) -> Call[SharedRecord]:
    """Return what dashboards share under a name."""
    return Call("GET", f"{PATH}/records/{{name}}", lambda answer: parse(answer, SharedRecord), segment=name)


def keep_shared(name: str, record: NewRecord) -> Call[None]:
    """Share something; refused with 409 if what it is to replace is not there any more."""
    return Call("PUT", f"{PATH}/records/{{name}}", nothing, segment=name, status=204, body=asdict(record))


def take_shared(name: str) -> Call[SharedRecord]:
    """Return what is shared until some time, and have it dropped."""
    return Call(
        "DELETE", f"{PATH}/records/{{name}}", lambda answer: parse(answer, SharedRecord), segment=name
    )


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
    ended = call(ended)
    change_account = call(change_account)
    read_shared = call(read_shared)
    keep_shared = call(keep_shared)
    take_shared = call(take_shared)
