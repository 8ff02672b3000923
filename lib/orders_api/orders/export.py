"""Writes orders or their line items as CSV, row by row from one state of the store; it keeps none."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic.alias_generators import to_camel
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from lib.orders_api.domain.money import format_minor_units
from lib.orders_api.domain.wire import format_time
from lib.orders_api.orders.listing import page_of_orders
from lib.orders_api.orders.schemas import OrderListItem
from lib.orders_api.orders.views import LIST_COLUMNS, listed
from lib.orders_api.store.order_query.conditions import order_conditions
from lib.orders_api.store.order_query.filters import OrderFilters, OrderListQuery, Sort, sort_columns
from lib.orders_api.store.tables.orders import LineItem, Order
from lib.plain_text import without_unseen

ROWS_AT_ONCE = 500
FORMULA_STARTS = re.escape("=+-@＝＋－＠")
"""With these a spreadsheet takes a cell for a formula, the wide ones too."""
_HARMFUL_START = re.compile(rf"[\t\r\n]| *[{FORMULA_STARTS}]")
_HARMFUL_WITHIN = re.compile(rf"([,;\t\r\n][\s\"']*)(?=[{FORMULA_STARTS}])")
"""What begins a cell where somebody reads the file with another separator than it was written with."""


class Separator(StrEnum):
    """What stands between cells; Excel expects semicolons where decimals have a comma."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


class RowsOf(StrEnum):
    """What a row is."""

    ORDERS = "orders"
    ITEMS = "items"


class OrderExportQuery(OrderFilters):
    """Which orders are exported, in which order, and how they are written."""

    sort: Sort = Sort.CREATED_DESC
    separator: Separator = Separator.COMMA
    rows: RowsOf = RowsOf.ORDERS


class _Sheet(NamedTuple):
    """What a row of an export is made of: the columns' names, what is read, and how it is written."""

    columns: tuple[str, ...]
    read: tuple[Any, ...]
    cells: Callable[[Row[Any]], tuple[str, ...]]


def count_rows(session: Session, query: OrderExportQuery) -> int:
    """Return how many rows an export of this state of the store has."""
    if query.rows is RowsOf.ORDERS:
        one = OrderListQuery.model_construct(**dict(query), page=1, limit=1).allow_any_part(query.any_part)
        return page_of_orders(session, one, customer_id=None)[1]
    items = select(func.count()).select_from(LineItem).join(Order, Order.id == LineItem.order_id)
    return session.scalar(items.where(*order_conditions(session, query))) or 0


def csv_chunks(session: Session, query: OrderExportQuery) -> Iterator[bytes]:
    """Return the CSV (RFC 4180, UTF-8 with a byte-order mark), a header first, some rows at a time."""
    sheet, delimiter = _SHEETS[query.rows], _DELIMITERS[query.separator]
    yield codecs.BOM_UTF8 + _lines([sheet.columns], delimiter)
    rows = session.execute(_statement(session, query, sheet), execution_options={"yield_per": ROWS_AT_ONCE})
    for some in rows.partitions():
        yield _lines([sheet.cells(row) for row in some], delimiter)


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, whatever separator it reads the file with.

    An apostrophe in front makes text of a formula, wherever in a cell another one could begin. What nobody
    sees in a text stored long ago is left out.
    """
    seen = without_unseen(text)
    return ("'" if _HARMFUL_START.match(seen) else "") + _HARMFUL_WITHIN.sub(r"\1'", seen)


def _statement(session: Session, query: OrderExportQuery, sheet: _Sheet) -> Select[*tuple[Any, ...]]:
    columns, descending = sort_columns(query.sort)
    order = [column.desc() if descending else column.asc() for column in columns]
    statement = (
        select(*sheet.read).select_from(Order).where(*order_conditions(session, query)).order_by(*order)
    )
    if query.rows is RowsOf.ORDERS:
        return statement
    return statement.join(LineItem, LineItem.order_id == Order.id).order_by(LineItem.position)


def _order_cells(row: Row[Any]) -> tuple[str, ...]:
    shown = listed(row)
    return tuple(_cell(shown[name]) for name in OrderListItem.model_fields)


def _cell(value: str | int | datetime | None) -> str:
    if isinstance(value, datetime):
        return format_time(value)
    return "" if value is None else safe_cell(str(value))


def _item_cells(row: Row[Any]) -> tuple[str, ...]:
    return (
        safe_cell(row.order_number),
        row.status,
        format_time(row.created_at),
        safe_cell(row.sku),
        safe_cell(row.name),
        str(row.quantity),
        row.currency,
        format_minor_units(row.unit_price, row.currency_digits + row.extra_digits),
        format_minor_units(row.total, row.currency_digits),
    )


def _lines(rows: list[tuple[str, ...]], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


_DELIMITERS = {Separator.COMMA: ",", Separator.SEMICOLON: ";", Separator.TAB: "\t"}
_SHEETS = {
    RowsOf.ORDERS: _Sheet(
        tuple(to_camel(name) for name in OrderListItem.model_fields),
        tuple(getattr(Order, name) for name in LIST_COLUMNS),
        _order_cells,
    ),
    RowsOf.ITEMS: _Sheet(
        (
            *("orderNumber", "status", "createdAt"),
            *("sku", "name", "quantity", "currency", "unitPrice", "total"),
        ),
        (
            *(Order.order_number, Order.status, Order.created_at, LineItem.sku, LineItem.name),
            *(LineItem.quantity, Order.currency, Order.currency_digits),
            *(LineItem.unit_price, LineItem.extra_digits, LineItem.total),
        ),
        _item_cells,
    ),
}
