"""Decides whether and when a call is made again; it neither sends anything nor knows any call."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .errors import ApiTimeout, ApiUnreachable, OrdersError, UnexpectedResponse

RETRIED_STATUSES = frozenset({429, 503})
_SECONDS = re.compile(r"[0-9]{1,30}", re.ASCII)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Retries:
    """How often and how long; time, sleep and randomness are passed in.

    The wait before the n-th repeat is half to all of `first_wait` × 2ⁿ⁻¹ seconds, by chance. Where the server
    says Retry-After, it is that long and a random part of `first_wait` more. A wait longer than
    `longest_wait`, or than what is left of the call's own time, is not begun: the error is raised instead.
    """

    attempts: int = 3
    first_wait: float = 0.2
    longest_wait: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now

    def wait_after(self, error: OrdersError, attempt: int, deadline: float) -> float | None:
        """Return the seconds to wait after the `attempt`-th try failed, or None to give up."""
        if attempt >= self.attempts or not _passes(error):
            return None
        if error.retry_after is None:
            wait = self.first_wait * 2.0 ** (attempt - 1) * (1 + self.random()) / 2
        else:
            wait = error.retry_after + self.first_wait * self.random()
        allowed = min(self.longest_wait, deadline - self.clock())
        return wait if wait < allowed else None

    def retry_after(self, headers: Mapping[str, str]) -> float | None:
        """Read Retry-After: seconds, or a date, counted from the answer's own Date where it has one.

        None where it is missing or can't be read (RFC 9110, section 10.2.3).
        """
        said = headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(said):
            return float(said)
        until = _http_date(said)
        if until is None:
            return None
        since = _http_date(headers.get("date", "")) or self.now()
        return max(0.0, (until - since).total_seconds())


def _passes(error: OrdersError) -> bool:
    """Tell whether an error may be gone in a moment; a timeout has used up the caller's patience already."""
    if isinstance(error, ApiTimeout):
        return False
    if isinstance(error, UnexpectedResponse) and error.broken_off:
        return True
    return isinstance(error, ApiUnreachable) or error.status in RETRIED_STATUSES


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
