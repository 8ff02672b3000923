"""The shapes of the calls about staff sessions; accounts and sessions come as hashes, never in the clear."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, StringConstraints, model_validator

from lib.orders_api.domain.tokens import MAX_SUBJECT, Role, is_subject
from lib.orders_api.domain.wire import RequestModel, TimeInput, WireModel, Word


def _staff_name(value: str) -> str:
    if not is_subject(value):
        raise ValueError("must be a staff member's name")
    return value


MOST_CHECKED = 1_000
MOST_SHARED = 900_000
"""Characters of what dashboards share: some thousands of accounts."""
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


class ChecksBody(RequestModel):
    """Many sessions are looked through."""

    sessions: Annotated[list[CheckBody], Field(max_length=MOST_CHECKED)]


class Ended(WireModel):
    """Those that do not stand any more."""

    ended: list[str]


class RecordBody(RequestModel):
    """What dashboards share from now on, instead of what has the revision `over`: 0 is nothing yet."""

    text: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MOST_SHARED)]
    over: Annotated[StrictInt, Field(ge=0, lt=2**62)] = 0
    revision: Annotated[StrictInt, Field(ge=1, lt=2**62)] = 1
    until: TimeInput | None = None


class KeptRecord(WireModel):
    """What dashboards share: `revision` 0 is nothing, `text` None what no key that is given opens."""

    revision: int = 0
    text: str | None = None


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
    accounts: RecordBody | None = None
    """The staff file as it is afterwards, where dashboards share it."""

    @model_validator(mode="after")
    def _ends_something(self) -> Self:
        if (self.kind == "staff.end_session") != (self.session is not None):
            raise ValueError("a session is named where one ends, and there alone")
        return self
