"""Integrity that the schema itself keeps; migrations and models tell the same tale, on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from lib.orders_api.store.engine import create_store_engine
from lib.orders_api.store.migrations import upgrade
from lib.orders_api.store.tables import Base
from tests.api.shop import Shop

BREAKS = [
    "UPDATE orders SET status = 'LOST'",
    "UPDATE orders SET status = 'pending'",
    "UPDATE orders SET status = ''",
    "UPDATE orders SET status = NULL",
    "UPDATE orders SET payment_status = 'FREE'",
    "UPDATE orders SET payment_status = NULL",
    "UPDATE orders SET fulfillment_status = 'GONE'",
    "UPDATE orders SET cancel_reason = 'WHIM'",
    "UPDATE orders SET grand_total = grand_total + 1",
    "UPDATE orders SET subtotal = subtotal + 1",
    "UPDATE orders SET discount_total = -1, grand_total = grand_total + 1",
    "UPDATE orders SET shipping_total = -1, grand_total = grand_total - 1",
    "UPDATE orders SET subtotal = 0, discount_total = 1, grand_total = -1",
    "UPDATE orders SET tax_total = 5",
    "UPDATE orders SET adjustment = -1",
    "UPDATE orders SET duties_total = 5",
    "UPDATE orders SET duties_total = -5, adjustment = 5",
    "UPDATE orders SET refunded_total = -1",
    "UPDATE orders SET source = 'hearsay'",
    "UPDATE orders SET item_count = 0",
    "UPDATE orders SET currency_digits = 5",
    "UPDATE orders SET currency = NULL",
    "UPDATE orders SET email = NULL",
    "UPDATE orders SET created_at = NULL",
    "UPDATE orders SET order_number_key = 'one'",
    "UPDATE orders SET tracking_token = 'one'",
    "UPDATE line_items SET quantity = 0",
    "UPDATE line_items SET quantity = -1, total = -unit_price",
    "UPDATE line_items SET unit_price = -1, total = -quantity",
    "UPDATE line_items SET total = total + 1",
    "UPDATE line_items SET total = total + 1, extra_digits = 2",
    "UPDATE line_items SET extra_digits = 5",
    "UPDATE line_items SET order_id = 4711",
    "UPDATE line_items SET order_id = NULL",
    "UPDATE order_addresses SET kind = 'gift'",
    "UPDATE order_addresses SET order_id = 4711",
    "UPDATE timeline SET kind = 'RUMOUR'",
    "UPDATE timeline SET kind = 'NOTE' WHERE kind = 'CREATED'",
    "UPDATE timeline SET to_status = NULL",
    "UPDATE timeline SET to_status = 'NEW' WHERE kind = 'CREATED'",
    "UPDATE timeline SET from_status = 'LOST' WHERE kind = 'CREATED'",
    "UPDATE timeline SET reason = 'WHIM' WHERE kind = 'CREATED'",
    "UPDATE timeline SET reason = NULL",
    "UPDATE timeline SET order_id = 4711",
    "UPDATE audit_log SET actor = 'staff:nobody'",
    "UPDATE audit_log SET order_number = NULL",
    "DELETE FROM audit_log",
    "DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET id = 2",
    "UPDATE outbox SET state = 'LOST'",
    "UPDATE outbox SET kind = 'SPAM'",
    "UPDATE outbox SET kind = 'ALARM'",
    "UPDATE outbox SET order_id = NULL",
    "UPDATE outbox SET state = 'SENT', sealed_body = NULL",
    "UPDATE outbox SET sealed_body = NULL",
    "UPDATE outbox SET state = 'DEAD'",
    "UPDATE outbox SET order_id = 4711",
    "UPDATE outbox SET message_id = 'one'",
    "UPDATE access_codes SET state = 'MAYBE'",
    "UPDATE access_codes SET state = 'LIVE'",
    "UPDATE access_codes SET wrong_attempts = 6",
    "UPDATE access_codes SET order_id = 4711",
    "UPDATE access_tokens SET order_id = 4711",
    "UPDATE guest_locks SET order_id = 4711",
    "UPDATE contact_unlocks SET order_id = 4711",
]


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """A store with two orders and something in every table."""
    if not shop.count("orders"):
        sam = shop.staff("support")
        for number in ("ONE", "TWO"):
            shop.create(orderNumber=number)
            code = shop.new_code(number)
            shop.verify(number, "x")
            shop.verify(number, code, token=sam)
            shop.clock.advance(61)
            shop.new_code(number)
        shop.cancel("TWO", headers={"idempotency-key": "one"})
    return shop


@pytest.mark.parametrize("statement", BREAKS)
def test_a_statement_that_breaks_integrity_is_refused(filled: Shop, statement: str) -> None:
    before = filled.sql("SELECT * FROM orders ORDER BY id")
    with pytest.raises(IntegrityError):
        filled.sql(statement)
    assert filled.sql("SELECT * FROM orders ORDER BY id") == before


@pytest.mark.parametrize("column", ["orders SET status_since", "timeline SET at"])
def test_times_as_an_older_version_writes_them_are_refused_by_sqlite(filled: Shop, column: str) -> None:
    statement = f"UPDATE {column} = '2026-11-23 08:15:00.000000'"
    if filled.api.database.is_sqlite:
        with pytest.raises(IntegrityError, match="times_are_numbers"):
            filled.sql(statement)


def test_an_order_that_goes_takes_what_is_its_own_along_but_not_the_audit(own_shop: Shop) -> None:
    number = own_shop.create()["orderNumber"]
    own_shop.verify(number, own_shop.new_code(number), token=own_shop.staff("support"))
    audited = own_shop.count("audit_log")
    own_shop.sql("DELETE FROM orders")
    for table in (
        "line_items",
        "order_addresses",
        "timeline",
        "outbox",
        "access_codes",
        "access_tokens",
        "contact_unlocks",
    ):
        assert own_shop.count(table) == 0, table
    assert own_shop.count("audit_log") == audited


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The migrated database."""
    made = create_store_engine(database_url)
    yield made
    made.dispose()


# What the models don't say: SQLite's search index, its shadow tables, PostgreSQL's own extra indexes, and the
# one of changes of status, whose words differ between the two (tests/api/test_list_by_change.py has it used).
OUTSIDE_THE_MODELS = (
    "order_search",
    "order_contacts",
    "ix_order_texts",
    "ix_orders_parcel",
    "ix_orders_created_alone",
    "ix_orders_total_alone",
    "ix_timeline_step",
)


def _in_the_models(_: object, name: str | None, *rest: object) -> bool:
    return not (name or "").startswith(OUTSIDE_THE_MODELS)


@pytest.mark.filterwarnings("ignore:Computed default")  # SQLite gives the expression back in its own words
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")  # SQLite's
def test_models_and_migrations_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _in_the_models}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_models_is_in_the_migrated_schema(engine: Engine) -> None:
    inspector = sqlalchemy.inspect(engine)
    for table in Base.metadata.tables.values():
        declared = {
            str(check.name) for check in table.constraints if isinstance(check, sqlalchemy.CheckConstraint)
        }
        migrated = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert declared <= migrated, table.name


def test_migrating_again_changes_nothing(engine: Engine, database_url: str) -> None:
    upgrade(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_sqlite_keeps_what_it_acknowledged(make_engine_of_sqlite: Engine) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with make_engine_of_sqlite.connect() as connection:
        held = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert held == wanted
        assert int(connection.exec_driver_sql("PRAGMA busy_timeout").scalar() or 0) >= 5000


@pytest.fixture
def make_engine_of_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on a new file."""
    path = tmp_path_factory.mktemp("private") / "sub folder" / "orders.db"
    made = create_store_engine(f"sqlite:///{path}")
    yield made
    made.dispose()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")  # SQLite's
def test_the_orders_are_found_by_index_and_not_by_looking_at_each(engine: Engine) -> None:
    indexes = {
        index["column_names"][0]
        for table in ("orders", "line_items")
        for index in sqlalchemy.inspect(engine).get_indexes(table)
    } | {unique["column_names"][0] for unique in sqlalchemy.inspect(engine).get_unique_constraints("orders")}
    assert indexes >= {
        "status",
        "payment_status",
        "fulfillment_status",
        "shipping_country",
        "currency",
        "created_at",
        "total_sort",
        "order_number_key",
        "customer_id",
        "phone_reversed",
        "email_key",
        "sku_key",
        "tracking_token",
    }
