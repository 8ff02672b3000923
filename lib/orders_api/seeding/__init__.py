"""Believable sample orders, the same for the same numbers; nobody in them is real, and no mail is sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import select

from lib.orders_api.importing.statistics import refresh_statistics
from lib.orders_api.seeding.arrivals import SPAN
from lib.orders_api.seeding.samples import Samples, first_token
from lib.orders_api.seeding.writer import missing, write
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.orders import Order

__all__ = ["seed_orders"]

BATCH_SIZE = 2000
MANY = 1000


def seed_orders(
    database: Database, count: int, seed: int, now: datetime, on_progress: Callable[[int], None]
) -> int:
    """Add sample orders of the two years up to the hour of `now`; return how many were added.

    The same count, seed and hour give the same orders. In a store that has them already, or a part of them,
    the hour of that first run counts, and only what is missing is added: whatever has one of their order
    numbers is left as it is.

    Args:
        database: the store, migrated.
        count: how many there shall be, 1 or more.
        seed: another number gives other orders.
        now: the present.
        on_progress: told after each batch how many are done.

    Raises:
        StoreUnavailableError: the database can't be reached; the batches before are kept.
    """
    samples = Samples(seed, count, _until(database, count, seed, now))
    added = 0
    # A batch is made while the one before is written: the database does its work without Python's lock.
    with ThreadPoolExecutor(1) as writer:
        written = writer.submit(int)
        for start in range(0, count, BATCH_SIZE):
            arrivals = [samples.arrival(number) for number in range(start, min(start + BATCH_SIZE, count))]
            made = [samples.make(arrival) for arrival in missing(database, arrivals)]
            added += written.result()
            if start:
                on_progress(start)
            written = writer.submit(write, database, made, samples.counters.copy())
        added += written.result()
    on_progress(count)
    if added >= MANY:
        refresh_statistics(database)
    return added


def _until(database: Database, count: int, seed: int, now: datetime) -> datetime:
    """Return where the samples end: as in the run that began them, or at the current hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    with database.reading() as session:
        began = session.scalar(
            select(Order.created_at).where(Order.tracking_token == first_token(seed, count))
        )
    return hour if began is None else began + SPAN
