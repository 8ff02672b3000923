"""Draws the order list's table: a click on a row opens its order, one on a heading sorts at the API."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NoReturn
from zlib import crc32

import streamlit as st

from lib.orders_client import OrderListItem
from lib.ui.orders import selection
from lib.ui.orders.keys import ORDERS_CURSOR, ORDERS_ROW, ORDERS_TABLE, ORDERS_TAKEN
from lib.ui.orders.remembered import to_be_kept
from lib.ui.shared.format import NOT_GIVEN, Reader
from lib.ui.shared.keys import ORDERS_PAGE, ORDERS_SHOWN, ORDERS_SORT
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES
from lib.ui.shared.tables import ORDER_COLUMNS, chips, orders_table

ORDER_PAGE = "pages/support/order.py"
_PLACES = list(ORDER_COLUMNS)
SKELETON_HEIGHT = 350
ROW_HEIGHT = 32
KEYS_REST_SECONDS = 3.0
"""So long after a key the next one may have been pressed many times before the desk hears of it."""
_SORTS_OF_COLUMN: Mapping[str, tuple[str, str]] = {
    "order": ("orderNumber", "-orderNumber"),
    "created": ("-createdAt", "createdAt"),
    "total": ("-grandTotal", "grandTotal"),
}


def table(
    orders: Sequence[OrderListItem], sort: str, columns: Sequence[str], reader: Reader, now: datetime
) -> None:
    """Draw the orders as they were sorted."""
    st.session_state[ORDERS_SHOWN] = [order.order_number for order in orders]
    rows = selection.show(orders)
    key = _key(orders, sort)
    st.dataframe(
        orders_table(orders, reader, now).select(["order", *columns]),
        column_config=_columns(sort),
        hide_index=True,
        placeholder=NOT_GIVEN,
        height="content",
        row_height=ROW_HEIGHT,
        key=key,
        on_select=partial(_follow, key),
        selection_mode=["multi-row", "single-cell", "single-column"],
        selection_default={"selection": {"rows": rows}},
        alt="Orders; a click on a row opens the order",
    )


def pointed_at(orders: Sequence[OrderListItem], sort: str) -> OrderListItem | None:
    """Return the order whose row the keyboard stands on, if it is used to move about in the table."""
    table_key, cell, _ = st.session_state.get(ORDERS_CURSOR, (None, None, 0.0))
    return orders[cell[0]] if table_key == _key(orders, sort) else None


def _key(orders: Sequence[OrderListItem], sort: str) -> str:
    """Name a table by its rows: one whose rows change under it would lose the next click (seen in 1.67)."""
    rows = repr((sort, [order.order_number for order in orders], selection.generation()))
    return f"{ORDERS_TABLE}_{crc32(rows.encode()):08x}"


def open_order(number: str) -> NoReturn:
    """Go to an order's own page."""
    st.switch_page(ORDER_PAGE, query_params={"order": number})


def _follow(key: str) -> None:
    """Do what a click on the table means, by the rows as they were on the screen when it came."""
    chosen = st.session_state[key].selection
    if selection.pick_rows(chosen.rows):
        st.session_state[ORDERS_TAKEN] = True
        return
    if chosen.columns and (sorts := _SORTS_OF_COLUMN.get(chosen.columns[0])):
        first, other = sorts
        st.session_state[ORDERS_SORT] = other if st.session_state[ORDERS_SORT] == first else first
        st.session_state[ORDERS_PAGE] = 1
        to_be_kept()
    elif chosen.cells:
        cell, now = chosen.cells[0], time.monotonic()
        table_key, before, at = st.session_state.get(ORDERS_CURSOR, (None, None, 0.0))
        # Reaching the table by Tab selects its first cell, an arrow or Tab the next, and none of it may open
        # an order. A mouse can't select a number, only press it: selecting one tells that it is the keyboard.
        by_keys = table_key == key and _is_straight(before, cell, far=now - at < KEYS_REST_SECONDS)
        if cell[1] != "order" and not by_keys:
            open_order(st.session_state[ORDERS_SHOWN][cell[0]])
        st.session_state[ORDERS_CURSOR] = (key, cell, now)
        st.session_state[ORDERS_TAKEN] = True


def _is_straight(before: tuple[int, str], after: tuple[int, str], far: bool) -> bool:
    """Return whether keys lead from one cell to another: along the row or the column.

    A key that is held down, or was pressed just now, may lead `far`; else it leads to the next cell, and a
    mouse has done what leads further.
    """
    rows = abs(after[0] - before[0])
    stops = abs(_PLACES.index(after[1]) - _PLACES.index(before[1]))
    return 0 in (rows, stops) and (far or max(rows, stops) == 1)


def _open_row() -> None:
    open_order(st.session_state[ORDERS_SHOWN][st.session_state[ORDERS_ROW].row])


def _columns(sort: str) -> dict[str, Any]:
    """Say how the columns look, with an arrow at the one that sorts."""
    column = st.column_config
    return {
        "order": column.ButtonColumn(
            _heading("Order", "order", sort), key=ORDERS_ROW, on_click=_open_row,
            type="tertiary", alignment="left", pinned=True, width=114,
        ),
        "status": chips("Status", STATUSES),
        "customer": column.TextColumn("Customer", width=138),
        "total": column.TextColumn(_heading("Total", "total", sort), alignment="right", width=100),
        "created": column.TextColumn(_heading("Placed", "created", sort), width=124),
        "waits": column.TextColumn("Waits", help="How long it has awaited its payment", width=62),
        "payment": chips("Payment, fulfilment", PAYMENT_STATUSES, FULFILLMENT_STATUSES, width=205),
        "ships_to": column.TextColumn("Ships to", width=190),
        "items": column.NumberColumn("Items", format="%d", width=52),
    }  # fmt: skip


def _heading(title: str, column: str, sort: str) -> str:
    if sort not in _SORTS_OF_COLUMN[column]:
        return title
    return f"{title} {'↓' if sort.startswith('-') else '↑'}"
