"""Tells the time to whoever is handed a clock; it must not be reached for as a global."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


class SharedClock:
    """A clock that goes by another one, such as the database's, and never goes back (docs/adr/0011).

    It asks the other one when it is first used, and whenever it is set again. In between it counts by this
    machine's counter, which no setting of the machine's time moves.
    """

    def __init__(self, ask: Clock, counter: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._counter = counter
        self._base: tuple[datetime, float] | None = None
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Return the time; the first time, whatever the other clock raises may be raised."""
        base = self._base
        if base is None:
            return self.set()
        asked, counted = base
        return asked + timedelta(seconds=self._counter() - counted)

    def set(self) -> datetime:
        """Ask the other clock; where it is behind by now, go on as before."""
        asked = self._ask()
        with self._lock:
            base, counted = self._base, self._counter()
            if base is not None:
                asked = max(asked, base[0] + timedelta(seconds=counted - base[1]))
            self._base = (asked, counted)
        return asked
