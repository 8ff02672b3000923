"""Brings the orders of a file into the store, and says what came of it; it knows no kind's rules.

First all records of the file are put beside the others of their order, then the orders are made.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from lib.orders_api.domain.text import order_number_key
from lib.orders_api.importing.errors import ImportFileError, RowRejectedError
from lib.orders_api.importing.reading.opening import opened
from lib.orders_api.importing.recognising import recognised
from lib.orders_api.importing.report import ImportReport, list_rejected
from lib.orders_api.importing.sources import PLACEHOLDER, Candidate, Options, ReadOrder, Record, Source
from lib.orders_api.importing.spool import RejectedRow, Spool, SpooledRow
from lib.orders_api.importing.statistics import refresh_statistics
from lib.orders_api.importing.store import Store
from lib.orders_api.store.db import Database

Progress = Callable[[int, int], None]
MANY = 1000
MAX_RECORDS_AN_ORDER = 2000
BETWEEN_REPORTS = 100


def import_file(
    database: Database,
    path: Path,
    now: datetime,
    on_progress: Progress,
    options: Options = Options(),  # noqa: B008 - it is frozen
) -> ImportReport:
    """Add the orders of a file to the store; those that are there are left, or brought to its state.

    Batches are transactions of their own: an interrupted import keeps what it stored, and is completed by
    running it again. No email is queued: these orders are old news to their customers.

    Args:
        database: the store, migrated.
        path: the file. Its rejected records are listed beside it; a list without any is removed.
        now: the present.
        on_progress: told now and then how many bytes of how many are done: reading is the first half of the
            way, storing the second.
        options: what was asked for.

    Raises:
        ImportFileError: the file as a whole can't be used, or its rejected records can't be listed.
        StoreUnavailableError: the database can't be reached.
    """
    store = Store(database, now, options)
    with (
        opened(path) as file,
        recognised(file, path, now, options) as (source, lines),
        _spool_on_disk() as spool,
    ):
        for record in _counted(source.records, lambda: on_progress(lines.done() // 2, lines.total)):
            _keep(record, source, spool)
        half, orders = lines.total // 2, spool.count_orders()
        for number, key in enumerate(spool.keys(), 1):
            try:
                store.take(_candidate(key, source, spool))
            except RowRejectedError as error:
                spool.reject_order(key, str(error))
            if number % BETWEEN_REPORTS == 0:
                on_progress(half + half * number // orders, lines.total)
        store.flush()
        on_progress(lines.total, lines.total)
        written = list_rejected(path, source.columns, spool)
        report = ImportReport(
            kind=source.kind.name,
            outcome=store.outcome,
            rejected=spool.rejected,
            rejected_path=written,
            hints=source.hints(),
        )
    if store.outcome.added >= MANY:
        refresh_statistics(database)
    return report


@contextmanager
def _spool_on_disk() -> Iterator[Spool]:
    try:
        with Spool() as spool:
            yield spool
    except sqlite3.Error as error:  # the store's own errors come as SQLAlchemy's
        raise ImportFileError(f"the temporary file of the import can't be written: {error}") from None


def _counted(records: Iterator[Record], report: Callable[[], None]) -> Iterator[Record]:
    for number, record in enumerate(records, 1):
        yield record
        if number % BETWEEN_REPORTS == 0:
            report()


def _keep(record: Record, source: Source, spool: Spool) -> None:
    """Put a record beside the others of its order."""
    if record.problem is not None:
        spool.reject(RejectedRow(record.line, record.problem, record.raw or []))
        return
    content = source.restore(record.raw)
    try:
        key = source.kind.key(content)
    except RowRejectedError as error:
        spool.reject(RejectedRow(record.line, str(error), record.raw))
        return
    row = SpooledRow(record.line, source.kind.is_full(content), record.raw)
    spool.add_row(key or f"line {record.line}", row)


def _candidate(key: str, source: Source, spool: Spool) -> Candidate:
    rows = spool.rows_of(key, MAX_RECORDS_AN_ORDER + 1)
    if len(rows) > MAX_RECORDS_AN_ORDER:
        raise RowRejectedError(f"the order has more than {MAX_RECORDS_AN_ORDER} rows")
    full = [row for row in rows if row.is_full]
    if not full:
        raise RowRejectedError("no row of the order holds its sums and its currency")
    read, duplicates = _without_duplicates(source, rows, full)
    line, body = full[0].line, read.body
    order = read.build(body.order_number or PLACEHOLDER)
    for row in duplicates:
        spool.reject(RejectedRow(row.line, f"a duplicate: line {line} has this order already", row.raw))
    if body.order_number is not None and order_number_key(body.order_number) != key:
        _refuse_second(spool, f"number:{order_number_key(body.order_number)}", line, "this order")
    if body.tracking_token is not None:
        _refuse_second(spool, f"token:{body.tracking_token}", line, "its trackingToken")
    digest = None if body.order_number else _digest(full[0], spool)
    return Candidate(read, order, digest, partial(spool.reject_order, key))


def _without_duplicates(
    source: Source, rows: list[SpooledRow], full: list[SpooledRow]
) -> tuple[ReadOrder, list[SpooledRow]]:
    """Make the order of its first full row, and return what was repeated with another full row."""
    first, *repeated = full

    def order_of(chosen: list[SpooledRow]) -> ReadOrder:
        restored = {row.line: source.restore(row.raw) for row in chosen}
        return source.kind.read(restored[first.line], list(restored.values()))

    if not repeated:
        return order_of(rows), []
    before = [row for row in rows if row.line < repeated[0].line]
    after = [row for row in rows if row.line > repeated[0].line and not row.is_full]
    if not after:
        return order_of(before), repeated
    # The plain rows after the repeated one may still be the first one's own: the sums tell.
    try:
        order = order_of(before)
        if not order.adjustment:
            return order, [*repeated, *after]
    except RowRejectedError:
        order = None
    whole = order_of([row for row in rows if row not in repeated])
    if order is not None and whole.adjustment:
        return order, [*repeated, *after]
    return whole, repeated


def _refuse_second(spool: Spool, key: str, line: int, what: str) -> None:
    first, times = spool.repeat(key, line)
    if times > 1:
        raise RowRejectedError(f"a duplicate: line {first} has {what} already")


def _digest(row: SpooledRow, spool: Spool) -> str:
    """Know a record without an order number again; of equal ones each is an order of its own."""
    canonical = json.dumps(row.raw, sort_keys=True)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{digest}:{spool.repeat(f'line:{digest}', row.line)[1]}"
