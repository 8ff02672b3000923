"""Looks of staff that come at the same time share one commit: each is written down, or refused for good."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event, Lock, Thread

import pytest
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import StoreUnavailableError
from lib.orders_api.store import deadline
from lib.orders_api.store.audit_log import record
from tests.api.shop import Shop, at_once
from tests.api.test_audit_chain import ACT, look
from tests.servers.desk import wait_until


def test_looks_that_come_during_a_commit_share_the_next_and_fail_together(own_shop: Shop) -> None:
    database = own_shop.api.database
    for faulty, rows in ((False, 8), (True, 9)):
        first, sessions = Lock(), set[Session]()

        def look_at(
            number: int, first: Lock = first, sessions: set[Session] = sessions, faulty: bool = faulty
        ) -> bool:
            def work(session: Session) -> None:
                if first.acquire(blocking=False):
                    wait_until(lambda: len(database.together._waiting) == 7)
                sessions.add(session)
                record(session, ACT, "test.look", "OK")
                if len(sessions) == 2 and faulty:
                    raise ZeroDivisionError

            with suppress(ZeroDivisionError):
                database.together.write(work)
                return True
            return False

        done = at_once(8, look_at)
        assert len(sessions) == 2
        assert sum(done) == (1 if faulty else 8)
        assert (look(own_shop).entries, look(own_shop).faults) == (rows, ())


def test_a_look_that_was_refused_because_others_took_too_long_is_not_written_down_later(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, over = own_shop.api.database.together, Event()

    def hold(session: Session) -> None:
        record(session, ACT, "test.first", "OK")
        assert over.wait(60)

    holder = Thread(target=together.write, args=(hold,))
    holder.start()
    wait_until(together._turn.locked)
    monkeypatch.setattr(deadline, "LOCK_WAIT_SECONDS", 0.1)
    with pytest.raises(StoreUnavailableError):
        together.write(lambda session: record(session, ACT, "test.refused", "OK"))
    monkeypatch.undo()
    over.set()
    holder.join()
    together.write(lambda session: record(session, ACT, "test.after", "OK"))
    actions = [row["action"] for row in own_shop.sql("SELECT action FROM audit_log ORDER BY id")]
    assert actions == ["test.first", "test.after"]


def test_looks_that_share_a_commit_wait_no_longer_than_the_oldest_request_among_them(own_shop: Shop) -> None:
    together, left = own_shop.api.database.together, list[float]()

    def look_at(turn: int) -> None:
        with deadline.as_if_begun(time.monotonic() - 5 * turn):
            together.write(lambda _: left.append(deadline.seconds_left()))

    def hold(_: Session) -> None:
        wait_until(lambda: len(together._waiting) == 3)

    holder = Thread(target=together.write, args=(hold,))
    holder.start()
    wait_until(together._turn.locked)
    at_once(3, look_at)
    holder.join()
    assert len(left) == 3
    assert max(left) <= deadline.LOCK_WAIT_SECONDS - 10
