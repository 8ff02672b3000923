"""Importing a file into a test's shop, and what that left: the rows it rejected, the orders it added."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from lib.orders_api.importing import ImportReport, Options, import_file
from tests.api.shop import Shop


def run(shop: Shop, path: Path, **options: Any) -> ImportReport:
    """Import a file; what it is, it tells itself, unless `format` says so."""
    return import_file(shop.api.database, path, shop.clock(), lambda _done, _total: None, Options(**options))


def rejected(report: ImportReport) -> list[dict[str, str]]:
    """Return the rows that were rejected, with line and reason."""
    if report.rejected_path is None:
        return []
    with report.rejected_path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def detail(shop: Shop, number: str) -> dict[str, Any]:
    """Return an order unmasked, with its token: what staff would see after a reveal."""
    row = shop.sql("SELECT customer_id FROM orders WHERE order_number = :n", n=number)
    assert row, "no such order"
    shop.sql("UPDATE orders SET customer_id = 'c-1' WHERE order_number = :n", n=number)
    return shop.order(number)
