"""Moments kept as one text: in microseconds since 1970 with spaces between, the oldest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def counted(moment: datetime) -> int:
    """Return a moment as it is kept."""
    return (moment - _EPOCH) // _MICROSECOND


def within(kept: str, now: datetime, span: timedelta) -> list[int]:
    """Return those of the moments that are less than `span` ago, or still to come."""
    since = counted(now - span)
    return [moment for moment in map(int, kept.split()) if moment > since]


def as_text(moments: list[int]) -> str:
    """Return moments as the text that is kept."""
    return " ".join(map(str, moments))
