"""What the store knows of a request: its id, and the one deadline of all its waiting."""

from __future__ import annotations

import time
from contextvars import ContextVar

LOCK_WAIT_SECONDS = 20.0

_request_began_at: ContextVar[float | None] = ContextVar("request_began_at", default=None)
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Letters, digits, `.`, `_` and `-` alone: it becomes part of statements."""


def begin_request(sane_id: str) -> None:
    """Begin a request with its one wait: what runs in this context from now on shares both."""
    _request_began_at.set(time.monotonic())
    request_id.set(sane_id)


def seconds_left() -> float:
    """Return how long the store may still be waited for; outside of a request it is as long each time."""
    began_at = _request_began_at.get()
    if began_at is None:
        return LOCK_WAIT_SECONDS
    return max(LOCK_WAIT_SECONDS - (time.monotonic() - began_at), 0.0)
