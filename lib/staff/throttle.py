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

    def admit(self, username: str, now: datetime) -> bool:
        """Say whether `username` may try at this moment; a try counts as failed until `succeeded` says not.

        A try that is turned away does not count, or hammering would keep the owner out for ever. The
        names longest unheard of are forgotten, so that memory stays bounded.
        """
        with self._guard:
            recent = self._failures.setdefault(username, deque())
            self._failures.move_to_end(username)
            while recent and recent[0] <= now - self._window:
                recent.popleft()
            while len(self._failures) > _MOST_NAMES:
                self._failures.popitem(last=False)
            if len(recent) >= self._most:
                return False
            recent.append(now)
            return True

    def succeeded(self, username: str) -> None:
        """Forget the failures of somebody who has proved their password."""
        with self._guard:
            self._failures.pop(username, None)
