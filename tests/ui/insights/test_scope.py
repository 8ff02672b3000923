"""Days, countries and currencies narrow the insights, by choice or by address, and the days before too."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from lib.ui.insights.keys import (
    INSIGHTS_COUNTRY,
    INSIGHTS_CURRENCY,
    INSIGHTS_DAILY,
    INSIGHTS_LINKS,
    INSIGHTS_RANGE,
    INSIGHTS_SHARE,
)
from tests.ui.insights.page import INSIGHTS, RARE, own_days
from tests.ui.order_desk import Desk, words

COMPARED = {
    "Country": ("Orders", "Period before"),
    "Currency": ("Value", "Period before"),
    "Cancelled on these days, by reason": ("Orders", "Period before"),
    "To": ("Orders", "Period before"),
}
"""The tables with a period before, by the column of their rows' names: their numbers now and then."""


def compared(tab: AppTest) -> dict[str, Any]:
    """Return the tables that are compared, each by its rows' names, and how many orders were placed."""
    assert not tab.exception
    found: dict[str, Any] = {}
    for frame in (each.value for each in tab.dataframe if "Period before" in each.value):
        name = next(name for name in COMPARED if name in frame)
        found[name] = frame.set_index(["From", "To"] if name == "To" else name)
    numbers = re.search(r"([\d,]+) placed from .*?; ([\d,]+) in the \d+ days before", words(tab))
    assert numbers
    return found | {"placed": numbers.groups()}


def beyond_zero(numbers: pd.Series) -> dict[Any, Any]:
    """Leave out the rows that are there for their number on the other days."""
    return {row: number for row, number in numbers.items() if re.search("[1-9]", str(number))}


def test_what_the_address_can_not_choose_is_left_out_and_said_so_until_something_is_chosen(
    desk: Desk,
) -> None:
    wrong: dict[str, Any] = {
        INSIGHTS_RANGE: "a fortnight",
        INSIGHTS_COUNTRY: ["Germany", "Atlantis"],
        INSIGHTS_CURRENCY: "XXX",
        INSIGHTS_SHARE: "perhaps",
    }
    tab = desk.tab(INSIGHTS, **wrong)
    assert "left out: days, country, currency, as shares" in words(tab)
    tab.toggle(key=INSIGHTS_SHARE).set_value(True).run()
    assert "left out" not in words(tab)
    assert "left out: last day." in words(desk.tab(INSIGHTS, **own_days(40, -2)))
    assert "left out" not in words(desk.tab(INSIGHTS, **own_days(40, -1), **{INSIGHTS_COUNTRY: "Germany"}))


def test_more_days_than_are_shown_at_once_are_said_to_be_too_many(desk: Desk) -> None:
    assert "At most 366 days" in words(desk.tab(INSIGHTS, **own_days(366, 0)))
    assert "At most" not in words(desk.tab(INSIGHTS, **own_days(365, 0)))


def test_the_period_before_has_the_numbers_of_these_days_when_they_are_chosen(desk: Desk) -> None:
    later, earlier = (compared(desk.tab(INSIGHTS, **own_days(last + 89, last))) for last in (1, 91))
    placed, before = later.pop("placed")
    assert placed != before
    assert before == earlier.pop("placed")[0]
    for name, (now, then) in COMPARED.items():
        was, is_now = later[name][then], earlier[name][now]
        assert beyond_zero(was) == beyond_zero(is_now), name
        assert was.to_dict() != later[name][now].to_dict(), name


def test_days_and_countries_narrow_what_is_asked_for(desk: Desk) -> None:
    today = datetime.now(UTC).date()
    tab = desk.tab(INSIGHTS, **own_days(40, 31), **{INSIGHTS_COUNTRY: "Germany"})
    assert not tab.exception
    links = tab.session_state[INSIGHTS_LINKS]
    days = {day for day, _ in links[INSIGHTS_DAILY]}
    assert days
    assert all(f"{today - timedelta(days=40)}" <= day <= f"{today - timedelta(days=31)}" for day in days)
    assert all(("orders_country", "Germany") in link for link in links[INSIGHTS_DAILY].values())
    assert "in the 10 days before" in words(tab)


def test_kosovo_and_currencies_that_are_rare_can_be_chosen_too(desk: Desk) -> None:
    for key, name in ((INSIGHTS_COUNTRY, "Kosovo"), (INSIGHTS_CURRENCY, "SVC")):
        tab = desk.tab(INSIGHTS, **{key: name})
        assert "left out" not in words(tab)
        assert compared(tab)["placed"][0] == str(RARE), name
