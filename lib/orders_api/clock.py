"""Tells the time to whoever is handed a clock; it must not be reached for as a global."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""


def system_clock() -> datetime:
    """Give the machine's time, in UTC."""
    return datetime.now(UTC)
