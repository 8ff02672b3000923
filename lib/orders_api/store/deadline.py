"""How long a request may wait for the store: one deadline, wherever in it the waiting is done."""

from __future__ import annotations

import time
from contextvars import ContextVar

LOCK_WAIT_SECONDS = 20.0

_request_began_at: ContextVar[float | None] = ContextVar("request_began_at", default=None)


def begin_request() -> None:
    """Begin the one wait of a request: what runs in this context from now on shares it."""
    _request_began_at.set(time.monotonic())


def seconds_left() -> float:
    """Return how long the store may still be waited for; outside of a request it is as long each time."""
    began_at = _request_began_at.get()
    if began_at is None:
        return LOCK_WAIT_SECONDS
    return max(LOCK_WAIT_SECONDS - (time.monotonic() - began_at), 0.0)
