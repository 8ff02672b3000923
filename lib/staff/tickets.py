"""Keeps what a link stands for, so that whichever dashboard is asked can honour it, once and for a minute."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from lib.orders_client import NewRecord, OrdersError, StaffSessions
from lib.staff.ledger import LACKING, REFUSED
from lib.staff.shared_file import NAME

GOOD_FOR = timedelta(minutes=1)
MOST_KEPT = 1_000


class Tickets:
    """One a process. The API keeps what tickets stand for, or this process where the API can't."""

    def __init__(self, shared: StaffSessions | None, keys: Sequence[str]) -> None:
        """Ask `shared` (None: never) about tickets that one of `keys` has signed, and about no others."""
        self._shared = shared
        self._is_ours = False
        self._keys = keys or (secrets.token_hex(),)
        self._here: dict[str, tuple[str, datetime]] = {}
        self._guard = threading.Lock()

    def give(self, text: str, now: datetime) -> str:
        """Return a ticket for a text."""
        ticket, until = secrets.token_urlsafe(32), now + GOOD_FOR
        if not self._share(ticket, NewRecord(text, until=until)):
            ticket = secrets.token_urlsafe(32)  # the API may have kept the other one after all
            with self._guard:
                self._here = {key: each for key, each in self._here.items() if now < each[1]}
                while len(self._here) >= MOST_KEPT:
                    self._here.pop(next(iter(self._here)))
                self._here[ticket] = text, until
        return f"{ticket}.{_signed(self._keys[0], ticket)}"

    def take(self, given: str, now: datetime) -> str | None:
        """Return what a ticket stands for, and let it be good no more; None if it never was, or no longer is.

        Raises:
            OrdersError: the API could not be asked.
        """
        ticket, _, mark = given.partition(".")
        marks = [_signed(key, ticket).encode() for key in self._keys]
        if not any(hmac.compare_digest(each, mark.encode(errors="replace")) for each in marks):
            return None  # strangers cost the API nothing
        with self._guard:
            text, until = self._here.pop(ticket, (None, now))
        if text is not None or self._shared is None:
            return text if now < until else None
        try:
            return self._shared.take_shared(_name(ticket)).text
        except OrdersError as error:
            if error.status in LACKING:
                return None
            raise

    def _share(self, ticket: str, record: NewRecord) -> bool:
        if self._shared is None:
            return False
        try:
            if not self._is_ours:
                # A text may name a customer: no API gets it that has not shown first that it keeps such.
                self._shared.read_shared(NAME)
                self._is_ours = True
            self._shared.keep_shared(_name(ticket), record)
        except OrdersError as error:
            if error.status in LACKING - REFUSED and not self._is_ours:
                self._shared = None
            return False
        return True


def _name(ticket: str) -> str:
    """Name a ticket to the API, which must not be able to use it."""
    return f"export-{hashlib.sha256(ticket.encode()).hexdigest()}"


def _signed(key: str, ticket: str) -> str:
    return hmac.digest(key.encode(), f"ticket {ticket}".encode(errors="replace"), "sha256").hex()
