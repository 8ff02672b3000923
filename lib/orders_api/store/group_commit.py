"""Lets threads that write at the same time share one transaction, and so one commit; it knows no table."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import StoreUnavailableError
from lib.orders_api.store.deadline import as_if_begun, began_at, seconds_left

Work = Callable[[Session], None]


class GroupCommit:
    """Does what threads ask for while a commit runs in the next one, together: all of it or nothing."""

    def __init__(self, writing: Callable[[], AbstractContextManager[Session]]) -> None:
        self._writing = writing
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[tuple[Work, Future[None], float | None]] = []

    def write(self, work: Work) -> None:
        """Do `work` in a transaction that others may share; return once it is committed.

        Raises:
            StoreUnavailableError: the database can't be reached, or was busy for too long.
        """
        done = Future[None]()
        asked = work, done, began_at()
        with self._lock:
            self._waiting.append(asked)
        if not self._turn.acquire(timeout=seconds_left()):
            with self._lock:
                if asked in self._waiting:
                    self._waiting.remove(asked)  # what is refused must not be done later
                    raise StoreUnavailableError
            return done.result()
        try:
            if not done.done():
                self._write_all()
        finally:
            self._turn.release()
        done.result()

    def _write_all(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        # Nobody waits longer than the one of them who began first may.
        first = min((began for *_, began in batch if began is not None), default=None)
        try:
            with as_if_begun(first), self._writing() as session:
                for work, *_ in batch:
                    work(session)
        except BaseException as error:
            # Whatever it was: none of it is in the store, and each has to know.
            for _, done, _ in batch:
                done.set_exception(error)
            return
        for _, done, _ in batch:
            done.set_result(None)
