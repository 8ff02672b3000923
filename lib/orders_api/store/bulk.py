"""Writes many new orders at once, each with all that belongs to it; it makes none, and decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.base import Base
from lib.orders_api.store.tables.orders import total_sort

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
_SKIP = "ON CONFLICT DO NOTHING RETURNING order_number_key, id"


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
    names = (*orders[0].order, "total_sort")
    rows = [(*each.order.values(), total_sort(each.order)) for each in orders]
    new = _insert(session, _ORDERS, names, rows, _SKIP) if is_sqlite else _copy_new(session, names, rows)
    ids = dict(new)
    stored = [(ids[key], each) for each in orders if (key := each.order["order_number_key"]) in ids]
    for table, part in _PARTS:
        parts = [(order_id, row) for order_id, each in stored for row in getattr(each, part)]
        if not parts:
            continue
        names = (*parts[0][1], "order_id")
        rows = [(*row.values(), order_id) for order_id, row in parts]
        if is_sqlite:
            _insert(session, table, names, rows)
        else:
            _copy(session, table.name, names, rows)
    return ids


def _insert(
    session: Session, table: Table, names: Sequence[str], rows: Sequence[Values], then: str = ""
) -> list[Any]:
    """Insert rows into SQLite by as few statements as it takes: its search index is written after each."""
    connection = session.connection()
    kinds = [table.c[name].type.dialect_impl(connection.dialect) for name in names]
    conversions = [(at, kind.bind_processor(connection.dialect)) for at, kind in enumerate(kinds)]
    some = MOST_VARIABLES // len(names)
    one = f"({', '.join('?' * len(names))})"
    returned: list[Any] = []
    for first in range(0, len(rows), some):
        values = [value for row in rows[first : first + some] for value in row]
        for at, converted in conversions:
            if converted is not None:
                values[at :: len(names)] = map(converted, values[at :: len(names)])
        marks = ", ".join([one] * (len(values) // len(names)))
        into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {marks} {then}"  # noqa: S608 - the schema's names
        made = connection.exec_driver_sql(into, tuple(values))
        returned += made.all() if made.returns_rows else []
    return returned


def _copy_new(session: Session, names: Sequence[str], rows: Sequence[Values]) -> Sequence[Any]:
    """Insert orders into PostgreSQL from a copy of their rows: to name each value would take longest."""
    columns = ", ".join(names)
    # Each row's foreign keys are checked by a statement that would otherwise be planned anew.
    session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    session.execute(text(f"CREATE TEMPORARY TABLE new_orders AS SELECT {columns} FROM orders LIMIT 0"))  # noqa: S608
    _copy(session, "new_orders", names, rows)
    insert = f"INSERT INTO orders ({columns}) SELECT {columns} FROM new_orders {_SKIP}"  # noqa: S608 - the schema's names
    stored = session.execute(text(insert)).all()
    session.execute(text("DROP TABLE new_orders"))
    return stored


def _copy(session: Session, table: str, names: Sequence[str], rows: Sequence[Values]) -> None:
    """Send rows to PostgreSQL in one go."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101 - it is PostgreSQL's
    into = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    try:
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance(into, None, error, psycopg.Error) from error
