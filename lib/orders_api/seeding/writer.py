"""Puts sample orders into the store, a batch a transaction, none twice; it makes none up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lib.orders_api.importing.store import raise_counters
from lib.orders_api.seeding.samples import Arrival, Row, Sample, Samples
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.base import Base
from lib.orders_api.store.tables.orders import Order

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


def add_missing(database: Database, samples: Samples, arrivals: Sequence[Arrival]) -> int:
    """Make and store those of a batch that are not there; return how many these were.

    Raises:
        StoreUnavailableError: the database can't be reached; nothing of the batch was stored.
    """
    with database.writing() as session:
        keys = [arrival.key for arrival in arrivals]
        there = set(session.scalars(select(Order.order_number_key).where(Order.order_number_key.in_(keys))))
        made = {arrival.key: samples.make(arrival) for arrival in arrivals if arrival.key not in there}
        if not made:
            return 0
        ids = _insert_orders(session, [sample.order for sample in made.values()])
        stored = [(ids[key], sample) for key, sample in made.items() if key in ids]
        if stored:
            _insert_parts(session, stored)
        raise_counters(session, samples.counters)
        return len(stored)


def _insert_orders(session: Session, orders: list[Row]) -> dict[str, int]:
    """Return the new ids by order number; an order that somebody else just stored is left out."""
    insert_or_skip = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = (
        insert_or_skip(_ORDERS).on_conflict_do_nothing().returning(_ORDERS.c.order_number_key, _ORDERS.c.id)
    )
    return {key: order_id for key, order_id in session.execute(statement, orders)}


def _insert_parts(session: Session, stored: list[tuple[int, Sample]]) -> None:
    for table, part in _PARTS:
        rows = [row | {"order_id": order_id} for order_id, sample in stored for row in getattr(sample, part)]
        session.execute(insert(table), rows)
