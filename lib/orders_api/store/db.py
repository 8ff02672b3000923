"""Hands out transactions on the store; it knows no table."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime

from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from lib.orders_api.domain.clock import system_clock
from lib.orders_api.domain.errors import NotMigratedError, StoreUnavailableError
from lib.orders_api.store.deadline import seconds_left
from lib.orders_api.store.engine import MOST_CONNECTIONS, create_store_engine
from lib.orders_api.store.group_commit import GroupCommit
from lib.orders_api.store.search_turns import SearchTurns, limited

BETWEEN_TURNS_SECONDS = 0.1
_SCHEMA_ERRORS = (UndefinedTable, UndefinedColumn)


class Database:
    """The store: one engine, and transactions on it.

    `reading` and `writing` each give a session in a transaction of its own, which is committed at the end of
    the block and rolled back when the block raises. Nobody else commits. `before_commit` has the last word in
    each transaction that writes; what is left in a session's `info` after it was left undone, and is refused.
    """

    def __init__(
        self, url: str, before_commit: Callable[[Session], None] | None = None, patient: bool = False
    ) -> None:
        self.engine = create_store_engine(url, patient)
        self._before_commit = before_commit
        self._one_writer = threading.Lock()
        self._connections = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._searches = SearchTurns()
        self.together = GroupCommit(self.writing)
        snapshot = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = sessionmaker(self.engine.execution_options(**snapshot), expire_on_commit=False)
        self._writers = sessionmaker(
            self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE"), expire_on_commit=False
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, searching: bool = False) -> Iterator[Session]:
        """Return a session that reads from one consistent state; for a search, once it has its turn.

        Raises:
            StoreUnavailableError: the database can't be reached, or was busy for too long.
        """
        with _unavailable_when_gone(), ExitStack() as held:
            if searching:
                held.enter_context(self._searches.turn())
            held.enter_context(_waited_for(self._connections))
            session = held.enter_context(self._readers.begin())
            if searching:
                held.enter_context(limited(session))
            yield session
            _refuse_undone(session)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Return a session that writes; on SQLite it waits for its turn before it reads anything.

        Raises:
            StoreUnavailableError: the database can't be reached, or was busy for too long.
        """
        with (
            _unavailable_when_gone(),
            # One process's writers wait for each other here: SQLite's own lock is waited for by naps.
            _waited_for(self._one_writer) if self.is_sqlite else nullcontext(),
            _waited_for(self._connections),
            self._writers.begin() as session,
        ):
            yield session
            if self._before_commit is not None:
                self._before_commit(session)
            _refuse_undone(session)

    def write_by_turns(self, work: Callable[[Session], bool]) -> int:
        """Do `work` in one transaction after another while there is more; return their number.

        Between them others get their turn: those in other processes look for it ten times a second.

        Raises:
            StoreUnavailableError: the database can't be reached, or was busy for too long.
        """
        turns = 0
        while True:
            turns += 1
            with self.writing() as session:
                if not work(session):
                    return turns
            time.sleep(BETWEEN_TURNS_SECONDS)

    def now(self) -> datetime:
        """Return the time by the database's clock: an SQLite file has its machine's.

        Raises:
            StoreUnavailableError: the database can't be reached, or was busy for too long.
        """
        if self.is_sqlite:
            return system_clock()
        with self.reading() as session:
            told: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return told.astimezone(UTC)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def _waited_for(turn: threading.Lock | threading.BoundedSemaphore) -> Iterator[None]:
    """Wait for a turn or a connection as long as the request may."""
    if not turn.acquire(timeout=seconds_left()):
        raise StoreUnavailableError
    try:
        yield
    finally:
        turn.release()


def _refuse_undone(session: Session) -> None:
    if session.info:
        raise RuntimeError(f"nobody did what a session was left with: {', '.join(session.info)}")


@contextmanager
def _unavailable_when_gone() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreUnavailableError from error
    except ProgrammingError as error:
        if isinstance(error.orig, _SCHEMA_ERRORS):
            raise NotMigratedError from error
        raise
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailableError from error
        raise
