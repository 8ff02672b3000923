"""What the store knows of a request: its id, and the one deadline of all its waiting."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LOCK_WAIT_SECONDS = 20.0

_request_began_at: ContextVar[float | None] = ContextVar("request_began_at", default=None)
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Letters, digits, `.`, `_` and `-` alone: it becomes part of statements."""


def begin_request(sane_id: str) -> None:
    """Begin a request with its one wait: what runs in this context from now on shares both."""
    _request_began_at.set(time.monotonic())
    request_id.set(sane_id)


def began_at() -> float | None:
    """Return when the request began; None outside of one."""
    return _request_began_at.get()


@contextmanager
def as_if_begun(at: float | None) -> Iterator[None]:
    """Wait for the store as a request does that began then."""
    before = _request_began_at.set(at)
    try:
        yield
    finally:
        _request_began_at.reset(before)


def seconds_left() -> float:
    """Return how long the store may still be waited for; outside of a request it is as long each time."""
    began = began_at()
    if began is None:
        return LOCK_WAIT_SECONDS
    return max(LOCK_WAIT_SECONDS - (time.monotonic() - began), 0.0)
