"""Follows clicks on the figures of the insights to the orders that they count; it draws nothing."""

from __future__ import annotations

from typing import Any, NoReturn

import streamlit as st

from lib.ui.insights import charts
from lib.ui.insights.keys import INSIGHTS_LINKS
from lib.ui.insights.shapes import Marks
from lib.ui.shared.keys import NARROWING
from lib.ui.shared.order_links import Address, parameters

ORDERS_PAGE = "pages/support/orders.py"


def keep_links(key: str, links: Marks) -> None:
    """Remember where a click on each mark or cell leads, as it is on the screen now."""
    st.session_state.setdefault(INSIGHTS_LINKS, {})[key] = links


def follow_mark(key: str, fields: tuple[str, ...]) -> None:
    """Go where a click on a mark of a chart leads."""
    for mark in st.session_state[key].selection.get(charts.PICK, []):
        when = [mark[charts.WHEN]] if charts.WHEN in mark else []
        _go(key, (*(mark[field] for field in fields), *when))


def follow_cell(key: str) -> None:
    """Go where a click on a cell of a table leads."""
    for row, column in st.session_state[key].selection.cells:
        _go(key, (row, column))


def open_orders(link: Address) -> NoReturn:
    """Go to the order list as a link says, and not as it was left the last time."""
    # Streamlit would keep how the list was narrowed the last time.
    for key in (*NARROWING, *(key for key, _ in link)):
        st.session_state.pop(key, None)
    st.switch_page(ORDERS_PAGE, query_params=parameters(link))


def _go(key: str, mark: tuple[Any, ...]) -> None:
    links: Marks = st.session_state[INSIGHTS_LINKS][key]
    if link := links.get(mark, links.get(mark[:-1])):
        open_orders(link)
