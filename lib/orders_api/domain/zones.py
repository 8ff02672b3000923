"""Knows time zones by their IANA names, and when a day begins in them; pure."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


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
    return datetime.combine(day, time(), zone)
