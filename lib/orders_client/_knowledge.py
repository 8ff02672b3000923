"""Remembers, for the whole process, what is known of each API's capabilities; it asks nothing itself."""

from __future__ import annotations

import asyncio
import threading
import weakref
from dataclasses import replace
from typing import Any

import httpx

from ._answers import Answer
from ._call import Call
from .capabilities import Capabilities
from .errors import CallNotSupported

SECONDS_UNTIL_ASKED_AGAIN = 60.0
"""How long to leave an API alone that could not say what it can, because it was down."""

_by_address: dict[str, Knowledge] = {}
_by_transport: weakref.WeakKeyDictionary[object, Knowledge] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


class Knowledge:
    """What is known of one API; clients and threads share it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            weakref.WeakKeyDictionary()
        )
        self._surveyed: Capabilities | None = None
        self._ask_again_at: float | None = None
        self._missing: frozenset[str] = frozenset()
        self._ignored: frozenset[str] = frozenset()

    @property
    def turn(self) -> asyncio.Lock:
        """The lock of this event loop."""
        return self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    @property
    def capabilities(self) -> Capabilities:
        """All that is known by now; what is not known is taken to be there."""
        found = self._surveyed or Capabilities()
        missing: dict[str, Any] = dict.fromkeys(self._missing, False)
        known = self._surveyed is not None
        return replace(found, known=known, filters=found.filters - self._ignored, **missing)

    def to_be_surveyed(self, now: float) -> bool:
        """Tell whether the API is to be asked what it can."""
        return self._surveyed is None and (self._ask_again_at is None or now >= self._ask_again_at)

    def note_survey(self, found: Capabilities | None, now: float) -> None:
        """Keep what a survey found; None: it could not find out."""
        self._surveyed = found
        self._ask_again_at = now + SECONDS_UNTIL_ASKED_AGAIN

    def is_documented(self, call: Call[Any]) -> bool:
        """Tell whether the API's own document has a call: then one odd answer is no proof against it."""
        found = self._surveyed
        return bool(found and found.documented and call.more and getattr(found, call.more))

    def missing(self, call: Call[Any], answer: Answer) -> CallNotSupported:
        """Keep that a call is not there, and give the error that says so."""
        self._missing |= {str(call.more)}
        return CallNotSupported(str(call.more), status=answer.status, request_id=answer.request_id)

    def note_ignored(self, *filters: frozenset[str]) -> None:
        """Keep which filters the orders of a list do not fit, unless the API's own document names them."""
        if self._surveyed is None or not self._surveyed.documented:
            self._ignored = self._ignored.union(*filters)

    def check(self, call: Call[Any]) -> None:
        """Keep a call from being made that an answer has shown to be missing.

        Raises:
            CallNotSupported: it is.
        """
        if call.more in self._missing:
            raise CallNotSupported(str(call.more))


def knowledge_of(base_url: httpx.URL, transport: object) -> Knowledge:
    """Return what is known of the API at an address; of a transport's own, where that is no network."""
    with _lock:
        if isinstance(transport, httpx.HTTPTransport | httpx.AsyncHTTPTransport):
            return _by_address.setdefault(str(base_url).rstrip("/"), Knowledge())
        return _by_transport.setdefault(transport, Knowledge())


def forget_all() -> None:
    """Forget everything: for tests, whose servers follow one another on the same ports."""
    with _lock:
        _by_address.clear()
        _by_transport.clear()
