"""What the insights put together for paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd

from lib.orders_client.insights import Alarm, Alarms
from lib.ui.format import reader_of
from lib.ui.insights_summaries import MOST_DAYS, alarms_table, days_by_status

FIRST = date(2026, 9, 2)
"""A Wednesday."""


def rows(days: int) -> pd.DataFrame:
    made = [((FIRST + timedelta(days=n)).isoformat(), status, n + 1)
            for n in range(days) for status in ("Refunded", "Pending")]  # fmt: skip
    return pd.DataFrame(made, columns=["day", "status", "orders"])


def span(days: int) -> tuple[date, date]:
    return FIRST, FIRST + timedelta(days=days - 1)


def test_few_days_have_a_row_each_with_a_column_for_each_status_and_their_sum() -> None:
    table = days_by_status(rows(2), span(MOST_DAYS))
    assert table.values.tolist() == [["2026-09-02", 1, 1, 2], ["2026-09-03", 2, 2, 4]]
    assert list(table) == ["Day", "Pending", "Refunded", "All"]


def test_many_days_are_put_together_in_weeks_that_begin_on_mondays_or_where_the_span_does() -> None:
    many = rows(MOST_DAYS + 1)
    table = days_by_status(many, span(MOST_DAYS + 1))
    assert list(table["Week from"]) == ["2026-09-02", "2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28"]
    assert table["All"].sum() == many["orders"].sum()


def test_a_long_span_is_put_together_in_weeks_though_few_of_its_days_have_orders() -> None:
    table = days_by_status(rows(2), span(MOST_DAYS + 1))
    assert table.values.tolist() == [["2026-09-02", 3, 3, 6]]


def test_what_is_watched_says_from_when_to_when_by_the_readers_clock() -> None:
    start, end = (datetime(2026, 9, 2, hour, 30, tzinfo=UTC) for hour in (7, 9))
    quiet = Alarm(
        alarm="NO_NEW_ORDERS", raised=True, found=0, usual=7.5, from_=start, to=end, words="No order."
    )
    table = alarms_table(Alarms(items=(quiet,), as_of=end), reader_of("en-GB", "Europe/Rome"))
    (row,) = table.to_dict("records")
    assert (row["From"], row["To"]) == ("2 Sept 2026, 09:30", "2 Sept 2026, 11:30")
