"""Draws the insights: cards, charts and tables that lead to the orders they count; it calls no API."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any, NoReturn

import altair as alt
import streamlit as st

from lib.orders_client.insights import Alarms, Card, Cards
from lib.ui import charts
from lib.ui.filter_bar import forget_filters
from lib.ui.format import Reader
from lib.ui.insights_shapes import Part
from lib.ui.insights_summaries import WATCHED, alarm_name, alarms_table, came_words
from lib.ui.order_links import Address, OrderLinks, parameters
from lib.ui.session import INSIGHTS_ALARMS, INSIGHTS_CARD, INSIGHTS_LINKS
from lib.ui.statuses import STATUSES, label_of

ORDERS_PAGE = "pages/support/orders.py"


def draw_cards(cards: Cards, links: OrderLinks, reader: Reader) -> None:
    """Draw a card for each status, with the way to its orders, and say from when the figures are."""
    st.caption(
        f"Figures from {reader.clock(cards.as_of)}, refreshed every minute. {came_words(cards, reader)}."
    )
    with st.container(horizontal=True, gap="small"):
        for card in cards.items:
            with st.container(width=130, gap="xxsmall", key=f"{INSIGHTS_CARD}_{card.status}"):
                _draw_card(card, reader)
                if st.button(
                    f"Open {label_of(STATUSES, card.status).lower()}",
                    key=f"{INSIGHTS_CARD}_open_{card.status}",
                    type="tertiary",
                ):
                    _open(links.to([card.status]))


def _draw_card(card: Card, reader: Reader) -> None:
    came = f"{reader.number(card.entered)} came to it on {reader.day(card.last_day)}"
    usual = "not known yet" if card.usual is None else f"{card.usual:g}"
    st.metric(
        label_of(STATUSES, card.status),
        reader.number(card.count),
        delta=_change(card),
        delta_color="off",
        delta_arrow="off" if card.entered == card.usual else "auto",
        chart_data=[day.count for day in card.days],
        chart_type="bar",
        border=True,
        help=f"How many are in this status now. {came}; usual on that weekday: {usual} "
        "(the median of eight weeks). The bars are the last 28 whole days.",
    )


def _change(card: Card) -> str | None:
    if card.usual is None:
        return None
    return "as usual" if card.entered == card.usual else f"{card.entered - card.usual:+g} vs usual"


def draw_alarms(alarms: Alarms, reader: Reader) -> None:
    """Draw what is alarming, and all that is watched behind it."""
    raised = draw_raised(alarms, reader)
    title = WATCHED if raised else f"Nothing unusual · {WATCHED.lower()}"
    with st.expander(title, icon=":material/visibility:", key=INSIGHTS_ALARMS):
        st.dataframe(alarms_table(alarms, reader), hide_index=True, alt="What is watched, found and usual")
        st.caption(
            "An alarm is raised where a number as far from the usual would come up less than once in a "
            "thousand times if all were as usual (a Poisson distribution around the mean)."
        )


def draw_raised(alarms: Alarms, reader: Reader) -> bool:
    """Draw what is alarming; say if anything is."""
    raised = [each for each in alarms.items if each.raised]
    for each in raised:
        since = f" since {reader.moment(each.from_)}" if each.from_ else ""
        st.warning(
            f"**{alarm_name(each.alarm)}**{since}: {each.found}, usual {each.usual:g}.",
            icon=":material/notification_important:",
        )
    return bool(raised)


def draw_part(part: Part) -> None:
    """Draw a part of the page; a click on a mark or a cell leads to the orders that it counts."""
    st.subheader(part.title, anchor=False)
    if part.note:
        st.caption(part.note)
    if part.is_empty:
        st.info(f"{part.title}: none.")
    elif part.chart is None:
        _linked_table(part, part.key)
    else:
        _linked_chart(part, part.chart)
        with st.expander("The same as a table", key=f"{part.key}_behind"):
            _linked_table(part, f"{part.key}_table")


def _linked_chart(part: Part, chart: alt.Chart | alt.LayerChart) -> None:
    rows = part.shaped.rows
    marks = rows[list(part.fields)].itertuples(index=False, name=None)
    _keep(part.key, dict(zip(marks, part.shaped.links, strict=True)))
    st.altair_chart(
        charts.on_screen(chart, st.context.theme.type == "dark"),
        key=part.key,
        on_select=partial(_follow_mark, part.key, part.fields),
        selection_mode=charts.PICK,
        alt=part.said,
    )


def _linked_table(part: Part, key: str) -> None:
    shown, links = part.table, part.shaped.links
    if any(links):
        _keep(key, {(row,): link for row, link in enumerate(links)})
        st.dataframe(
            shown,
            hide_index=True,
            height="content" if part.chart is None else "auto",
            key=key,
            on_select=partial(_follow_cell, key),
            selection_mode="single-cell",
            alt=f"{part.title}; a click on a row opens its orders",
        )
    else:
        st.dataframe(shown, hide_index=True, height="content", alt=part.title)
    _download(part)


def _download(part: Part) -> None:
    # Made on the click and named at random: Streamlit would serve it to whoever guesses the address, and an
    # older one to whoever asks for a newer one of the same length. There are no personal data in it.
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download as CSV",
            data=lambda: part.plain.to_csv(index=False).encode("utf-8-sig"),
            file_name=f"{part.key}-{secrets.token_hex(8)}.csv",
            mime="text/csv",
            key=f"{part.key}_csv",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
        if part.chart is not None:
            st.caption("As PNG: the same sign above the chart")


def _keep(key: str, links: dict[tuple[Any, ...], Address | None]) -> None:
    """Remember where a click on each mark leads, as it is on the screen now."""
    st.session_state.setdefault(INSIGHTS_LINKS, {})[key] = links


def _follow_mark(key: str, fields: tuple[str, ...]) -> None:
    for mark in st.session_state[key].selection.get(charts.PICK, []):
        _go(key, tuple(mark[field] for field in fields))


def _follow_cell(key: str) -> None:
    for row, _ in st.session_state[key].selection.cells:
        _go(key, (row,))


def _go(key: str, mark: tuple[Any, ...]) -> None:
    if link := st.session_state[INSIGHTS_LINKS][key].get(mark):
        _open(link)


def _open(link: Address) -> NoReturn:
    """Go to the order list as a link says, and not as it was left the last time."""
    forget_filters()
    st.switch_page(ORDERS_PAGE, query_params=parameters(link))
