"""Liveness and readiness, and what callers hear while the store is away or not migrated."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import event, text

from lib.orders_api.store import deadline, migrations
from lib.orders_api.store.engine import MOST_CONNECTIONS
from lib.orders_api.store.migrations import upgrade
from lib.settings import Settings
from tests.api.shop import Shop
from tests.api.test_problems import problem
from tests.servers.databases import Databases
from tests.servers.postgres import PostgresServer, free_port

CALLS: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("GET", "/readyz", None),
    ("GET", "/v1/orders", None),
    ("GET", "/v1/orders/T-1", None),
    ("POST", "/v1/orders/T-1/cancel", {}),
    ("GET", "/v1/track/00000000-0000-4000-8000-000000000000", None),
    ("POST", "/v1/guest/access-codes", {"orderNumber": "x", "email": "y"}),
    ("POST", "/v1/guest/access-codes/verify", {"orderNumber": "x", "email": "y", "code": "z"}),
)


@pytest.fixture
def sqlite_shop(
    open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings], databases: Databases
) -> Shop:
    """An API on an SQLite file of this test's own."""
    return open_shop(make_settings(database_url=databases.fresh("sqlite")))


def unavailable(shop: Shop, seconds: float = 4) -> None:
    for method, target, body in CALLS:
        begun = time.monotonic()
        answer = shop.call(method, target, body, shop.staff())
        assert time.monotonic() - begun < seconds, target
        problem(answer, 503, "UNAVAILABLE")
        assert int(answer.headers["retry-after"]) > 0
    assert shop.get("/healthz").status == 200


def test_a_migrated_store_is_ready(shop: Shop) -> None:
    for target in ("/healthz", "/readyz"):
        answer = shop.call("GET", target)
        assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_a_store_without_the_schema_is_not_ready_until_it_is_migrated(
    open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings], empty_database_url: str
) -> None:
    shop = open_shop(make_settings(database_url=empty_database_url))
    answer = shop.get("/readyz")
    problem(answer, 503, "UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0
    assert shop.get("/healthz").status == 200
    upgrade(empty_database_url)
    assert shop.get("/readyz").status == 200


@pytest.mark.any_engine
def test_readiness_reads_the_migrations_once_a_process(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shop.get("/readyz").status == 200
    monkeypatch.setattr(migrations, "ScriptDirectory", None)
    assert shop.get("/readyz").status == 200


def test_a_store_that_nobody_answers_for_is_said_quickly(
    open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings]
) -> None:
    url = f"postgresql+psycopg://nobody:none@127.0.0.1:{free_port()}/none"
    unavailable(open_shop(make_settings(database_url=url)))


def test_the_api_recovers_by_itself_when_the_store_comes_back(
    open_shop: Callable[[Settings], Shop],
    make_settings: Callable[..., Settings],
    durable_postgres: PostgresServer,
) -> None:
    url = durable_postgres.url(durable_postgres.create_database())
    upgrade(url)
    shop = open_shop(make_settings(database_url=url))
    number = shop.create()["orderNumber"]
    durable_postgres.kill()
    unavailable(shop)
    durable_postgres.start()
    assert shop.get("/readyz").status == 200
    assert shop.order(number)["status"] == "PENDING"
    assert shop.cancel(number).status == 200


@contextlib.contextmanager
def locked(shop: Shop) -> Iterator[None]:
    """Keep SQLite's one writer busy from elsewhere."""
    path = shop.settings.database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def test_liveness_is_told_while_all_threads_wait_for_the_store(sqlite_shop: Shop) -> None:
    number = sqlite_shop.create()["orderNumber"]
    token = sqlite_shop.staff()
    answers: list[int] = []
    looks = [
        threading.Thread(target=lambda: answers.append(sqlite_shop.get(f"/v1/orders/{number}", token).status))
        for _ in range(60)
    ]
    with locked(sqlite_shop):
        for each in looks:
            each.start()
        assert sqlite_shop.call("GET", "/healthz").status == 200
        assert answers == []
    for each in looks:
        each.join()
    assert answers == [200] * 60


def test_a_request_has_one_deadline_however_often_it_waits(
    sqlite_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look of staff waits for a connection, its turn in this process, then for others; time is made up."""
    number = sqlite_shop.create()["orderNumber"]
    waits: list[str] = []

    def keep(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "busy_timeout" in statement:
            waits.append(statement.rpartition(" ")[2])

    event.listen(sqlite_shop.api.database.engine, "before_cursor_execute", keep)
    passed = itertools.count(0, 3)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: next(passed)))
    assert sqlite_shop.get(f"/v1/orders/{number}").status == 200
    assert waits == ["14000", "2000"]


def test_a_store_that_is_busy_for_too_long_is_said_to_be(
    sqlite_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "LOCK_WAIT_SECONDS", 0.2)
    number = sqlite_shop.create()["orderNumber"]
    with locked(sqlite_shop):
        answer = sqlite_shop.cancel(number)
        assert sqlite_shop.get("/readyz").status == 200
    problem(answer, 503, "UNAVAILABLE")
    assert sqlite_shop.cancel(number).status == 200


@pytest.mark.any_engine
def test_a_request_that_gets_no_connection_is_told_so_within_its_deadline(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = shop.create()["orderNumber"]
    with ExitStack() as busy:
        for _ in range(MOST_CONNECTIONS):
            busy.enter_context(shop.api.database.reading())
        monkeypatch.setattr(deadline, "LOCK_WAIT_SECONDS", 0.2)
        problem(shop.get(f"/v1/orders/{number}"), 503, "UNAVAILABLE")
        assert shop.call("GET", "/healthz").status == 200
    monkeypatch.undo()
    assert shop.get(f"/v1/orders/{number}").status == 200


def test_locks_of_postgresql_are_waited_for_no_longer_than_a_request_may(
    open_shop: Callable[[Settings], Shop],
    make_settings: Callable[..., Settings],
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadline, "LOCK_WAIT_SECONDS", 0.5)
    shop = open_shop(make_settings(database_url=databases.fresh("postgresql")))
    number = shop.create()["orderNumber"]
    with shop.api.database.engine.begin() as other:
        other.execute(text("SELECT * FROM audit_head FOR UPDATE"))
        begun = time.monotonic()
        assert shop.cancel(number).code == "UNAVAILABLE"
        assert time.monotonic() - begun < 10


def test_a_file_that_is_deleted_while_it_is_served_is_said_and_not_written_on(sqlite_shop: Shop) -> None:
    number = sqlite_shop.create()["orderNumber"]
    path = Path(sqlite_shop.settings.database_url.removeprefix("sqlite:///"))
    away = path.rename(path.with_suffix(".away"))
    problem(sqlite_shop.get("/readyz"), 503, "UNAVAILABLE")
    problem(sqlite_shop.cancel(number), 503, "UNAVAILABLE")
    assert not path.exists()
    away.rename(path)
    assert sqlite_shop.get("/readyz").status == 200
    assert sqlite_shop.cancel(number).status == 200


def test_one_reading_sees_one_state_of_the_store(own_shop: Shop) -> None:
    own_shop.create()
    count = text("SELECT count(*) FROM orders")
    with own_shop.api.database.reading() as session:
        first = session.scalar(count)
        own_shop.create()
        assert session.scalar(count) == first == 1
    assert own_shop.count("orders") == 2
