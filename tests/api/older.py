"""Makes a store with an older schema, for tests of migrations."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, column, insert, inspect, select, table, text

from lib.orders_api.store.engine import create_store_engine
from lib.orders_api.store.migrations import _config
from lib.orders_api.store.tables import Base
from lib.orders_api.store.tables.base import UtcDateTime
from tests.api.shop import Shop

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
