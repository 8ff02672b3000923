"""Puts sample orders into the store, a batch a transaction, none twice; it makes none up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lib.orders_api.importing.store import raise_counters
from lib.orders_api.seeding.samples import Arrival, Samples
from lib.orders_api.store.bulk import insert_orders
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.orders import Order


def add_missing(database: Database, samples: Samples, arrivals: Sequence[Arrival]) -> int:
    """Make and store those of a batch that are not there; return how many these were.

    Raises:
        StoreUnavailableError: the database can't be reached; nothing of the batch was stored.
    """
    keys = [arrival.key for arrival in arrivals]
    with database.reading() as session:
        there = set(session.scalars(select(Order.order_number_key).where(Order.order_number_key.in_(keys))))
    # Made before the turn to write, for which others wait.
    made = [samples.make(arrival) for arrival in arrivals if arrival.key not in there]
    if not made:
        return 0
    with database.writing() as session:
        ids = insert_orders(session, made)
        raise_counters(session, samples.counters)
    return len(ids)
