"""Draws the order list's table: a click on a row opens its order, one on a heading sorts at the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NoReturn
from zlib import crc32

import streamlit as st

from lib.orders_client import OrderListItem
from lib.ui.orders.keys import ORDERS_CURSOR, ORDERS_ROW, ORDERS_TABLE
from lib.ui.shared.format import NOT_GIVEN, Reader
from lib.ui.shared.keys import ORDERS_PAGE, ORDERS_SHOWN, ORDERS_SORT
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES
from lib.ui.shared.tables import ORDER_COLUMNS, chips, orders_table

ORDER_PAGE = "pages/support/order.py"
SKELETON_HEIGHT = 350
ROW_HEIGHT = 32
PAGE_KEY_STOPS_SHORT = 5
"""Page Up and Page Down go so many rows less than are on the screen."""
_SORTS_OF_COLUMN: Mapping[str, tuple[str, str]] = {
    "order": ("orderNumber", "-orderNumber"),
    "created": ("-createdAt", "createdAt"),
    "total": ("-grandTotal", "grandTotal"),
}


def table(orders: Sequence[OrderListItem], sort: str, reader: Reader, now: datetime) -> None:
    """Draw the orders as they were sorted."""
    st.session_state[ORDERS_SHOWN] = [order.order_number for order in orders]
    key = _key(orders, sort)
    st.dataframe(
        orders_table(orders, reader, now),
        column_config=_columns(sort),
        hide_index=True,
        placeholder=NOT_GIVEN,
        height="content",
        row_height=ROW_HEIGHT,
        key=key,
        on_select=partial(_follow, key),
        selection_mode=["single-cell", "single-column"],
        alt="Orders; a click on a row opens the order",
    )


def pointed_at(orders: Sequence[OrderListItem], sort: str) -> OrderListItem | None:
    """Return the order whose row the keyboard stands on, if it is used to move about in the table."""
    table_key, row, _ = st.session_state.get(ORDERS_CURSOR, (None, 0, ""))
    return orders[row] if table_key == _key(orders, sort) else None


def _key(orders: Sequence[OrderListItem], sort: str) -> str:
    """Name a table by its rows: one whose rows change under it would lose the next click (seen in 1.67)."""
    rows = repr((sort, [order.order_number for order in orders]))
    return f"{ORDERS_TABLE}_{crc32(rows.encode()):08x}"


def open_order(number: str) -> NoReturn:
    """Go to an order's own page."""
    st.switch_page(ORDER_PAGE, query_params={"order": number})


def _follow(key: str) -> None:
    """Do what a click on the table means, by the rows as they were on the screen when it came."""
    chosen = st.session_state[key].selection
    if chosen.columns and (sorts := _SORTS_OF_COLUMN.get(chosen.columns[0])):
        first, other = sorts
        st.session_state[ORDERS_SORT] = other if st.session_state[ORDERS_SORT] == first else first
        st.session_state[ORDERS_PAGE] = 1
    elif chosen.cells:
        row, column = chosen.cells[0]
        number = st.session_state[ORDERS_SHOWN][row]
        before = st.session_state.get(ORDERS_CURSOR)
        stood_at = before[1:] if before and before[0] == key else None
        # Reaching the table by Tab selects its first cell, an arrow or Tab the next, and none of it may open
        # an order. A mouse can't select a number, only press it: selecting one tells that it is the keyboard.
        if column != "order" and not _is_step(stood_at, (row, column)):
            open_order(number)
        st.session_state[ORDERS_CURSOR] = (key, row, column)


def _is_step(before: tuple[int, str] | None, after: tuple[int, str]) -> bool:
    """Return whether a key may have led from one cell to another: a step, to an end, or a page up or down.

    Whatever is no straight way, or leads past the next cell, a mouse has done.
    """
    if before is None:
        return False
    last_row, columns = len(st.session_state[ORDERS_SHOWN]) - 1, ORDER_COLUMNS
    rows = abs(after[0] - before[0])
    stops = abs(columns.index(after[1]) - columns.index(before[1]))
    if stops == 0:
        return rows == 1 or after[0] in (0, last_row) or rows >= last_row - PAGE_KEY_STOPS_SHORT
    return rows == 0 and (stops == 1 or after[1] in (columns[0], columns[-1]))


def _open_row() -> None:
    open_order(st.session_state[ORDERS_SHOWN][st.session_state[ORDERS_ROW].row])


def _columns(sort: str) -> dict[str, Any]:
    """Say how the columns look, with an arrow at the one that sorts."""
    column = st.column_config
    return {
        "order": column.ButtonColumn(
            _heading("Order", "order", sort), key=ORDERS_ROW, on_click=_open_row,
            type="tertiary", alignment="left", pinned=True, width=120,
        ),
        "status": chips("Status", STATUSES),
        "customer": column.TextColumn("Customer", width=150),
        "total": column.TextColumn(_heading("Total", "total", sort), alignment="right", width=105),
        "created": column.TextColumn(_heading("Placed", "created", sort), width=145),
        "waits": column.TextColumn("Waits", help="How long it has awaited its payment", width=62),
        "payment": chips("Payment, fulfilment", PAYMENT_STATUSES, FULFILLMENT_STATUSES, width=205),
        "ships_to": column.TextColumn("Ships to", width=165),
        "items": column.NumberColumn("Items", format="%d", width=52),
    }  # fmt: skip


def _heading(title: str, column: str, sort: str) -> str:
    if sort not in _SORTS_OF_COLUMN[column]:
        return title
    return f"{title} {'↓' if sort.startswith('-') else '↑'}"
