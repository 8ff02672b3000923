"""What a store held before a migration is there after it, and may be used meanwhile, on each engine."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from sqlalchemy import text

from lib.orders_api.forgetting import forget_customer
from lib.orders_api.store import db
from lib.orders_api.store.db import create_store_engine
from lib.orders_api.store.migrations import _config, upgrade
from lib.settings import Settings
from tests.api.shop import EMAIL, Shop


@pytest.fixture
def shop_before_alarm_mails(
    empty_database_url: str, make_settings: Callable[..., Settings], open_shop: Callable[[Settings], Shop]
) -> Shop:
    """A store as it was before mails without an order, with a confirmation that was sent and a live code."""
    engine = create_store_engine(empty_database_url)
    with engine.connect() as connection:
        command.upgrade(_config(connection), "0009")
    engine.dispose()
    made = open_shop(make_settings(database_url=empty_database_url))
    made.create(orderNumber="ONE")
    made.sql("UPDATE outbox SET state = 'SENT', sealed_body = NULL, sent_at = created_at")
    made.new_code("ONE")
    return made


def test_mails_from_before_those_about_alarms_are_kept_with_all_that_hangs_on_them(
    shop_before_alarm_mails: Shop,
) -> None:
    shop = shop_before_alarm_mails
    before = shop.sql("SELECT * FROM outbox ORDER BY id")
    upgrade(shop.settings.database_url)
    assert [dict(row) for row in shop.sql("SELECT * FROM outbox ORDER BY id")] == [
        dict(row) for row in before
    ]
    assert {
        index["name"] for index in sqlalchemy.inspect(shop.api.database.engine).get_indexes("outbox")
    } >= {
        "ix_outbox_access_code_id",
        "ix_outbox_due",
        "ix_outbox_order_id",
    }
    shop.sql("UPDATE orders SET email = 'new@example.com', email_key = 'new@example.com'")
    assert [row["state"] for row in shop.sql("SELECT state FROM outbox ORDER BY id")] == ["SENT", "EXPIRED"]
    shop.create(orderNumber="TWO")
    assert shop.count("outbox") == len(before) + 1
    shop.sql("DELETE FROM orders")
    assert shop.count("outbox") == 0


def test_emails_from_before_ss_and_ß_were_two_get_keys_of_their_own(shop_before_alarm_mails: Shop) -> None:
    shop = shop_before_alarm_mails
    shop.sql("UPDATE orders SET email = 'weiß@straße.example', email_key = 'weiss@strasse.example'")
    upgrade(shop.settings.database_url)
    assert [row["email_key"] for row in shop.sql("SELECT email_key FROM orders")] == [
        "weiß@xn--strae-oqa.example"
    ]
    shop.clock.advance(61)
    assert shop.request_code("ONE", "weiss@strasse.example").status == 202
    shop.work()
    assert shop.codes("ONE") == []
    assert shop.new_code("ONE", "WEIß@straße.example")


def test_whoever_changes_an_order_while_others_migrate_is_not_broken_off(
    shop_before_alarm_mails: Shop,
) -> None:
    shop = shop_before_alarm_mails
    if shop.api.database.is_sqlite:
        return  # of which one writes at a time
    migrating = threading.Thread(target=upgrade, args=(shop.settings.database_url,))
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted")
    with shop.api.database.engine.begin() as connection:
        connection.execute(text("UPDATE orders SET status = 'CONFIRMED'"))
        migrating.start()
        for _ in range(400):
            if connection.scalar(waiting):
                break
            migrating.join(0.02)
        connection.execute(
            text(
                "INSERT INTO timeline (order_id, at, actor, kind, detail)"
                " SELECT id, now(), 'system', 'STATUS_CHANGED', 'PENDING → CONFIRMED' FROM orders"
            )
        )
    migrating.join()
    assert shop.sql("SELECT status FROM orders")[0]["status"] == "CONFIRMED"
    assert shop.count("order_stays") == 1


def test_an_address_in_mails_from_before_those_about_alarms_can_still_be_forgotten(
    shop_before_alarm_mails: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = db._prepare_sqlite

    def as_most_builds_do(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA secure_delete = OFF")  # Debian's SQLite has it on by itself
        prepare(connection, record)

    monkeypatch.setattr(db, "_prepare_sqlite", as_most_builds_do)
    shop = shop_before_alarm_mails
    for _ in range(100):
        shop.create()
    upgrade(shop.settings.database_url)
    assert forget_customer(shop.api, EMAIL).left == {}
    if shop.api.database.is_sqlite:
        path = Path(shop.api.database.engine.url.database or "")
        files = [path, path.with_name(f"{path.name}-wal")]
        assert [each for each in files if each.exists() and EMAIL.encode() in each.read_bytes()] == []


def test_many_processes_may_migrate_at_once(empty_database_url: str) -> None:
    import subprocess
    import sys

    program = f"from lib.orders_api.store.migrations import upgrade; upgrade({empty_database_url!r})"
    running = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    engine = create_store_engine(empty_database_url)
    assert "orders" in sqlalchemy.inspect(engine).get_table_names()
    engine.dispose()
