"""Shapes orders and line items into tables, only the columns shown, and draws tables; it calls no API."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import streamlit as st

from lib.orders_client import LineItem, OrderListItem
from lib.ui.shared.cancelling import CANCELLABLE_STATUS
from lib.ui.shared.format import NOT_GIVEN, Reader, age, country, or_missing, plain
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, Look, label_of

Key = TypeVar("Key")
Row = TypeVar("Row")

CHIP_EDGE, CHIP_CHARACTER = 28, 6
"""Pixels around a chip's word, and for each of its characters."""

ORDER_COLUMNS: Mapping[str, str] = {
    "order": "Order",
    "status": "Status",
    "customer": "Customer",
    "total": "Total",
    "created": "Placed",
    "waits": "Waits",
    "payment": "Payment, fulfilment",
    "ships_to": "Ships to",
    "items": "Items",
}
"""What matters most stands first: on a narrow screen the rest has to be scrolled to."""


_TEXT, _CHIPS = pa.string(), pa.list_(pa.string())
_KINDS = {"status": _CHIPS, "payment": _CHIPS, "items": pa.int64()}


def orders_table(orders: Sequence[OrderListItem], reader: Reader, now: datetime) -> pa.Table:
    """Make the list of orders: one row an order, in the order given, statuses as lists for chips.

    `waits` is how long a PENDING order has been one: no other status leads to it. An Arrow table, which
    Streamlit sends as it is; a frame of pandas' would cost a list's rerun a fifth more.
    """
    rows = [
        (
            order.order_number,
            [label_of(STATUSES, order.status)],
            or_missing(order.customer_name, order, "customer_name", "no name"),
            reader.money(order.grand_total, order.currency),
            reader.lately(order.created_at, now, clock=True),
            age(order.created_at, now) if order.status == CANCELLABLE_STATUS else "",
            [
                label_of(PAYMENT_STATUSES, order.payment_status),
                label_of(FULFILLMENT_STATUSES, order.fulfillment_status),
            ],
            or_missing(
                place(order.shipping_city, order.shipping_country), order, "shipping_country", "no address"
            ),
            order.item_count,
        )
        for order in orders
    ]
    return pa.table({
        name: pa.array([row[at] for row in rows], _KINDS.get(name, _TEXT))
        for at, name in enumerate(ORDER_COLUMNS)
    })  # fmt: skip


def chips(title: str, *looks: Mapping[str, Look], width: int | None = None) -> Any:
    """Make a column that shows each status as a chip in its own colour, wide enough for every word."""
    every = [each for table in looks for each in table.values()]
    longest = max(len(each.label) for each in every)
    return st.column_config.MultiselectColumn(
        title,
        options=[each.label for each in every],
        color=[each.hex for each in every],
        width=width or CHIP_EDGE + CHIP_CHARACTER * longest,
    )


def items_table(items: Iterable[LineItem], currency: str, reader: Reader) -> pd.DataFrame:
    """Make the table of an order's line items, with money in the order's currency."""
    rows = [
        (
            plain(item.sku or NOT_GIVEN),
            plain(item.name),
            item.quantity,
            reader.money(item.unit_price, currency),
            reader.money(item.total, currency),
        )
        for item in items
    ]
    return pd.DataFrame(rows, columns=["sku", "name", "quantity", "unit_price", "total"])


def draw_items(items: Iterable[LineItem], currency: str, reader: Reader, key: str, alt: str) -> None:
    """Draw the table of an order's line items."""
    column = st.column_config
    columns = {
        "sku": column.TextColumn("SKU"),
        "name": column.TextColumn("Item"),
        "quantity": column.NumberColumn("Quantity", format="%d", width="small"),
        "unit_price": column.TextColumn("Unit price", alignment="right"),
        "total": column.TextColumn("Total", alignment="right"),
    }
    draw_table(items_table(items, currency, reader), key, alt, columns)


def draw_table(table: pd.DataFrame, key: str, alt: str, columns: Mapping[str, Any] | None = None) -> None:
    """Draw a table as high as its rows; `alt` tells screen readers what it is."""
    st.dataframe(table, column_config=columns, hide_index=True, height="content", key=key, alt=alt)


def choose_row(
    rows: Mapping[Key, Row], title: Callable[[Row], str], key: str, placeholder: str
) -> Row | None:
    """Ask which row of a table to work on; None until one is chosen."""
    chosen = st.selectbox(
        "Work on", list(rows), format_func=lambda each: title(rows[each]), index=None,
        placeholder=placeholder, key=key,
    )  # fmt: skip
    return rows.get(chosen) if chosen else None


def place(city: str | None, country_code: str | None) -> str:
    """Name a place as `Lyon, France`, with whichever half there is."""
    name = country(country_code) if country_code else None
    return ", ".join(plain(part) for part in (city, name) if part)
