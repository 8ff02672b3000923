"""The shapes of the calls about staff sessions; accounts and sessions come as hashes, never in the clear."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt, StringConstraints

from lib.orders_api.domain.tokens import MAX_SUBJECT, Role, is_subject
from lib.orders_api.domain.wire import RequestModel, TimeInput, WireModel, Word


def _staff_name(value: str) -> str:
    if not is_subject(value):
        raise ValueError("must be a staff member's name")
    return value


Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", max_length=64)]
StaffName = Annotated[str, StringConstraints(max_length=MAX_SUBJECT), AfterValidator(_staff_name)]


class Verdict(StrEnum):
    """Whether a sign-in may go on to the password."""

    ADMITTED = "ADMITTED"
    THROTTLED = "THROTTLED"
    DISABLED = "DISABLED"


class SignInOutcome(StrEnum):
    """How a sign-in ended."""

    OK = "OK"
    WRONG = "WRONG"
    THROTTLED = "THROTTLED"
    DISABLED = "DISABLED"
    NO_ROLE = "NO_ROLE"


class AttemptBody(RequestModel):
    """Somebody wants to sign in; `account` is a keyed hash of what they typed as their name."""

    account: Hash
    address: Word


class Admission(WireModel):
    """The answer to an attempt; `attempt` is None where none was counted."""

    verdict: Verdict
    attempt: int | None


class StaffAct(RequestModel):
    """Who acted, for the audit log: `staff` only if there is such an account, `address` if it is known."""

    staff: StaffName | None = None
    roles: Annotated[list[Word], Field(max_length=20)] = Field(default_factory=list)
    address: Word | None = None


class OutcomeBody(StaffAct):
    """How the attempt ended."""

    attempt: Annotated[StrictInt, Field(ge=1, le=2**62)] | None = None
    outcome: SignInOutcome


class EndingBody(StaffAct):
    """A session is signed out; its cookie would last until `until`."""

    session: Hash
    until: TimeInput


class CheckBody(RequestModel):
    """A session is used."""

    account: Hash
    session: Hash
    began_at: TimeInput


class Standing(WireModel):
    """Whether a session still stands."""

    stands: bool


AccountAct = Literal[
    "staff.add",
    "staff.role",
    "staff.password",
    "staff.disable",
    "staff.enable",
    "staff.end_sessions",
    "staff.end_session",
]
"""What is done with an account: its action in the audit log."""


class AccountBody(StaffAct):
    """Something is done with the account of `whom`; without `staff` it is done at the command line."""

    whom: StaffName
    kind: AccountAct
    roles_given: Annotated[list[Role], Field(max_length=len(Role))] = Field(default_factory=list)
    session: Hash | None = None
    """The one that ends, for staff.end_session."""
