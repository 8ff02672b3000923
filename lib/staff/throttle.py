"""Counts failed sign-ins in a sliding window, in this process only; it never locks anybody out for good."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

MOST_FAILURES = 5
WINDOW = timedelta(minutes=5)
_MOST_NAMES = 10_000


class SignInThrottle:
    """How many sign-ins failed lately per user name, whether or not there is such a user."""

    def __init__(self, most: int = MOST_FAILURES, window: timedelta = WINDOW) -> None:
        """Refuse a name after `most` failures within `window`."""
        self._most, self._window = most, window
        self._guard = threading.Lock()
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def is_throttled(self, username: str, now: datetime) -> bool:
        """Say whether `username` has failed too often to be let try at this moment."""
        with self._guard:
            return len(self._recent(username, now)) >= self._most

    def failed(self, username: str, now: datetime) -> None:
        """Count a failure; the names longest unheard of are forgotten, so that memory stays bounded."""
        with self._guard:
            recent = self._recent(username, now)
            recent.append(now)
            self._failures[username] = recent
            self._failures.move_to_end(username)
            while len(self._failures) > _MOST_NAMES:
                self._failures.popitem(last=False)

    def succeeded(self, username: str) -> None:
        """Forget the failures of somebody who has proved their password."""
        with self._guard:
            self._failures.pop(username, None)

    def _recent(self, username: str, now: datetime) -> deque[datetime]:
        recent = self._failures.get(username, deque())
        while recent and recent[0] <= now - self._window:
            recent.popleft()
        return recent
