"""Brings the orders of a file into the store, and says what came of it; it knows no format's rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.jsonl import JsonLines
from lib.orders_api.importing.report import ImportReport, remove_rejected, write_rejected
from lib.orders_api.importing.shopify import ShopifyExport
from lib.orders_api.importing.source import open_source
from lib.orders_api.importing.spool import Spool
from lib.orders_api.importing.statistics import refresh_statistics
from lib.orders_api.importing.store import Store
from lib.orders_api.importing.woocommerce import WooCommerceExport
from lib.orders_api.store.db import Database

Progress = Callable[[int, int], None]
MANY = 1000
ORDERS_BETWEEN_REPORTS = 100


def import_file(
    database: Database,
    path: Path,
    format: Literal["jsonl", "shopify", "woocommerce"],
    now: datetime,
    on_progress: Progress,
    zone: tzinfo = UTC,
) -> ImportReport:
    """Add the orders of a file to the store; those that are there already stay as they are.

    Batches are transactions of their own: an interrupted import keeps what it stored, and is completed by
    running it again. No email is queued: these orders are old news to their customers.

    Args:
        database: the store, migrated.
        path: the file. Its rejected rows are listed beside it; a list without rows is removed.
        format: how the file is written.
        now: the present.
        on_progress: told now and then how many bytes of how many are done.
        zone: the shop's own, for times of a WooCommerce export, which name none.

    Raises:
        ImportFileError: the file as a whole can't be used, or its rejected rows can't be listed.
        StoreUnavailableError: the database can't be reached.
    """
    store = Store(database)
    with _spool_on_disk() as spool:
        if format == "shopify":
            columns = _import_shopify(store, spool, path, now, on_progress)
        elif format == "woocommerce":
            columns = _import_woocommerce(store, spool, path, zone, now, on_progress)
        else:
            columns = _import_jsonl(store, spool, path, now, on_progress)
        written = None
        if spool.rejected:
            written = write_rejected(path, columns, spool.rejected_rows())
        else:
            remove_rejected(path)
        report = ImportReport(store.added, store.already_there, spool.rejected, written)
    if store.added >= MANY:
        refresh_statistics(database)
    return report


@contextmanager
def _spool_on_disk() -> Iterator[Spool]:
    try:
        with Spool() as spool:
            yield spool
    except sqlite3.Error as error:  # the store's own errors come as SQLAlchemy's
        raise ImportFileError(f"the temporary file of the import can't be written: {error}") from None


def _import_shopify(
    store: Store, spool: Spool, path: Path, now: datetime, on_progress: Progress
) -> list[str]:
    """Import an export of Shopify's: the reading is the first half of the way, the storing the second."""
    total = path.stat().st_size if path.is_file() else 0

    def on_order(done: int, of: int) -> None:
        if done % ORDERS_BETWEEN_REPORTS == 0 or done == of:
            on_progress(total // 2 + total * done // of // 2, total)

    with open_source(path, lambda done, total: on_progress(done // 2, total)) as source:
        export = ShopifyExport(source, spool, now)
        for candidate in export.candidates(on_order):
            store.take(candidate)
        store.flush()
    on_progress(total, total)
    return export.header.columns


def _import_woocommerce(
    store: Store, spool: Spool, path: Path, zone: tzinfo, now: datetime, on_progress: Progress
) -> list[str]:
    with open_source(path, on_progress) as source:
        export = WooCommerceExport(source, spool, zone, now)
        for candidate in export.candidates():
            store.take(candidate)
        store.flush()
    return export.header.columns


def _import_jsonl(store: Store, spool: Spool, path: Path, now: datetime, on_progress: Progress) -> list[str]:
    with open_source(path, on_progress) as source:
        for candidate in JsonLines(source, spool, now).candidates():
            store.take(candidate)
        store.flush()
    return []
