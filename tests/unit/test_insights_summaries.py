"""What the insights put together for paper."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from lib.ui.insights_summaries import MOST_DAYS, days_by_status


def rows(days: int) -> pd.DataFrame:
    first = date(2026, 9, 2)  # a Wednesday
    made = [((first + timedelta(days=n)).isoformat(), status, n + 1)
            for n in range(days) for status in ("Refunded", "Pending")]  # fmt: skip
    return pd.DataFrame(made, columns=["day", "status", "orders"])


def test_few_days_have_a_row_each_with_a_column_for_each_status_and_their_sum() -> None:
    table = days_by_status(rows(2))
    assert table.values.tolist() == [["2026-09-02", 1, 1, 2], ["2026-09-03", 2, 2, 4]]
    assert list(table) == ["Day", "Pending", "Refunded", "All"]


def test_many_days_are_put_together_in_weeks_that_begin_on_mondays() -> None:
    many = rows(MOST_DAYS + 1)
    table = days_by_status(many)
    assert list(table["Week from"]) == ["2026-08-31", "2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28"]
    assert table["All"].sum() == many["orders"].sum()
