"""Draws the parts of the insights, and follows clicks on them to the orders that they count; no API call."""

import secrets
from functools import partial
from typing import Any, NoReturn

import altair as alt
import streamlit as st

from lib.ui.insights import charts
from lib.ui.insights.keys import INSIGHTS_LINKS
from lib.ui.insights.shapes import Marks, Part
from lib.ui.shared.keys import NARROWING
from lib.ui.shared.order_links import Address, parameters

ORDERS_PAGE = "pages/support/orders.py"
_COLUMNS = {
    "Day": st.column_config.DateColumn(format="localized"),
    "Value": st.column_config.Column(alignment="right"),
    "Period before": st.column_config.Column(alignment="right"),
}


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


def draw_part(part: Part) -> None:
    """Draw a part of the page; a click on a mark or a cell leads to the orders that it counts."""
    st.header(part.title, anchor=False)
    if part.note:
        st.caption(part.note)
    if part.is_empty:
        st.info(f"{part.title}: none.")
    elif part.chart is None:
        linked_table(part, part.key)
    else:
        _linked_chart(part, part.chart)
        with st.expander("The same as a table", key=f"{part.key}_behind"):
            linked_table(part, f"{part.key}_table")


def _linked_chart(part: Part, chart: alt.Chart | alt.LayerChart) -> None:
    keep_links(part.key, part.marks_of_chart)
    st.altair_chart(
        charts.on_screen(chart, st.context.theme.type == "dark"),
        key=part.key,
        on_select=partial(follow_mark, part.key, part.fields),
        selection_mode=charts.PICK,
        alt=part.said,
    )


def linked_table(part: Part, key: str) -> None:
    """Draw a part's table; a click on a cell leads to the orders that it, or its row, counts."""
    looks: dict[str, Any] = {"hide_index": True, "placeholder": "–", "column_config": _COLUMNS}
    if part.shaped.leads:
        keep_links(key, part.marks_of_table)
        st.dataframe(
            part.table,
            height="auto" if part.chart is not None or part.is_folded else "content",
            key=key,
            on_select=partial(follow_cell, key),
            selection_mode="single-cell",
            alt=f"{part.title}; a click on a row opens its orders",
            **looks,
        )
    else:
        st.dataframe(part.table, height="content", alt=part.title, **looks)
    _download(part)


def _download(part: Part) -> None:
    # Made on the click and named at random: Streamlit would serve it to whoever guesses the address, and an
    # older one to whoever asks for a newer one of the same length. There are no personal data in it.
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download as CSV",
            data=lambda: part.table.to_csv(index=False).encode("utf-8-sig"),
            file_name=f"{part.key}-{secrets.token_hex(8)}.csv",
            mime="text/csv",
            key=f"{part.key}_csv",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
        if part.chart is not None:
            st.caption("As PNG: the same sign above the chart")
