"""Puts rows by day and status together as paper wants them: one a day, or one a week; pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pandas as pd

from lib.ui.shared.statuses import STATUSES

MOST_DAYS = 31
"""More days than these are put together in weeks."""


def days_by_status(rows: pd.DataFrame, span: tuple[date, date]) -> pd.DataFrame:
    """Turn rows by day and status into one a day, or one a week where the span is long, with its sum.

    A week that began before the span stands under the span's first day.
    """
    by_week = (span[1] - span[0]).days >= MOST_DAYS
    days = rows["day"].map(date.fromisoformat)
    starts = days.map(partial(_week_from, first=span[0])) if by_week else days
    wide = rows.assign(start=starts).pivot_table(
        index="start", columns="status", values="orders", aggfunc="sum", fill_value=0
    )
    known = [look.label for look in STATUSES.values() if look.label in wide]
    wide = wide[[*known, *(each for each in wide if each not in known)]]
    wide["All"] = wide.sum(axis=1)
    wide.columns.name = None
    return wide.rename_axis("Week from" if by_week else "Day").reset_index()


def _week_from(day: date, first: date) -> date:
    return max(day - timedelta(days=day.weekday()), first)
