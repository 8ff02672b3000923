"""Counts sign-ins and ends sessions for all dashboards through the Orders API, or here while it can't.

It never decides on a password, and never keeps anybody from working because the API is away (docs/adr/0007).
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from lib.orders_client import NewRecord, OrdersError, StaffAct, StaffSessions, ValidationFailed
from lib.staff.cookies import StaffSession, session_hash
from lib.staff.errors import StaffFileError
from lib.staff.revocations import Revocations
from lib.staff.throttle import SignInThrottle
from lib.staff.tokens import account_hash

AWAY_SECONDS = 5.0
"""How long an API that failed is not asked again: a page must not wait for it at each click."""
LACKING_SECONDS = 60.0
REFUSED = frozenset({401, 403})
LACKING = REFUSED | {404, 405, 501}
"""What a shop's own API answers that does not have these calls."""
CHANGED = 409
CHANGED_WORDS = "somebody changed the accounts elsewhere just now: look again"
SAME_RUN_SECONDS = 0.2
"""For so long an answer holds: one run of a page asks several times."""
_MOST_KEPT = MOST_ASKED = 1000

ADMITTED, THROTTLED, DISABLED = "ADMITTED", "THROTTLED", "DISABLED"

S = TypeVar("S", bound=StaffSession)
T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """A sign-in that was counted, or turned away."""

    account: str
    address: str
    at: datetime
    verdict: str
    number: int | None


class SignInLedger:
    """One a process; its threads may use it at once."""

    def __init__(
        self,
        shared: StaffSessions | None,
        revocations: Revocations,
        secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask `shared` (None: never); `secret`, the same for every dashboard, hides names from the API."""
        self._shared = shared
        self._revocations = revocations
        self._secret = secret.encode()
        self._clock = clock
        self._throttle = SignInThrottle()
        self._silent_until = 0.0
        self._unsent: dict[str, tuple[StaffAct, datetime]] = {}
        self._stood: dict[str, float] = {}
        self._guard = threading.Lock()

    def admit(self, username: str, address: str, now: datetime) -> Attempt:
        """Return whether somebody may try a password; the try counts as failed until `conclude` says OK."""
        here = self._throttle.admit(username, address, now)
        account = account_hash(self._secret, username)
        answer = self._ask(lambda shared: shared.admit(account, address))
        if answer is not None:
            return Attempt(username, address, now, answer.verdict, answer.attempt)
        return Attempt(username, address, now, ADMITTED if here else THROTTLED, None)

    def conclude(self, attempt: Attempt, act: StaffAct, outcome: str) -> None:
        """Record how a sign-in ended, for the count and the audit log: OK, WRONG, THROTTLED or DISABLED."""
        if outcome == "OK":
            self._throttle.take_back(attempt.account, attempt.address, attempt.at)
        self._ask(lambda shared: shared.conclude(act, outcome, attempt.number))

    def note(self, act: StaffAct, outcome: str) -> None:
        """Record a sign-in that was not counted: somebody else saw to the password."""
        self._ask(lambda shared: shared.conclude(act, outcome, None))

    def end(self, session: StaffSession, act: StaffAct, now: datetime) -> None:
        """End a session for good: here and on this machine at once, elsewhere as soon as the API is there."""
        self._revocations.revoke(now, session)
        with self._guard:
            if len(self._unsent) < _MOST_KEPT:
                self._unsent[session_hash(session)] = (act, session.ends_at)
        self._send_endings()

    def change_account(
        self,
        act: StaffAct,
        whom: str,
        kind: str,
        roles: Sequence[str] = (),
        session: StaffSession | None = None,
        accounts: NewRecord | None = None,
        *,
        is_ours: bool = False,
    ) -> bool:
        """Have an act on an account in the API's audit log, and its sessions ended where the act does that.

        `accounts` are all of them after the act, where machines share them; then `is_ours`.

        Returns:
            Whether the API took it down: a shop's own can't, and may not even know our tokens.

        Raises:
            StaffFileError: the accounts were changed on another machine meanwhile.
            OrdersError: it could have, and may not have.
        """
        if self._shared is None:
            return False
        hashed = session_hash(session) if session else None
        try:
            self._shared.change_account(act, whom, kind, roles=roles, session=hashed, accounts=accounts)
        except OrdersError as error:
            if accounts and error.status == CHANGED:
                raise StaffFileError(CHANGED_WORDS) from None
            if error.status in (LACKING - REFUSED if is_ours else LACKING):
                return False
            raise
        return True

    def revoke(self, now: datetime, *sessions: StaffSession) -> None:
        """End sessions at the dashboards that share this staff file, whatever the API can do."""
        self._revocations.revoke(now, *sessions)

    def stands(self, session: StaffSession) -> bool:
        """Return whether nobody has ended the session or closed its account, as far as can be known now."""
        if self._revocations.is_revoked(session):
            return False
        hashed = session_hash(session)
        if self._stood.get(hashed, 0.0) > self._clock():
            return True
        account = account_hash(self._secret, session.username)
        answer = self._ask(lambda shared: shared.stands(account, hashed, session.began_at))
        if answer is None:
            return True
        self._send_endings()
        if answer:
            self._remember(hashed)
        return answer

    def standing(self, sessions: Sequence[S]) -> Sequence[S]:
        """Return those of many sessions that stand, as `stands` says it of one, the first thousand."""
        here = [each for each in sessions if not self._revocations.is_revoked(each)][:MOST_ASKED]
        hashed = [session_hash(each) for each in here]
        accounts = [account_hash(self._secret, each.username) for each in here]
        asked = list(zip(accounts, hashed, (each.began_at for each in here), strict=True))
        ended = self._ask(lambda shared: shared.ended(asked)) or frozenset()
        return [session for session, each in zip(here, hashed, strict=True) if each not in ended]

    def _remember(self, hashed: str) -> None:
        with self._guard:
            if len(self._stood) >= _MOST_KEPT:
                self._stood.clear()
            self._stood[hashed] = self._clock() + SAME_RUN_SECONDS

    def _send_endings(self) -> None:
        """Tell the API of the sign-outs that it has not heard of yet, once each where it refuses them."""
        for hashed, (act, until) in list(self._unsent.items()):
            told = self._ask(lambda shared, h=hashed, a=act, u=until: shared.end(a, h, u) or True)  # type: ignore[misc]  # bound per turn
            if told is None and self._clock() < self._silent_until:
                return
            self._unsent.pop(hashed, None)

    def _ask(self, call: Callable[[StaffSessions], T]) -> T | None:
        """Ask the API; None where it can't say."""
        if self._shared is None or self._clock() < self._silent_until:
            return None
        try:
            return call(self._shared)
        except ValidationFailed:
            _log.warning("the API would not take down a sign-in or sign-out")
            return None
        except OrdersError as error:
            lacking = error.status in LACKING
            self._silent_until = self._clock() + (LACKING_SECONDS if lacking else AWAY_SECONDS)
            _log.warning("sign-ins are counted by this process alone for now: %s", type(error).__name__)
            return None
