"""Speaks HTTP for uvicorn within bounds: of connections, and of waiting for a request; it knows no call."""

import asyncio
import logging
import resource
import time

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 1_000
FILES_EACH = 4
"""A connection's own, and the three that Streamlit opens for a session (its event loop's)."""
SPARE_FILES = 200
WANTED_FILES = SPARE_FILES + FILES_EACH * MOST_CONNECTIONS
HEAD_SECONDS = 15.0
"""How long a caller may take to send a request's line and headers."""
MAX_HEAD_BYTES = 32_768
SECONDS_BETWEEN_LINES = 60.0
"""However many are turned away, the log gets one line about it in that time."""

_log = logging.getLogger(__name__)
_said_at = -SECONDS_BETWEEN_LINES


def raise_file_limit() -> None:
    """Raise this process' limit of open files to what its connections need, if the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_connections() -> int:
    """Return how many connections this process takes at once: fewer than would use its files up."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, (soft - SPARE_FILES) // FILES_EACH))


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol, which turns away whom it has no room for and who never sends a whole head."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as above it
        """Begin to wait for the first request, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            _say_full()
            transport.abort()
            return
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; from the first byte of a request on, its head has so long to come whole."""
        if self._is_between_requests:
            self._wait_for_head()
        super().data_received(data)
        if not self._is_between_requests:
            self._stop_waiting()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over: its head has come."""
        self._stop_waiting()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.close()


def _say_full() -> None:
    global _said_at
    if time.monotonic() >= _said_at + SECONDS_BETWEEN_LINES:
        _said_at = time.monotonic()
        _log.warning("all %d connections are taken: others are turned away for now", most_connections())
