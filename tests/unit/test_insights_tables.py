"""The tables of the insights: nobody who had orders on either side is left out, and where cells lead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import altair as alt
import pandas as pd
import pytest

from lib.orders_client import CurrencyTotal
from lib.orders_client.insights import (
    CountryCount,
    CountryCounts,
    CurrencyCount,
    CurrencyCounts,
    Flow,
    StatusChangeCount,
    StatusTime,
    StatusTimes,
)
from lib.ui.insights.shapes import Part, Shaped
from lib.ui.insights.tables import countries_table, currencies_table, flow_table, stuck_table
from lib.ui.shared.format import reader_of
from lib.ui.shared.order_links import OrderLinks

AT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
SPANS = (date(2026, 11, 1), date(2026, 11, 23)), (date(2026, 10, 9), date(2026, 10, 31))
READER = reader_of("en-US", "UTC")


def currencies(**totals: str) -> CurrencyCounts:
    items = [CurrencyCount(currency=code, count=2, total=Decimal(total)) for code, total in totals.items()]
    return CurrencyCounts(items=tuple(items), as_of=AT)


def countries(**counts: int) -> CountryCounts:
    totals = (CurrencyTotal(currency="EUR", total=Decimal("9.00")),)
    items = [CountryCount(country=code, count=count, totals=totals) for code, count in counts.items()]
    return CountryCounts(items=tuple(items), as_of=AT)


def test_a_currency_has_its_row_if_either_days_had_orders_in_it() -> None:
    shaped = currencies_table(
        currencies(EUR="5.00", USD="7.00"), currencies(JPY="900", USD="8.50"), OrderLinks(), SPANS, READER
    )
    assert shaped.rows.values.tolist() == [
        ["EUR", 2, "€5.00", "€0.00"],
        ["JPY", 0, "¥0", "¥900"],
        ["USD", 2, "$7.00", "$8.50"],
    ]
    assert [dict(link or ())["orders_currency"] for link in shaped.links] == ["EUR", "JPY", "USD"]


def test_a_country_has_its_row_if_either_days_had_orders_from_it() -> None:
    shaped = countries_table(countries(IT=3, DE=1), countries(FR=4, DE=2), OrderLinks(), SPANS, READER)
    assert shaped.rows.values.tolist() == [
        ["Italy", 3, 0, "€9.00"],
        ["Germany", 1, 2, "€9.00"],
        ["France", 0, 4, "–"],
    ]
    assert [dict(link or ())["orders_country"] for link in shaped.links] == ["Italy", "Germany", "France"]


def test_the_cell_of_the_days_before_leads_to_those_days_and_the_rest_of_its_row_to_these() -> None:
    shaped = countries_table(countries(IT=3), countries(IT=4), OrderLinks(), SPANS, READER)
    marks = shaped.marks([(0,)], {"before": "Period before"})
    assert [dict(marks[mark] or ())["orders_from"] for mark in ((0,), (0, "Period before"))] == [
        "2026-11-01",
        "2026-10-09",
    ]


def test_a_change_of_status_leads_to_the_orders_that_made_it() -> None:
    steps = [
        StatusChangeCount(date=SPANS[0][0], from_=None, to="PENDING", count=2),
        StatusChangeCount(date=SPANS[0][1], from_="PENDING", to="CANCELLED", count=1),
    ]
    now, then = Flow(items=tuple(steps), as_of=AT), Flow(items=(), as_of=AT)
    shaped = flow_table(now, then, OrderLinks(), (AT, AT + DAY), (AT - DAY, AT))
    assert shaped.rows.values.tolist() == [["Placed", "Pending", 2, 0], ["Pending", "Cancelled", 1, 0]]
    made, cancelled = (dict(link or ()) for link in shaped.links)
    assert (made["orders_change_from"], made["orders_change_to"]) == ("NEW", "PENDING")
    assert (cancelled["orders_change_from"], cancelled["orders_change_to"]) == ("PENDING", "CANCELLED")
    assert cancelled["orders_changed_since"] == "2026-11-23T00:00:00Z"
    assert dict(shaped.cells["before"][1] or ())["orders_changed_since"] == "2026-11-22T00:00:00Z"


def test_a_status_that_no_stay_left_has_no_number_of_stuck_orders_and_leads_nowhere() -> None:
    known = StatusTime(status="PENDING", ended=3, stuck=0, stuck_before=AT)
    unknown = StatusTime(status="SHIPPED", ended=0, stuck=0)
    shaped = stuck_table(StatusTimes(items=(known, unknown), since=AT, as_of=AT), OrderLinks())
    assert shaped.rows["orders"].isna().tolist() == [False, True]
    assert [link is None for link in shaped.links] == [False, True]


@pytest.mark.parametrize(("orders", "before", "empty"), [(0, 0, True), (0, 3, False), (3, 0, False)])
def test_a_chart_has_something_to_show_if_either_days_have(orders: int, before: int, empty: bool) -> None:
    rows = pd.DataFrame([("Fraud", orders, before)], columns=["name", "orders", "before"])
    part = Part("key", "Title", Shaped(rows, (None,)), {"name": "Title"}, chart=alt.Chart(rows))
    assert part.is_empty is empty
