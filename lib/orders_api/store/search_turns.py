"""Bounds what searches take from everybody else: one after the other in a process, some seconds at most."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import StoreUnavailableError
from lib.orders_api.store.deadline import seconds_left

SEARCH_SECONDS = 5.0
"""So long a search may wait for its turn, and then take."""
STEPS_BETWEEN_LOOKS = 100_000
"""So often SQLite looks at the clock: every few milliseconds."""


class SearchTurns:
    """Lets one search at a time read the store: it may keep a processor busy, and others need theirs."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, before a connection is taken.

        Raises:
            StoreUnavailableError: too many others search.
        """
        if not self._turn.acquire(timeout=min(SEARCH_SECONDS, seconds_left())):
            raise StoreUnavailableError
        try:
            yield
        finally:
            self._turn.release()


@contextmanager
def limited(session: Session) -> Iterator[None]:
    """Limit each statement of a session to what a search may take; the database breaks it off."""
    if session.get_bind().dialect.name != "sqlite":
        session.connection().exec_driver_sql(f"SET LOCAL statement_timeout = {SEARCH_SECONDS * 1000:.0f}")
        yield
        return
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - it is SQLite's
    ends_at = time.monotonic() + SEARCH_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > ends_at, STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
