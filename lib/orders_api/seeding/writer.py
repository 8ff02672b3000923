"""Puts sample orders into the store, a batch a transaction, none twice; it makes none up."""

from collections.abc import Sequence

from sqlalchemy import select

from lib.orders_api.importing.store import raise_counters
from lib.orders_api.seeding.samples import Arrival
from lib.orders_api.store import order_counts
from lib.orders_api.store.bulk import OrderRows, insert_orders
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.orders import Order


def missing(database: Database, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Return those of a batch that are not there.

    Raises:
        StoreUnavailableError: the database can't be reached.
    """
    keys = [arrival.key for arrival in arrivals]
    with database.reading() as session:
        there = set(session.scalars(select(Order.order_number_key).where(Order.order_number_key.in_(keys))))
    return [arrival for arrival in arrivals if arrival.key not in there]


def write(database: Database, orders: Sequence[OrderRows], counters: dict[int, int]) -> int:
    """Store a batch, and see to it that numbers go on above `counters`; return how many were added.

    Raises:
        StoreUnavailableError: the database can't be reached; nothing of the batch was stored.
    """
    if not orders:
        return 0
    with database.writing() as session:
        ids = insert_orders(session, orders)
        raise_counters(session, counters)
    # At once, for a file keeps the room that it once took.
    order_counts.fold(database)
    return len(ids)
