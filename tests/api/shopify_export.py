"""Shopify's orders exports of a test's own rows, and their import."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path
from typing import Any

from lib.orders_api.importing import ImportReport
from tests.api.imported import rejected, run
from tests.api.shop import Shop

FULL = {
    "Email": "ana@example.com",
    "Financial Status": "pending",
    "Fulfillment Status": "unfulfilled",
    "Currency": "EUR",
    "Subtotal": "10.00",
    "Shipping": "4.90",
    "Taxes": "0.00",
    "Total": "14.90",
    "Discount Amount": "0.00",
    "Created at": "2025-07-04 09:30:00 +0000",
    "Shipping Name": "Ana Lindner",
    "Shipping Address1": "Obere Str. 57",
    "Shipping City": "Dresden",
    "Shipping Zip": "'01067",
    "Shipping Country": "DE",
    "Notes": "",
}
ITEM = {
    "Lineitem quantity": "1",
    "Lineitem name": "Chang",
    "Lineitem price": "10.00",
    "Lineitem sku": "NW-002",
}
MORE = ("Paid at", "Fulfilled at", "Cancelled at", "Lineitem discount", "Phone", "Billing Name", "Duties")
COLUMNS = ["Name", *FULL, *ITEM, *MORE, "Shipping Method", "Refunded Amount", "Tags"]
_names = itertools.count(1)


def a_name() -> str:
    """Return a name that no order has."""
    return f"#S{next(_names)}"


def full(name: str, **changes: str) -> dict[str, str]:
    """Make an order's first row, with its sums, its address and a line item."""
    return {"Name": name, **FULL, **ITEM, **{key.replace("_", " "): value for key, value in changes.items()}}


def more(name: str, **changes: str) -> dict[str, str]:
    """Make a further row, with one more line item alone."""
    return {"Name": name, **ITEM, **{key.replace("_", " "): value for key, value in changes.items()}}


def write(path: Path, *rows: dict[str, str], **dialect: Any) -> Path:
    """Write an export of these rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", **dialect)
        writer.writeheader()
        writer.writerows(rows)
    return path


def bring(
    shop: Shop, folder: Path, *rows: dict[str, str], **options: Any
) -> tuple[ImportReport, list[dict[str, str]]]:
    """Import these rows; return the report and the rows that were rejected."""
    report = run(shop, write(folder / "orders.csv", *rows), **options)
    return report, rejected(report)
