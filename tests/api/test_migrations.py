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
from lib.orders_api.store import engine as store_engine
from lib.orders_api.store.engine import create_store_engine
from lib.orders_api.store.migrations import _config, upgrade
from lib.settings import Settings
from tests.api.older import make_older, place_earlier
from tests.api.shop import ADDRESS, EMAIL, Shop, order_body

OpenAt = Callable[[str], Shop]
TIMES_OF_ORDERS = "SELECT created_at, status_since, updated_at FROM orders ORDER BY id"


@pytest.fixture
def open_at(
    empty_database_url: str, make_settings: Callable[..., Settings], open_shop: Callable[[Settings], Shop]
) -> OpenAt:
    """Opens this test's store, empty, as it was at a revision."""

    def opened(revision: str) -> Shop:
        engine = create_store_engine(empty_database_url)
        with engine.connect() as connection:
            command.upgrade(_config(connection), revision)
        engine.dispose()
        return open_shop(make_settings(database_url=empty_database_url))

    return opened


@pytest.fixture
def shop_before_alarm_mails(open_at: OpenAt) -> Shop:
    """A store as it was before mails without an order, with a confirmation that was sent and a live code."""
    made = open_at("0009")
    place_earlier(made, "ONE")
    made.sql(
        "INSERT INTO outbox (message_id, order_id, kind, state, recipient, subject, created_at, due_at,"
        " attempts, sent_at) SELECT 'one', id, 'CONFIRMATION', 'SENT', email, 'Received', created_at,"
        " created_at, 1, created_at FROM orders"
    )
    made.sql(
        "INSERT INTO access_codes (order_id, email_key, state, salt, mac, wrong_attempts, issued_at,"
        " expires_at) SELECT id, email_key, 'LIVE', :salt, :salt, 0, created_at, created_at FROM orders",
        salt=b"salt",
    )
    made.sql(
        "INSERT INTO outbox (message_id, order_id, access_code_id, kind, state, recipient, subject,"
        " sealed_body, created_at, expires_at, due_at, attempts) SELECT 'two', o.id, c.id, 'ACCESS_CODE',"
        " 'WAITING', email, 'Code', :body, created_at, created_at, created_at, 0"
        " FROM orders o JOIN access_codes c ON c.order_id = o.id",
        body=made.api.sealer.seal("123456"),
    )
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


def test_changes_of_status_are_read_out_of_the_words_of_old_timelines(
    own_shop: Shop, empty_database_url: str
) -> None:
    for number in ("ONE", "TWO", "THREE"):
        own_shop.create(orderNumber=number)
    own_shop.create(orderNumber="FOUR", status="CANCELLED")
    own_shop.cancel("ONE", {"reason": "DUPLICATE", "note": "see → this: CANCELLED"})
    own_shop.set_status("TWO", "CONFIRMED", note="→ SHIPPED: soon")
    own_shop.clock.advance(61.000001)
    own_shop.set_status("TWO", "PROCESSING")
    own_shop.set_status("THREE", "CANCELLED", note="DUPLICATE")
    own_shop.post("/v1/orders/TWO/notes", {"text": "PENDING → CONFIRMED"})
    make_older(empty_database_url, "0015", own_shop)
    upgrade(empty_database_url)
    engine = create_store_engine(empty_database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM timeline ORDER BY id")).mappings().all()
        times = connection.execute(text(TIMES_OF_ORDERS)).mappings().all()
    engine.dispose()
    assert found == own_shop.sql("SELECT * FROM timeline ORDER BY id")
    assert times == own_shop.sql(TIMES_OF_ORDERS)
    assert [row["reason"] for row in found if row["to_status"] == "CANCELLED"] == ["", "DUPLICATE", "OTHER"]


def test_orders_from_before_their_search_texts_are_found_as_those_made_since(
    own_shop: Shop,
    empty_database_url: str,
    make_settings: Callable[..., Settings],
    open_shop: Callable[[Settings], Shop],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    billing = ADDRESS | {"firstName": "Łucja", "lastName": "Þórsdóttir", "city": "Kraków"}
    own_shop.create(orderNumber="ONE", phone="06 12 34 56 78", billingAddress=billing)
    own_shop.create(orderNumber="TWO", phone=None, shippingAddress=None, email=None)
    own_shop.create(orderNumber="THREE", status="SHIPPED", trackingNumber="1Z 999-AA")
    make_older(empty_database_url, "0016", own_shop)
    told: list[tuple[str, int, int]] = []
    upgrade(empty_database_url, lambda *how_far: told.append(how_far))
    shop = open_shop(make_settings(database_url=empty_database_url))
    for kept in (
        "SELECT * FROM order_texts ORDER BY order_id",
        "SELECT phone_reversed FROM orders ORDER BY id",
    ):
        assert shop.sql(kept) == own_shop.sql(kept)
    for query in ("lucja", "krakow", "0033612345678", "1z999aa"):
        assert shop.get(f"/v1/orders?q={query}").json["total"] == 1
    assert {("Search texts", 3, 3), ("Words of items", 3, 3)} <= set(told)
    shop.sql("DELETE FROM orders")
    assert shop.get("/v1/orders?q=lucja").json["total"] == shop.count("order_texts") == 0


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
    (last,) = shop.sql("SELECT * FROM timeline WHERE from_status <> 'NEW'")
    assert (last["from_status"], last["to_status"]) == ("PENDING", "CONFIRMED")
    assert shop.sql("SELECT status_since FROM orders") == [{"status_since": last["at"]}]


def test_an_address_in_mails_from_before_those_about_alarms_can_still_be_forgotten(
    shop_before_alarm_mails: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = store_engine._prepare_sqlite

    def as_most_builds_do(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA secure_delete = OFF")  # Debian's SQLite has it on by itself
        prepare(connection, record)

    monkeypatch.setattr(store_engine, "_prepare_sqlite", as_most_builds_do)
    shop = shop_before_alarm_mails
    for number in range(100):
        place_earlier(shop, f"T-{number}")
    upgrade(shop.settings.database_url)
    assert forget_customer(shop.api, EMAIL).left == {}
    if shop.api.database.is_sqlite:
        path = Path(shop.api.database.engine.url.database or "")
        files = [path, path.with_name(f"{path.name}-wal")]
        assert [each for each in files if each.exists() and EMAIL.encode() in each.read_bytes()] == []


@pytest.mark.any_engine  # test_commands.py has machines that migrate one PostgreSQL
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


def test_order_numbers_from_before_are_found_in_any_writing_and_none_is_lost(
    open_at: OpenAt, caplog: pytest.LogCaptureFixture
) -> None:
    shop = open_at("0013")
    for number in ("#1001", "1001", "＃1001", "RE–7", "№ 8", "#8", "ORD-2026-0042"):
        place_earlier(shop, number)
    shop.sql("UPDATE orders SET customer_id = 'c-1'")
    upgrade(shop.settings.database_url)
    meant = {
        "1001": "1001",
        "№1001": "1001",
        "#1001": "#1001",
        "＃1001": "＃1001",
        "re-7": "RE–7",
        "8": "№ 8",
        "№ 8": "№ 8",
        "#8": "#8",
        "#ord-2026-0042": "ORD-2026-0042",
    }
    assert {asked: shop.order(asked)["orderNumber"] for asked in meant} == meant
    alike = {"#1001": "1001", "＃1001": "1001", "#8": "№ 8"}
    for number, other in alike.items():
        assert (
            f"order {number} is found by exactly this writing; any other means order {other}" in caplog.text
        )
        assert f"like that of order {other}:" in shop.timeline(number)[0]["detail"]
    assert caplog.text.count("exactly this writing") == len(alike)
    assert shop.post("/v1/orders", order_body(orderNumber="№1001")).code == "ORDER_EXISTS"


def test_orders_from_before_say_where_they_came_from_and_may_lose_what_they_had_to_have(
    open_at: OpenAt,
) -> None:
    shop = open_at("0013")
    place_earlier(shop, "ONE")
    place_earlier(shop, "TWO", actor="import")
    shop.sql("UPDATE orders SET customer_id = 'c-1'")
    upgrade(shop.settings.database_url)
    assert [shop.order(number)["source"] for number in ("ONE", "TWO")] == ["api", "import"]
    one = shop.order("ONE")
    assert (one["grandTotal"], one["tags"], one["refundedTotal"], one["dutiesTotal"]) == (
        "20.00",
        [],
        None,
        None,
    )
    shop.new_code("ONE")
    shop.sql("UPDATE orders SET email = NULL, email_key = NULL WHERE order_number = 'ONE'")
    assert shop.codes("ONE") == []
    assert shop.order("ONE")["email"] is None
    if shop.api.database.is_sqlite:
        assert shop.sql("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
