"""Tells the time to whoever is handed a clock, and when a day begins somewhere; no global to reach for."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

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


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        ValueError: there is no such zone.
    """
    if name not in _zone_names():
        raise ValueError("must be a time zone's IANA name such as Europe/Paris")
    return ZoneInfo(name)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins: where clocks are put forward over midnight, when they are."""
    return datetime.combine(day, datetime.min.time(), zone)
