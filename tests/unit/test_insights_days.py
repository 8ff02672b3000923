"""What the insights put together by days and weeks for paper."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from lib.ui.insights.shapes import MOST_DAYS, days_by_status

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
    assert table.values.tolist() == [[FIRST, 1, 1, 2], [FIRST + timedelta(days=1), 2, 2, 4]]
    assert list(table) == ["Day", "Pending", "Refunded", "All"]


def test_many_days_are_put_together_in_weeks_that_begin_on_mondays_or_where_the_span_does() -> None:
    many = rows(MOST_DAYS + 1)
    table = days_by_status(many, span(MOST_DAYS + 1))
    assert [day.day for day in table["Week from"]] == [2, 7, 14, 21, 28]
    assert table["All"].sum() == many["orders"].sum()


def test_a_long_span_is_put_together_in_weeks_though_few_of_its_days_have_orders() -> None:
    table = days_by_status(rows(2), span(MOST_DAYS + 1))
    assert table.values.tolist() == [[FIRST, 3, 3, 6]]
