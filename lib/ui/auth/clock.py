"""Says what time it is for signing in, in one place that tests may set; it formats nothing."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)
