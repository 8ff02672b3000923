"""Writes many new orders at once, each with all that belongs to it; it makes none, and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Table, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.base import Base

Row = dict[str, Any]
Values = tuple[Any, ...]
MOST_VARIABLES = 32_000
"""So many values at least an SQLite statement takes."""

_ORDERS = Base.metadata.tables["orders"]
_PARTS = tuple(
    (Base.metadata.tables[table], part)
    for table, part in (
        ("line_items", "items"),
        ("order_addresses", "addresses"),
        ("order_texts", "texts"),
        ("timeline", "events"),
    )
)


@dataclass(frozen=True)
class OrderRows:
    """The rows of a new order, by table; all but the order's still lack `order_id`."""

    order: Row
    items: list[Row]
    addresses: list[Row]
    texts: list[Row]
    events: list[Row]


def insert_orders(session: Session, orders: Sequence[OrderRows]) -> dict[str, int]:
    """Insert orders; return their ids by the key of their number.

    An order whose number or token somebody else just stored is left out.
    """
    if not orders:
        return {}
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        # Each row's foreign keys are checked by a statement that would otherwise be planned anew.
        session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    insert_or_skip = sqlite_insert if is_sqlite else postgresql_insert
    statement = (
        insert_or_skip(_ORDERS).on_conflict_do_nothing().returning(_ORDERS.c.order_number_key, _ORDERS.c.id)
    )
    ids = {key: order_id for key, order_id in session.execute(statement, [each.order for each in orders])}
    stored = [(ids[key], each) for each in orders if (key := each.order["order_number_key"]) in ids]
    write = _insert if is_sqlite else _copy
    for table, part in _PARTS:
        parts = [(order_id, row) for order_id, each in stored for row in getattr(each, part)]
        if parts:
            write(session, table, (*parts[0][1], "order_id"), [(*row.values(), key) for key, row in parts])
    return ids


def _insert(session: Session, table: Table, names: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows into SQLite by as few statements as it takes: its search index is written after each."""
    connection = session.connection()
    kinds = [table.c[name].type.dialect_impl(connection.dialect) for name in names]
    conversions = [(at, kind.bind_processor(connection.dialect)) for at, kind in enumerate(kinds)]
    some = MOST_VARIABLES // len(names)
    one = f"({', '.join('?' * len(names))})"
    for first in range(0, len(rows), some):
        values = [value for row in rows[first : first + some] for value in row]
        for at, converted in conversions:
            if converted is not None:
                values[at :: len(names)] = map(converted, values[at :: len(names)])
        marks = ", ".join([one] * (len(values) // len(names)))
        into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {marks}"  # noqa: S608 - names of the schema
        connection.exec_driver_sql(into, tuple(values))


def _copy(session: Session, table: Table, names: Sequence[str], rows: Sequence[Values]) -> None:
    """Send rows to PostgreSQL in one go."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101 - it is PostgreSQL's
    into = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    try:
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance(into, None, error, psycopg.Error) from error
