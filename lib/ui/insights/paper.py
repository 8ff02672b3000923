"""Draws the insights for paper: all open, dark on white, still; no widgets, and it calls no API."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import altair as alt
import pandas as pd
import streamlit as st

from lib.orders_client import StatusCounts
from lib.orders_client.insights import Alarms, Cards
from lib.ui.insights import charts
from lib.ui.insights.bar import Scope
from lib.ui.insights.keys import INSIGHTS_SHEET
from lib.ui.insights.shapes import Part
from lib.ui.insights.summaries import ALARM_ICON, alarm_words, alarms_part, came_part, came_words, cards_table
from lib.ui.shared.format import Reader
from lib.ui.shared.statuses import STATUSES, label_of

MOST_ROWS = 30
"""A longer table may go on on the next page."""
STYLE = Path(__file__).with_name("paper.css")
"""Says what is not printed and where pages break; it never holds data."""


@contextmanager
def sheet() -> Iterator[None]:
    """Draw what is inside as a white sheet."""
    st.html(STYLE)
    with st.container(key=INSIGHTS_SHEET):
        yield


def draw_head(as_of: datetime, scope: Scope, reader: Reader, *, compared: bool) -> None:
    """Draw what the sheet is about and from when, and whether the days before stand beside."""
    beside = f", compared with the {scope.days} days before" if compared else ""
    places = scope.with_places("").removeprefix(" · ") or "every country and currency"
    st.markdown(
        f"Orders **{reader.days(*scope.span)}** ({scope.days} days, by the clock of {reader.zone}){beside}; "
        f"{places}. "
        f"Figures from {reader.moment(as_of)}."
    )


def draw_counts(counts: StatusCounts, made_of: str, reader: Reader) -> None:
    """Draw how many orders are in each status, where the API has no cards."""
    with _block("cards"):
        st.header("Orders by status", anchor=False)
        if made_of:
            st.caption(made_of)
        rows = [(label_of(STATUSES, each.status), reader.number(each.count)) for each in counts.items]
        _table(pd.DataFrame(rows, columns=["Status", "In it now"]), "Orders by status", reader)


def draw_cards(cards: Cards, alarms: Alarms, scope: Scope, reader: Reader) -> None:
    """Draw the cards' figures, and what is watched."""
    for each in alarms.items:
        if each.raised:
            st.warning(alarm_words(each, reader), icon=ALARM_ICON)
    with _block("cards"):
        st.header("Orders by status", anchor=False)
        st.caption(came_words(cards, reader))
        _table(cards_table(cards, reader), "Orders by status", reader)
    draw_parts([came_part(cards, scope, reader), replace(alarms_part(alarms, reader), note="")], reader)


def draw_parts(parts: Iterable[Part], reader: Reader) -> None:
    """Draw the parts below each other, each chart with its table."""
    for part in parts:
        rows = part.table if part.is_empty else part.printed
        with _block(part.key, torn=part.chart is None and len(rows) > MOST_ROWS):
            st.header(part.title, anchor=False)
            if part.note:
                st.caption(part.note)
            if part.is_empty:
                st.markdown("None.")
            elif part.chart is None:
                _table(rows, part.title, reader)
            elif part.wide:
                _chart(part, part.chart)
            else:
                left, right = st.columns([3, 2], gap="medium")
                with left:
                    _chart(part, part.chart)
                with right:
                    _table(rows, part.title, reader)
        if part.chart is not None and part.wide and not part.is_empty:
            _table(rows, part.title, reader)


def _chart(part: Part, chart: alt.Chart | alt.LayerChart) -> None:
    st.altair_chart(charts.on_paper(chart), theme=None, alt=part.said, key=f"{part.key}_paper")


def _table(rows: pd.DataFrame, what: str, reader: Reader) -> None:
    st.table(rows.apply(_in_words, reader=reader), hide_index=True, border="horizontal", alt=what)


def _in_words(column: pd.Series, reader: Reader) -> pd.Series:
    """Write days as the reader does, and a dash where there is no number."""
    if column.isna().any():
        return column.astype("string").fillna("–")
    return column.map(lambda each: reader.day(each) if isinstance(each, date) else each)


@contextmanager
def _block(key: str, *, torn: bool = False) -> Iterator[None]:
    """Hold together what should not be torn apart by the end of a page, unless it is too long for one."""
    with st.container(key=f"{INSIGHTS_SHEET}_{'torn' if torn else 'whole'}_{key}"):
        yield
