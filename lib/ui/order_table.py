"""Draws the order list's table: a click on a row opens its order, one on a heading sorts at the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import streamlit as st

from lib.orders_client import OrderListItem
from lib.ui.format import Reader
from lib.ui.session import ORDERS_PAGE, ORDERS_ROW, ORDERS_SHOWN, ORDERS_SORT, ORDERS_TABLE
from lib.ui.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES
from lib.ui.tables import chips, orders_table

ORDER_PAGE = "pages/support/order.py"
ROW_HEIGHT = 35
_SORTS_OF_COLUMN: Mapping[str, tuple[str, str]] = {
    "order": ("orderNumber", "-orderNumber"),
    "created": ("-createdAt", "createdAt"),
    "total": ("-grandTotal", "grandTotal"),
}


def table(orders: Sequence[OrderListItem], sort: str, reader: Reader) -> None:
    """Draw the orders as they were sorted.

    The number is a button on purpose: reaching the table by Tab selects its first cell, and moving by the
    arrows the next, which must not open an order yet. Any cell right of the number does.
    """
    st.session_state[ORDERS_SHOWN] = [order.order_number for order in orders]
    key = f"{ORDERS_TABLE}_{sort}"  # a table of its own for each sorting: a heading can be clicked again
    st.dataframe(
        orders_table(orders, reader),
        column_config=_columns(sort),
        hide_index=True,
        height=ROW_HEIGHT * (len(orders) + 1) + 3,
        key=key,
        on_select=partial(_follow, key),
        selection_mode=["single-cell", "single-column"],
        alt="Orders; a click on a row opens the order",
    )


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
    elif chosen.cells and chosen.cells[0][1] != "order":
        open_order(st.session_state[ORDERS_SHOWN][chosen.cells[0][0]])


def _open_row() -> None:
    open_order(st.session_state[ORDERS_SHOWN][st.session_state[ORDERS_ROW].row])


def _columns(sort: str) -> dict[str, Any]:
    """Say how the columns look, with an arrow at the one that sorts."""
    column = st.column_config
    return {
        "order": column.ButtonColumn(
            _heading("Order", "order", sort), key=ORDERS_ROW, on_click=_open_row,
            type="tertiary", alignment="left", pinned=True,
        ),
        "created": column.TextColumn(_heading("Placed", "created", sort)),
        "customer": column.TextColumn("Customer"),
        "email": column.TextColumn("Email"),
        "ships_to": column.TextColumn("Ships to"),
        "status": chips("Status", STATUSES),
        "payment": chips("Payment", PAYMENT_STATUSES),
        "fulfilment": chips("Fulfilment", FULFILLMENT_STATUSES),
        "items": column.NumberColumn("Items", format="%d", width=60),
        "total": column.TextColumn(_heading("Total", "total", sort), alignment="right"),
    }  # fmt: skip


def _heading(title: str, column: str, sort: str) -> str:
    if sort not in _SORTS_OF_COLUMN[column]:
        return title
    return f"{title} {'↓' if sort.startswith('-') else '↑'}"
