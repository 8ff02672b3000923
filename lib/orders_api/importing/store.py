"""Puts candidates into the store in batches, each a transaction, once each; it knows no kind of file."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.domain.text import order_number_key
from lib.orders_api.importing.report import Outcome
from lib.orders_api.importing.sources import ACTOR, Candidate, Options
from lib.orders_api.importing.updating import Differences, bring_up_to_date, differences, is_same_order
from lib.orders_api.orders.creating import PlainOrder, texts_of
from lib.orders_api.orders.repository import next_counter
from lib.orders_api.store.bulk import OrderRows, Row, insert_orders
from lib.orders_api.store.db import Database
from lib.orders_api.store.order_numbers import number_keys
from lib.orders_api.store.tables.base import Base
from lib.orders_api.store.tables.idempotency import IdempotencyRecord
from lib.orders_api.store.tables.orders import (
    LineItem,
    Order,
    OrderAddress,
    OrderCounter,
    OrderText,
    TimelineEntry,
)

BATCH_SIZE = 250
_COUNTED = re.compile(r"ord-([1-9][0-9]{3})-([0-9]{4,9})", re.ASCII)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)

_NOT_GIVEN = ("id", "order_id", "total_sort", "pinned")
_GIVEN: dict[type[Base], list[str]] = {
    table: [column.name for column in table.__table__.columns if column.name not in _NOT_GIVEN]
    for table in (Order, LineItem, OrderAddress, OrderText, TimelineEntry)
}


class Store:
    """Takes candidates; what is there already is left as it is, or brought to the file's state."""

    def __init__(self, database: Database, now: datetime, options: Options) -> None:
        self._database = database
        self._now = now
        self._options = options
        self._waiting: list[Candidate] = []
        self.outcome = Outcome()

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
            self._store(batch)
        except (IntegrityError, DataError):
            # Somebody else stored one of them in the meantime, or the database refuses one: the others go in.
            for candidate in batch:
                self._store_alone(candidate)

    def _store_alone(self, candidate: Candidate) -> None:
        try:
            self._store([candidate])
        except (IntegrityError, DataError):
            candidate.reject("the store refuses this order")

    def _store(self, batch: Sequence[Candidate]) -> None:
        """Store a batch and count it, or change nothing at all."""
        outcome, fresh, refused, moved = Outcome(), [], [], {}
        with self._database.writing() as session:
            known = _Known(session, batch, self._options.update)
            for candidate in batch:
                stored = known.order_of(candidate)
                if stored is not None and not is_same_order(stored, candidate):
                    refused.append((candidate, _taken(stored)))
                elif stored is not None:
                    if found := self._to_be_taken_over(stored, candidate, outcome):
                        moved[stored.id] = candidate, found
                elif candidate.digest in known.digests:
                    outcome.already_there += 1
                elif candidate.token in known.tokens:
                    refused.append((candidate, "trackingToken: another order has it"))
                else:
                    fresh.append(candidate)
            numbered = [each.order for each in fresh if each.number is not None]
            raise_counters(session, _counters(order.order_number_key for order in numbered))
            _add(session, [_with_number(session, candidate) for candidate in fresh])
            for order in _whole_orders(session, moved):
                bring_up_to_date(session, order, *moved[order.id], self._now)
        outcome.added = len(fresh)
        self.outcome.add(outcome)
        for candidate, reason in refused:
            candidate.reject(reason)

    def _to_be_taken_over(
        self, stored: PlainOrder, candidate: Candidate, outcome: Outcome
    ) -> Differences | None:
        """Count an order that is there already; return what is to be taken over of the file, if anything."""
        found = differences(stored, candidate.order, self._options.trust_file)
        line = f"{stored.order_number}: {', '.join(found.words)}"
        if not found:
            outcome.already_there += 1
        elif not self._options.update or (found.is_step_back and not self._options.trust_file):
            outcome.differing.append(line + (" (a step back)" if found.is_step_back else ""))
        else:
            outcome.updated += 1
            if found.is_step_back:
                outcome.stepped_back.append(line)
            return found
        return None


class _Known:
    """What the store knows of a batch already."""

    def __init__(self, session: Session, batch: Sequence[Candidate], to_be_changed: bool) -> None:
        keys = {
            key
            for candidate in batch
            if candidate.number is not None
            for key in number_keys(candidate.number)
        }
        tokens = [candidate.token for candidate in batch if candidate.token is not None]
        digests = [candidate.digest for candidate in batch if candidate.digest is not None]
        self._orders = {
            order.order_number_key: order for order in _stored_orders(session, keys, to_be_changed)
        }
        self.tokens = set(
            session.scalars(select(Order.tracking_token).where(Order.tracking_token.in_(tokens)))
        )
        self.digests = set(
            session.scalars(
                select(IdempotencyRecord.key).where(
                    IdempotencyRecord.caller == ACTOR, IdempotencyRecord.key.in_(digests)
                )
            )
        )

    def order_of(self, candidate: Candidate) -> PlainOrder | None:
        """Return the order that has a candidate's number; the one with this very writing first."""
        if candidate.number is None:
            return None
        key, written = number_keys(candidate.number)
        return self._orders.get(written) or self._orders.get(key)


def _stored_orders(session: Session, keys: Collection[str], to_be_changed: bool) -> list[PlainOrder]:
    """Return the orders with these numbers; lock those that may be changed."""
    orders = select(Order.__table__).where(Order.order_number_key.in_(keys))
    found = session.execute(orders.with_for_update() if to_be_changed else orders)
    stored = {row.id: PlainOrder(**row._mapping, items=[], addresses=[]) for row in found}
    items = select(LineItem.__table__).where(LineItem.order_id.in_(stored)).order_by(LineItem.position)
    for item in session.execute(items):
        stored[item.order_id].items.append(item)
    for address in session.execute(select(OrderAddress.__table__).where(OrderAddress.order_id.in_(stored))):
        stored[address.order_id].addresses.append(address)
    return list(stored.values())


def _whole_orders(session: Session, ids: Collection[int]) -> Iterable[Order]:
    parts = (selectinload(part) for part in (Order.items, Order.addresses, Order.texts))
    return session.scalars(select(Order).where(Order.id.in_(ids)).options(*parts)).all() if ids else ()


def _taken(stored: PlainOrder) -> str:
    return f"another order has this number: one made at {stored.created_at:%Y-%m-%d %H:%M} UTC"


def _with_number(session: Session, candidate: Candidate) -> Candidate:
    """Return a candidate whose order has a number: where the file has none, the next free one of its year."""
    if candidate.number is not None:
        return candidate
    year = candidate.order.created_at.year
    taken: int | None = 0
    while taken is not None:
        number = f"ORD-{year}-{next_counter(session, year):04}"
        key = str(order_number_key(number))
        taken = session.scalar(select(Order.id).where(Order.order_number_key == key))
    return replace(candidate, order=candidate.read.build(number))


def _add(session: Session, fresh: Sequence[Candidate]) -> None:
    """Store orders that are not there; raise IntegrityError if one came to be there in the meantime."""
    ids = insert_orders(session, [_rows(each) for each in fresh])
    if len(ids) < len(fresh):
        raise IntegrityError("somebody else stored one of these orders", None, ValueError())
    session.add_all([_remember(each.digest) for each in fresh if each.digest is not None])


def _rows(candidate: Candidate) -> OrderRows:
    """Return an order that is in no session as its rows."""
    order, known_as = candidate.order, candidate.read.body.customer_name or ""
    entries = candidate.read.events(order)
    since = max(entry.at for entry in entries if entry.to_status is not None)
    return OrderRows(
        order=_row(Order, order) | {"status_since": since},
        items=[_row(LineItem, item) for item in order.items],
        addresses=[_row(OrderAddress, address) for address in order.addresses],
        texts=[_row(OrderText, texts_of(order, known_as))],
        events=[_row(TimelineEntry, entry) for entry in entries],
    )


def _row(table: type[Base], given: object) -> Row:
    """Return what was given of a table's columns, None for what was not; a default is the column's."""
    return {name: vars(given).get(name) for name in _GIVEN[table]}


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
