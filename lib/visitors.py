"""Knows the websockets that browsers hold open, and on which of them somebody is signed in; it reads no message.

The page says who is signed in: it finds its own websocket by a header that `lib.middleware` adds to the
handshake, and that no browser can choose.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field

from lib.callers import counted_address

HEADER = "X-Order-Desk-Visit"
MOST_STRANGERS = 300
MOST_STRANGERS_AT_ONE_ADDRESS = 100
"""An office behind one address opens its tabs at nine in the morning; whoever signs in counts no more."""


@dataclass
class Visit:
    """One websocket; it is a stranger's until somebody has signed in on it."""

    address: str
    is_strangers: bool = True
    key: str = field(default_factory=lambda: secrets.token_hex(16))


class Visitors:
    """The websockets of this process; its threads may use it at once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._visits: dict[str, Visit] = {}
        self._strangers: Counter[str] = Counter()

    def come(self, address: str) -> Visit | None:
        """Take in a websocket from an address; None when there are too many on which nobody is signed in."""
        with self._guard:
            visit = Visit(counted_address(address))
            if (
                self._strangers.total() >= MOST_STRANGERS
                or self._strangers[visit.address] >= MOST_STRANGERS_AT_ONE_ADDRESS
            ):
                return None
            self._strangers[visit.address] += 1
            self._visits[visit.key] = visit
            return visit

    def signed_in(self, key: str | None) -> None:
        """Take down that somebody is signed in on a websocket; an unknown key means none of ours."""
        with self._guard:
            visit = self._visits.get(key or "")
            if visit is not None:
                self._known(visit)

    def go(self, visit: Visit) -> None:
        """Forget a websocket that is closed."""
        with self._guard:
            self._visits.pop(visit.key, None)
            self._known(visit)

    def _known(self, visit: Visit) -> None:
        if visit.is_strangers:
            visit.is_strangers = False
            self._strangers[visit.address] -= 1
            self._strangers += Counter()  # drops what counts nothing


VISITORS = Visitors()
