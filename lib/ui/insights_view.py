"""Draws the insights: cards, charts and tables that lead to the orders they count; it calls no API."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import altair as alt
import pandas as pd
import streamlit as st

from lib.orders_client.insights import Alarms, Card, Cards
from lib.ui import charts
from lib.ui.filter_bar import forget_filters
from lib.ui.format import Reader
from lib.ui.insights_tables import Shaped
from lib.ui.order_links import Address, OrderLinks
from lib.ui.session import INSIGHTS_CARD, INSIGHTS_LINKS
from lib.ui.statuses import STATUSES, label_of

ORDERS_PAGE = "pages/support/orders.py"
_ALARM_NAMES = {
    "NO_NEW_ORDERS": "No new orders",
    "CANCELLATIONS": "Cancellations in the last hour",
    "UNPAID_AFTER_A_DAY": "Unpaid after a day",
}


def draw_cards(cards: Cards, links: OrderLinks, reader: Reader) -> None:
    """Draw a card for each status, with the way to its orders."""
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
    came = f"{reader.number(card.entered)} on {reader.day(card.last_day)}"
    usual = "not known yet" if card.usual is None else f"{card.usual:g} on that weekday"
    st.metric(
        label_of(STATUSES, card.status),
        reader.number(card.count),
        delta=_change(card),
        delta_color="off",
        delta_arrow="off" if card.entered == card.usual else "auto",
        chart_data=[day.count for day in card.days],
        chart_type="bar",
        border=True,
        help=f"How many are in this status now. The small bars and the change are of orders that came to it: "
        f"{came}; usual: {usual} (the median of eight weeks).",
    )


def _change(card: Card) -> str | None:
    if card.usual is None:
        return None
    return "as usual" if card.entered == card.usual else f"{card.entered - card.usual:+g} a day"


def draw_alarms(alarms: Alarms, reader: Reader, key: str) -> None:
    """Draw what is alarming, and all that is watched behind it."""
    raised = [each for each in alarms.items if each.raised]
    for each in raised:
        since = f" since {reader.moment(each.from_)}" if each.from_ else ""
        st.warning(
            f"**{_ALARM_NAMES.get(each.alarm, each.alarm)}**{since}: {each.found}, usual {each.usual:g}.",
            icon=":material/notification_important:",
        )
    title = "What is watched" if raised else "Nothing unusual · what is watched"
    with st.expander(title, icon=":material/visibility:", key=key):
        rows = [
            (
                _ALARM_NAMES.get(each.alarm, each.alarm),
                each.found,
                each.usual,
                "–" if each.limit is None else f"{each.limit} or more",
                each.words,
            )
            for each in alarms.items
        ]
        table = pd.DataFrame(rows, columns=["Watched", "Found", "Usual", "Alarm at", "How it is counted"])
        st.dataframe(table, hide_index=True, alt="What is watched, found and usual")
        st.caption(
            "An alarm is raised where a number as far from the usual would come up less than once in a "
            "thousand times if all were as usual (a Poisson distribution around the mean)."
        )


def linked_days(shaped: Shaped, share: bool, key: str) -> None:
    """Draw orders a day by status; a click on a part of a bar leads to its orders."""
    rows = shaped.rows
    if rows.empty:
        st.info("No orders were placed on these days.")
        return
    marks = zip(rows["day"], rows["status"], strict=True)
    _keep(key, dict(zip(marks, shaped.links, strict=True)))
    days = rows.groupby("day")["orders"].sum()
    alt_text = (
        f"Orders placed a day by their status now: {shaped.orders} on {len(days)} days,"
        f" most on {days.idxmax()} ({days.max()})."
    )
    _chart(charts.days_chart(rows, share), key, ("day", "status"), alt_text)
    _behind(rows, {"day": "Day", "status": "Status now", "orders": "Orders"}, key)


def linked_bars(shaped: Shaped, key: str, title: str, what: str) -> None:
    """Draw lying bars; a click on one leads to its orders."""
    rows = shaped.rows
    if not shaped.orders:
        st.info(f"{what}: none.")
        return
    _keep(key, {(name,): link for name, link in zip(rows["name"], shaped.links, strict=True)})
    said = ", ".join(f"{name} {count}" for name, count in zip(rows["name"], rows["orders"], strict=True))
    _chart(charts.bars_chart(rows, list(rows["name"]), title), key, ("name",), f"{what}: {said}.")
    _behind(rows[["name", "orders"]], {"name": what, "orders": "Orders"}, key)


def linked_table(shaped: Shaped, key: str, titles: Mapping[str, str], what: str) -> None:
    """Draw a table; a click on a cell leads to the orders of its row."""
    if shaped.rows.empty:
        st.info(f"{what}: none.")
        return
    _keep(key, {(row,): link for row, link in enumerate(shaped.links)})
    st.dataframe(
        shaped.rows.rename(columns=titles),
        hide_index=True,
        height="content",
        key=key,
        on_select=partial(_follow_cell, key),
        selection_mode="single-cell",
        alt=f"{what}; a click on a row opens its orders",
    )
    _download(shaped.rows.rename(columns=titles), key)


def plain_table(rows: pd.DataFrame, key: str, titles: Mapping[str, str], what: str) -> None:
    """Draw a table that leads nowhere."""
    st.dataframe(rows.rename(columns=titles), hide_index=True, height="content", alt=what)
    _download(rows.rename(columns=titles), key)


def _chart(chart: alt.Chart | alt.LayerChart, key: str, fields: Sequence[str], alt_text: str) -> None:
    st.altair_chart(
        chart,
        key=key,
        on_select=partial(_follow_mark, key, tuple(fields)),
        selection_mode=charts.PICK,
        alt=alt_text,
    )


def _behind(rows: pd.DataFrame, titles: Mapping[str, str], key: str) -> None:
    with st.expander("The same as a table", key=f"{key}_table"):
        st.dataframe(rows.rename(columns=titles), hide_index=True, alt="The figures of this chart")
        _download(rows.rename(columns=titles), key)


def _download(rows: pd.DataFrame, key: str) -> None:
    # Made on the click and named at random: Streamlit would serve it to whoever guesses the address, and an
    # older one to whoever asks for a newer one of the same length. There are no personal data in it.
    st.download_button(
        "Download as CSV",
        data=lambda: rows.to_csv(index=False).encode("utf-8-sig"),
        file_name=f"{key}-{secrets.token_hex(8)}.csv",
        mime="text/csv",
        key=f"{key}_csv",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


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
    st.switch_page(ORDERS_PAGE, query_params=link)
