"""Draws the head of the insights: the cards and what is watched, which lead to their orders; no API call."""

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from lib.orders_client import StatusCounts
from lib.orders_client.insights import Alarm, Alarms, Card, Cards
from lib.ui.insights import summaries
from lib.ui.insights.bar import Scope
from lib.ui.insights.keys import INSIGHTS_ALARMS, INSIGHTS_CARD, INSIGHTS_RAISED
from lib.ui.insights.view import linked_table, open_orders
from lib.ui.shared.format import Reader
from lib.ui.shared.statuses import STATUSES, label_of

CARDS: Any = {"min_column_width": 140, "gap": "xsmall", "border": True}
LONG_PENDING = timedelta(hours=24)


def draw_cards(cards: Cards, scope: Scope, reader: Reader) -> None:
    """Draw a card for each status, with the way to its orders, and say from when the figures are."""
    st.caption(
        f"Figures from {reader.clock(cards.as_of)}, refreshed every minute. "
        f"{summaries.came_words(cards, reader)}."
    )
    grid = st.grid(len(STATUSES), **CARDS)
    for card in cards.items:
        with grid.cell(), st.container(gap="xxsmall", key=f"{INSIGHTS_CARD}_{card.status}"):
            _draw_card(card, reader)
            _draw_ways(card, scope, reader)
            if card.status == "PENDING":
                _draw_long_pending(cards.as_of, scope)
    part = summaries.came_part(cards, scope, reader)
    with st.expander(part.title, icon=":material/calendar_month:", key=f"{INSIGHTS_CARD}_came"):
        st.caption("The small bars above as a table: how many orders came to each status on each whole day")
        linked_table(part, part.key)


def draw_counts(counts: StatusCounts, made_of: str, scope: Scope, reader: Reader) -> None:
    """Draw how many orders are in each status, with the way to them, where the API has no cards."""
    st.caption(f"How many are in each status now. {made_of or f'Figures from {reader.clock(counts.as_of)}'}.")
    grid = st.grid(len(STATUSES), **CARDS)
    for each in counts.items:
        with grid.cell(), st.container(gap="xxsmall", key=f"{INSIGHTS_CARD}_{each.status}"):
            st.metric(label_of(STATUSES, each.status), reader.number(each.count))
            if each.status in STATUSES:
                _draw_way(each.status, scope)


def say_reach(scope: Scope | None, reader: Reader) -> None:
    """Say from which day on the figures are, where the orders that were read do not reach back far enough."""
    if scope is None:
        st.info("None of the orders that were read are of these days. Choose later ones.")
    else:
        st.info(
            f"The orders that were read go back to {reader.day(scope.first_day)}: days before are left out."
        )


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
        help=f"How many are in this status now. {came}; usual on that weekday: {usual} "
        "(the median of eight weeks). The bars are the last 28 whole days.",
    )


def _draw_ways(card: Card, scope: Scope, reader: Reader) -> None:
    """Draw the ways to those in the status, and to those that came to it on the last whole day."""
    _draw_way(card.status, scope)
    came = f"{reader.number(card.entered)} came {reader.short_day(card.last_day)}"
    if st.button(came, key=f"{INSIGHTS_CARD}_came_{card.status}", type="tertiary"):
        open_orders(summaries.came_link(card.status, card.last_day, scope, reader))


def _draw_way(status: str, scope: Scope) -> None:
    name = label_of(STATUSES, status).lower()
    if st.button(f"Open {name}", key=f"{INSIGHTS_CARD}_open_{status}", type="tertiary"):
        open_orders(scope.links.to([status]))


def _draw_long_pending(now: datetime, scope: Scope) -> None:
    if st.button("Over 24 h", key=f"{INSIGHTS_CARD}_open_long", type="tertiary"):
        open_orders(scope.links.to(["PENDING"], times={"status_to": now - LONG_PENDING}))


def _change(card: Card) -> str | None:
    if card.usual is None:
        return None
    return "as usual" if card.entered == card.usual else f"{card.entered - card.usual:+g}"


def draw_alarms(alarms: Alarms, reader: Reader) -> None:
    """Draw what is alarming, each with the way to its orders, and all that is watched behind it."""
    raised = [each for each in alarms.items if each.raised]
    for each in raised:
        _draw_raised(each, reader)
    title = summaries.WATCHED if raised else f"Nothing unusual · {summaries.WATCHED.lower()}"
    with st.expander(title, icon=":material/visibility:", key=INSIGHTS_ALARMS):
        part = summaries.alarms_part(alarms, reader)
        linked_table(part, part.key)
        st.caption(part.note)


def _draw_raised(alarm: Alarm, reader: Reader) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.warning(summaries.alarm_words(alarm, reader), icon=summaries.ALARM_ICON)
        link = summaries.alarm_link(alarm)
        if link and st.button(summaries.open_words(alarm), key=f"{INSIGHTS_RAISED}_{alarm.alarm}"):
            open_orders(link)
