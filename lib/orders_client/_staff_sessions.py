"""The dashboard's own calls about sign-ins, which a shop's own API need not have; none is ever repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ._answers import M, parse
from ._call import Call, nothing
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


class StaffSessions:
    """Sign-ins and sessions over all dashboards; the calls raise what all calls raise (see Orders).

    `account` and `session` are hashes of 64 hexadecimal digits; names and session ids are not sent.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def admit(self, account: str, address: str) -> SignInAdmission:
        """Ask whether somebody may try a password; it counts as a failure until `conclude` says not."""
        body = {"account": account, "address": address}
        return self._ask("attempts", SignInAdmission, body)

    def conclude(self, act: StaffAct, outcome: str, attempt: int | None) -> None:
        """Say how a sign-in ended: OK, WRONG, THROTTLED, DISABLED or NO_ROLE."""
        self._tell("outcomes", act, outcome=outcome, attempt=attempt)

    def end(self, act: StaffAct, session: str, until: datetime) -> None:
        """End a session for good; its cookie would last until then."""
        self._tell("endings", act, session=session, until=until)

    def stands(self, account: str, session: str, began_at: datetime) -> bool:
        """Ask whether a session still stands."""
        body = {"account": account, "session": session, "beganAt": began_at}
        return self._ask("checks", _Standing, body).stands

    def revoke(self, act: StaffAct, account: str, *, disabled: bool | None = None) -> None:
        """End all sessions of an account; `disabled` says whether it may have new ones (None: as before)."""
        self._tell("revocations", act, account=account, disabled=disabled)

    def _tell(self, what: str, act: StaffAct, **fields: Any) -> None:
        body = {"staff": act.staff, "roles": list(act.roles), "address": act.address, **fields}
        self._connection.call(Call("POST", f"{PATH}/{what}", nothing, status=204, body=body))

    def _ask(self, what: str, model: type[M], body: Mapping[str, Any]) -> M:
        return self._connection.call(
            Call("POST", f"{PATH}/{what}", lambda answer: parse(answer, model), body=body)
        )
