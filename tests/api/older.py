"""Makes a store with an older schema, for tests of migrations."""

from __future__ import annotations

import uuid

from alembic import command
from sqlalchemy import Engine, column, insert, inspect, select, table, text

from lib.orders_api.store.engine import create_store_engine
from lib.orders_api.store.migrations import _config
from lib.orders_api.store.tables import Base
from lib.orders_api.store.tables.base import UtcDateTime
from tests.api.shop import EMAIL, NOW, Shop

TABLES = ("orders", "line_items", "order_addresses", "timeline", "access_codes", "outbox")
GONE = ("search_text",)
"""Columns that older schemas ask for, and no current one has."""


def make_older(database_url: str, revision: str, like: Shop) -> None:
    """Bring an empty database to an older schema, and put the orders of a current store in it."""
    engine = create_store_engine(database_url)
    with engine.connect() as connection:
        command.upgrade(_config(connection), revision)
    _copy(like.api.database.engine, engine)
    engine.dispose()


def _copy(current: Engine, older: Engine) -> None:
    with current.connect() as source, older.begin() as target:
        for name in TABLES:
            known = Base.metadata.tables[name]
            there = {each["name"] for each in inspect(target).get_columns(name)}
            both = [each for each in known.columns if each.name in there]
            rows = [dict(row) for row in source.execute(select(*both)).mappings()]
            gone = {each: "" for each in GONE if each in there}
            if rows:
                # As text: since revision 0031 times of orders are numbers on SQLite.
                kinds = [UtcDateTime() if isinstance(each.type, UtcDateTime) else each.type for each in both]
                columns = [column(each.name, kind) for each, kind in zip(both, kinds, strict=True)]
                columns += [column(each) for each in gone]
                target.execute(insert(table(name, *columns)), [row | gone for row in rows])
            if "id" in known.c and older.dialect.name == "postgresql":
                newest = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
                target.execute(text(newest))


def place_earlier(shop: Shop, number: str, actor: str = "staff:sam") -> None:
    """Place an order by hand, as stores had them until revision 0013."""
    shop.sql(
        "INSERT INTO orders (order_number, order_number_key, status, payment_status, fulfillment_status,"
        " currency, currency_digits, subtotal, discount_total, shipping_total, tax_total, tax_included,"
        " grand_total, total_sort, item_count, customer_name, email, email_key, shipping_city,"
        " shipping_country, search_text, tracking_token, created_at, updated_at)"
        " VALUES (:number, :key, 'PENDING', 'PENDING', 'UNFULFILLED', 'EUR', 2, 2000, 0, 0, 0, :no, 2000,"
        " 200000, 2, 'Jane Doe', :email, :email_key, 'Lyon', 'FR', :text, :token, :at, :at)",
        number=number,
        key=number.casefold(),
        no=False,
        email=EMAIL,
        email_key=EMAIL,
        text=f"{number.casefold()}\n{EMAIL}\njane doe",
        token=str(uuid.uuid4()),
        at=str(NOW),
    )
    (order,) = shop.sql("SELECT max(id) AS id FROM orders")
    shop.sql(
        "INSERT INTO line_items (order_id, position, sku, sku_key, name, quantity, unit_price, total)"
        " VALUES (:id, 0, 'TEA-1', 'tea-1', 'Green tea', 2, 1000, 2000)",
        id=order["id"],
    )
    for kind in ("shipping", "billing"):
        shop.sql(
            "INSERT INTO order_addresses (order_id, kind, first_name, last_name, line1, city, postal_code,"
            " country) VALUES (:id, :kind, 'Jane', 'Doe', '12 Marked Street', 'Lyon', '69001', 'FR')",
            id=order["id"],
            kind=kind,
        )
    shop.sql(
        "INSERT INTO timeline (order_id, at, actor, kind, detail)"
        " VALUES (:id, :at, :actor, 'CREATED', 'PENDING')",
        id=order["id"],
        at=str(NOW),
        actor=actor,
    )
