"""Liveness and readiness, and what callers hear while the store is away or not migrated."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable

import pytest

from lib.orders_api.store import db
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


def test_a_store_that_is_busy_for_too_long_is_said_to_be(
    open_shop: Callable[[Settings], Shop],
    make_settings: Callable[..., Settings],
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(db, "LOCK_WAIT_SECONDS", 0.2)
    url = databases.fresh("sqlite")
    shop = open_shop(make_settings(database_url=url))
    number = shop.create()["orderNumber"]
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = shop.cancel(number)
        assert shop.get("/readyz").status == 200
        other.rollback()
    problem(answer, 503, "UNAVAILABLE")
    assert shop.cancel(number).status == 200


def test_one_reading_sees_one_state_of_the_store(own_shop: Shop) -> None:
    from sqlalchemy import text

    own_shop.create()
    count = text("SELECT count(*) FROM orders")
    with own_shop.api.database.reading() as session:
        first = session.scalar(count)
        own_shop.create()
        assert session.scalar(count) == first == 1
    assert own_shop.count("orders") == 2
