"""Timestamps kept as one text: in microseconds since 1970 with spaces between, the oldest first."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def as_number(at: datetime) -> int:
    """Return a time as a timestamp."""
    return (at - _EPOCH) // _MICROSECOND


def within(kept: str, now: datetime, span: timedelta) -> list[int]:
    """Return the timestamps that are less than `span` ago, or still to come."""
    since = as_number(now - span)
    return [timestamp for timestamp in map(int, kept.split()) if timestamp > since]


def as_text(timestamps: list[int]) -> str:
    """Return timestamps as the text that is kept."""
    return " ".join(map(str, timestamps))
