"""Puts candidates into the store in batches, each a transaction, once each; it knows no format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from lib.orders_api.domain.text import order_number_key
from lib.orders_api.importing.candidates import ACTOR, PLACEHOLDER, Built, Candidate
from lib.orders_api.orders.repository import next_counter
from lib.orders_api.store.db import Database
from lib.orders_api.store.order_numbers import number_keys
from lib.orders_api.store.tables.idempotency import IdempotencyRecord
from lib.orders_api.store.tables.orders import Order, OrderCounter

BATCH_SIZE = 250
_COUNTED = re.compile(r"ord-([1-9][0-9]{3})-([0-9]{4,9})", re.ASCII)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Store:
    """Takes candidates; what is there already is left as it is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Candidate] = []
        self.added = 0
        self.already_there = 0

    def take(self, candidate: Candidate) -> None:
        """Take a candidate; it is stored with its batch.

        Raises:
            StoreUnavailableError: the database can't be reached; earlier batches are kept.
        """
        self._waiting.append(candidate)
        if len(self._waiting) >= BATCH_SIZE:
            self.flush()

    def flush(self) -> None:
        """Store what waits."""
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            self._store([(candidate, candidate.built) for candidate in batch])
        except (IntegrityError, DataError):
            # Somebody else stored one of them in the meantime, or the database refuses one: the others go in.
            for candidate in batch:
                self._store_alone(candidate)

    def _store_alone(self, candidate: Candidate) -> None:
        try:
            self._store([(candidate, candidate.rebuild(candidate.number or PLACEHOLDER))])
        except (IntegrityError, DataError):
            candidate.reject("the store refuses this order")

    def _store(self, batch: Sequence[tuple[Candidate, Built]]) -> None:
        """Store a batch and count it, or change nothing at all."""
        with self._database.writing() as session:
            known = _Known(session, [candidate for candidate, _ in batch])
            missing = [(candidate, built) for candidate, built in batch if not known.has(candidate)]
            fresh = [(candidate, built) for candidate, built in missing if not known.refuses(candidate)]
            raise_counters(session, _counters(order.order_number_key for _, (order, _) in fresh))
            for candidate, (order, _) in fresh:
                if candidate.number is None:
                    _number(session, candidate, order)
            _add(session, fresh)
        self.added += len(fresh)
        self.already_there += len(batch) - len(missing)
        for candidate, _ in missing:
            if known.refuses(candidate):
                candidate.reject("trackingToken: another order has it")


class _Known:
    """What the store knows of a batch already."""

    def __init__(self, session: Session, batch: Sequence[Candidate]) -> None:
        keys = {
            key
            for candidate in batch
            if candidate.number is not None
            for key in number_keys(candidate.number)
        }
        tokens = [candidate.token for candidate in batch if candidate.token is not None]
        digests = [candidate.digest for candidate in batch if candidate.digest is not None]
        self._keys = set(
            session.scalars(select(Order.order_number_key).where(Order.order_number_key.in_(keys)))
        )
        self._tokens = set(
            session.scalars(select(Order.tracking_token).where(Order.tracking_token.in_(tokens)))
        )
        self._digests = set(
            session.scalars(
                select(IdempotencyRecord.key).where(
                    IdempotencyRecord.caller == ACTOR, IdempotencyRecord.key.in_(digests)
                )
            )
        )

    def has(self, candidate: Candidate) -> bool:
        """Return whether this order is there already."""
        if candidate.number is None:
            return candidate.digest in self._digests
        return not self._keys.isdisjoint(number_keys(candidate.number))

    def refuses(self, candidate: Candidate) -> bool:
        """Return whether another order has its tracking token."""
        return candidate.token in self._tokens


def _number(session: Session, candidate: Candidate, order: Order) -> None:
    """Return an order the next free number of its year."""
    year = order.created_at.year
    taken: int | None = 0
    while taken is not None:
        number = f"ORD-{year}-{next_counter(session, year):04}"
        key = str(order_number_key(number))
        taken = session.scalar(select(Order.id).where(Order.order_number_key == key))
    renumbered, _ = candidate.rebuild(number)
    order.order_number, order.order_number_key = number, key
    order.search_text = renumbered.search_text


def _add(session: Session, fresh: Sequence[tuple[Candidate, Built]]) -> None:
    session.add_all([order for _, (order, _) in fresh])
    session.flush()
    for candidate, (order, entries) in fresh:
        for entry in entries:
            entry.order_id = order.id
        session.add_all(entries)
        if candidate.digest is not None:
            session.add(_remember(candidate.digest))


def _remember(digest: str) -> IdempotencyRecord:
    """Return the record by which a line without an order number is known again; it is never cleared away."""
    return IdempotencyRecord(
        caller=ACTOR, key=digest, fingerprint=digest[:64], started_at=_NEVER, status=201, sealed_answer=None
    )


def _counters(keys: Iterable[str]) -> dict[int, int]:
    """Return the highest counter of each year among order numbers that look like the store's own."""
    highest: dict[int, int] = {}
    for key in keys:
        if counted := _COUNTED.fullmatch(key):
            year, counter = int(counted[1]), int(counted[2])
            highest[year] = max(counter, highest.get(year, 0))
    return highest


def raise_counters(session: Session, highest: dict[int, int]) -> None:
    """See to it that the store goes on counting above these, so that `create` never meets a taken number."""
    if not highest:
        return
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(OrderCounter).values([{"year": year, "last": last} for year, last in highest.items()])
    larger = case(
        (statement.excluded.last > OrderCounter.last, statement.excluded.last), else_=OrderCounter.last
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=[OrderCounter.year], set_={"last": larger})
    )
