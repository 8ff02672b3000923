"""Fills a store with very many plain orders and their timelines by SQL alone; it counts no figures."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from lib.orders_api.store.db import Database

COUNTRIES = "DEFRUSGBATNLSECAITAUCHESPLKWIEJPDKNOFIPT"
CURRENCIES = "EURUSDGBPSEKCADAUDCHFPLN"
DAYS = 730
# Only what was placed in the last three days is still under way.
_STATUS = """CASE
    WHEN age < 3 THEN CASE i % 4
        WHEN 0 THEN 'PENDING' WHEN 1 THEN 'CONFIRMED' WHEN 2 THEN 'PROCESSING' ELSE 'SHIPPED' END
    WHEN i % 250 = 0 THEN 'PENDING' WHEN i % 20 = 1 THEN 'CANCELLED' WHEN i % 20 = 2 THEN 'REFUNDED'
    WHEN i % 100 = 3 THEN 'SHIPPED' ELSE 'DELIVERED' END"""
_STEPS = (
    ("PENDING", "CONFIRMED", 1, "('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'REFUNDED')"),
    ("PENDING", "CANCELLED", 20, "('CANCELLED')"),
    ("CONFIRMED", "PROCESSING", 15, "('PROCESSING', 'SHIPPED', 'DELIVERED')"),
    ("PROCESSING", "SHIPPED", 30, "('SHIPPED', 'DELIVERED')"),
    ("SHIPPED", "DELIVERED", 70, "('DELIVERED')"),
    ("CONFIRMED", "REFUNDED", 200, "('REFUNDED')"),
)


def fill(database_url: str, count: int, say: Callable[[str], None]) -> None:
    """Put so many orders into an empty, migrated store, evenly over two years; none of them is counted."""
    database = Database(database_url, patient=True)
    with database.writing() as session:
        for statement in _without_triggers(database.is_sqlite):
            session.execute(text(statement))
        statements = _orders(database.is_sqlite, count)
        for number, statement in enumerate(statements, start=1):
            session.execute(text(statement))
            say(f"made {number} of {len(statements)} parts")
    database.close()
    settle(database_url)


def settle(database_url: str) -> None:
    """Have the database tidy up and look at what it holds now, as a server does by itself after a while."""
    database = Database(database_url, patient=True)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))
    database.close()


def _without_triggers(sqlite: bool) -> list[str]:
    if sqlite:
        # They are gone for good: from now on the store is only read, and counted by `stats --rebuild`.
        names = ("figures_insert", "figures_step", "order_search_insert", "order_counts_insert")
        return [f"DROP TRIGGER {name}" for name in names]
    return ["SET LOCAL session_replication_role = replica"]  # no check of foreign keys either


def _orders(sqlite: bool, count: int) -> list[str]:
    now = "CAST(strftime('%s', 'now') AS INTEGER)" if sqlite else "floor(extract(epoch FROM now()))::bigint"
    seconds = f"{DAYS * 86_400}"

    def time(epoch: str) -> str:
        stamp = f"strftime('%Y-%m-%d %H:%M:%S.000000', {epoch}, 'unixepoch')"
        return stamp if sqlite else f"to_timestamp({epoch})"

    made = f"{now} - {seconds} + CAST(CAST(i AS BIGINT) * {seconds} / {count} AS BIGINT)"
    token = "printf('%08d-0000-4000-8000-000000000000', i)" if sqlite else "lpad(i::text, 36, '0')"
    false = "0" if sqlite else "false"
    orders = f"""
        INSERT INTO orders (order_number, order_number_key, tracking_token, status,
            payment_status, fulfillment_status, shipping_country, currency, currency_digits, subtotal,
            discount_total, shipping_total, tax_total, tax_included, grand_total, total_sort, item_count,
            customer_name, email, email_key, shipping_city, cancel_reason, created_at, updated_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}),
            aged AS (SELECT i, {DAYS} - i * {DAYS}.0 / {count} AS age, {made} AS made FROM n),
            placed AS (SELECT i, made, {_STATUS} AS status FROM aged)
        SELECT 'B-' || i, 'b-' || i, {token}, status,
            CASE status WHEN 'PENDING' THEN 'PENDING' WHEN 'CANCELLED' THEN 'VOIDED'
                WHEN 'REFUNDED' THEN 'REFUNDED' ELSE 'PAID' END,
            CASE WHEN status IN ('SHIPPED', 'DELIVERED') THEN 'FULFILLED' ELSE 'UNFULFILLED' END,
            substr('{COUNTRIES}', i % 20 * 2 + 1, 2), substr('{CURRENCIES}', i % 8 * 3 + 1, 3), 2, i % 30000,
            0, 0, 0, {false}, i % 30000, i % 30000 * 100, 1, 'Ann Doe', 'a@example.com', 'a@example.com',
            'Lyon', CASE status WHEN 'CANCELLED' THEN 'OTHER' END, {time("made")}, {time("made")}
        FROM placed
    """
    epoch = "CAST(strftime('%s', created_at) AS INTEGER)" if sqlite else "extract(epoch FROM created_at)"
    columns = (
        "INSERT INTO timeline (order_id, at, actor, kind, detail, from_status, to_status, reason) SELECT id"
    )
    # Every step takes some hours more or less, the same for the same order.
    steps = [
        f"{columns}, {time(f'{epoch} + {hours * 3600} + id % 37 * 1800')}, 'system', 'STATUS_CHANGED',"
        f" '{before} → {after}', '{before}', '{after}', coalesce(cancel_reason, '')"
        f" FROM orders WHERE status IN {reached} ORDER BY id"
        for before, after, hours, reached in _STEPS
    ]
    return [
        orders,
        f"{columns}, created_at, 'system', 'CREATED', 'PENDING', 'NEW', 'PENDING', ''"
        " FROM orders ORDER BY id",
        *steps,
    ]
