"""Shapes what the insights show without a way to orders: the cards, what is watched, days on paper; pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pandas as pd

from lib.orders_client.insights import Alarms, Cards
from lib.ui.format import Reader
from lib.ui.statuses import STATUSES, label_of

_ALARM_NAMES = {
    "NO_NEW_ORDERS": "No new orders",
    "CANCELLATIONS": "Cancellations in the last hour",
    "UNPAID_AFTER_A_DAY": "Unpaid after a day",
}
WATCHED = "What is watched, in the whole shop"
MOST_DAYS = 31
"""More days than these are put together in weeks on paper."""


def cards_table(cards: Cards, reader: Reader) -> pd.DataFrame:
    """Make a row for each card."""
    rows = [
        (
            label_of(STATUSES, card.status),
            reader.number(card.count),
            reader.number(card.entered),
            "–" if card.usual is None else f"{card.usual:g}",
            "–" if card.usual is None else difference(card.entered - card.usual),
        )
        for card in cards.items
    ]
    return pd.DataFrame(rows, columns=["Status", "In it now", "Came to it", "Usual", "Difference"])


def difference(by: float) -> str:
    """Write by how many there are more or fewer than usual."""
    return f"{by:+g}" if by else "0"


def came_words(cards: Cards, reader: Reader) -> str:
    """Say what the cards' changes compare."""
    if not cards.items:
        return ""
    day = reader.day(cards.items[0].last_day)
    return (
        f"How many are in each status now; and how many came to it on {day}, against the same weekday’s usual"
    )


def alarms_table(alarms: Alarms, reader: Reader) -> pd.DataFrame:
    """Make a row for each alarm, raised or not, with the time that it looks at by the reader's clock."""
    rows = [
        (
            alarm_name(each.alarm),
            "–" if each.from_ is None else reader.moment(each.from_),
            reader.moment(each.to),
            each.found,
            f"{each.usual:g}",
            "–" if each.limit is None else f"{each.limit} or more",
            each.words,
        )
        for each in alarms.items
    ]
    columns = ["Watched", "From", "To", "Found", "Usual", "Alarm at", "How it is counted"]
    return pd.DataFrame(rows, columns=columns)


def alarm_name(code: str) -> str:
    """Name what is watched."""
    return _ALARM_NAMES.get(code, code)


def days_by_status(rows: pd.DataFrame, span: tuple[date, date]) -> pd.DataFrame:
    """Turn rows by day and status into one a day, or one a week where the span is long, with its sum.

    A week that began before the span stands under the span's first day.
    """
    by_week = (span[1] - span[0]).days >= MOST_DAYS
    starts = rows["day"].map(partial(_week_from, first=span[0])) if by_week else rows["day"]
    wide = rows.assign(start=starts).pivot_table(
        index="start", columns="status", values="orders", aggfunc="sum", fill_value=0
    )
    known = [look.label for look in STATUSES.values() if look.label in wide]
    wide = wide[[*known, *(each for each in wide if each not in known)]]
    wide["All"] = wide.sum(axis=1)
    wide.columns.name = None
    return wide.rename_axis("Week from" if by_week else "Day").reset_index()


def _week_from(day: str, first: date) -> str:
    at = date.fromisoformat(day)
    return max(at - timedelta(days=at.weekday()), first).isoformat()
