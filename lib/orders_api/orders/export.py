"""Writes orders as CSV, masked as in a list, row by row from one state of the store; it keeps none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from lib.orders_api.domain.countries import known_country
from lib.orders_api.domain.masking import mask_email
from lib.orders_api.domain.money import format_minor_units
from lib.orders_api.domain.wire import format_time
from lib.orders_api.orders.listing import page_of_orders
from lib.orders_api.store.order_query.filters import (
    OrderFilters,
    OrderListQuery,
    Sort,
    facet_conditions,
    range_conditions,
    sort_columns,
)
from lib.orders_api.store.order_query.search import understand
from lib.orders_api.store.tables.orders import Order

ROWS_AT_ONCE = 500
COLUMNS = (
    "orderNumber",
    "status",
    "paymentStatus",
    "fulfillmentStatus",
    "currency",
    "grandTotal",
    "itemCount",
    "customerName",
    "emailMasked",
    "shippingCity",
    "shippingCountry",
    "createdAt",
    "updatedAt",
)
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""With these a spreadsheet takes a cell for a formula, the wide ones too."""


class OrderExportQuery(OrderFilters):
    """Which orders are exported, and in which order."""

    sort: Sort = Sort.CREATED_DESC


def count_orders(session: Session, query: OrderExportQuery) -> int:
    """Return how many orders an export of this state of the store has."""
    one = OrderListQuery.model_construct(**dict(query), page=1, limit=1)
    return page_of_orders(session, one, customer_id=None)[1]


def csv_chunks(session: Session, query: OrderExportQuery) -> Iterator[bytes]:
    """Return the CSV (RFC 4180, UTF-8), a header first, some rows at a time."""
    yield _lines([COLUMNS])
    rows = session.execute(_statement(session, query), execution_options={"yield_per": ROWS_AT_ONCE})
    for some in rows.partitions():
        yield _lines([_cells(row) for row in some])


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe in front makes it text."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _statement(session: Session, query: OrderExportQuery) -> Select[*tuple[Any, ...]]:
    search = understand(session, query.q) if query.q else None
    checks = [*range_conditions(query), *facet_conditions(query, Order)]
    if search is not None:
        checks.append(search.indexed)
    columns, descending = sort_columns(query.sort)
    return (
        select(
            Order.order_number,
            Order.status,
            Order.payment_status,
            Order.fulfillment_status,
            Order.currency,
            Order.grand_total,
            Order.currency_digits,
            Order.item_count,
            Order.customer_name,
            Order.email,
            Order.shipping_city,
            Order.shipping_country,
            Order.created_at,
            Order.updated_at,
        )
        .where(*checks)
        .order_by(*(column.desc() if descending else column.asc() for column in columns))
    )


def _cells(row: Row[Any]) -> tuple[str, ...]:
    return (
        safe_cell(row.order_number),
        row.status,
        row.payment_status,
        row.fulfillment_status,
        row.currency,
        format_minor_units(row.grand_total, row.currency_digits),
        str(row.item_count),
        safe_cell(row.customer_name),
        safe_cell(mask_email(row.email) or ""),
        safe_cell(row.shipping_city),
        known_country(row.shipping_country) or "",
        format_time(row.created_at),
        format_time(row.updated_at),
    )


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
