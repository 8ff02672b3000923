"""The tables that compare with the days before: nobody who had orders on either side is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import altair as alt
import pandas as pd
import pytest

from lib.orders_client import CurrencyTotal
from lib.orders_client.insights import CountryCount, CountryCounts, CurrencyCount, CurrencyCounts
from lib.ui.format import reader_of
from lib.ui.insights_shapes import Part, Shaped
from lib.ui.insights_tables import countries_table, currencies_table
from lib.ui.order_links import OrderLinks

AT = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = (date(2026, 11, 1), date(2026, 11, 23))
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
        currencies(EUR="5.00", USD="7.00"), currencies(JPY="900", USD="8.50"), OrderLinks(), DAYS, READER
    )
    assert shaped.rows.values.tolist() == [
        ["EUR", 2, "€5.00", "€0.00"],
        ["JPY", 0, "¥0", "¥900"],
        ["USD", 2, "$7.00", "$8.50"],
    ]
    assert [dict(link or ())["orders_currency"] for link in shaped.links] == ["EUR", "JPY", "USD"]


def test_a_country_has_its_row_if_either_days_had_orders_from_it() -> None:
    shaped = countries_table(countries(IT=3, DE=1), countries(FR=4, DE=2), OrderLinks(), DAYS, READER)
    assert shaped.rows.values.tolist() == [
        ["Italy", 3, 0, "€9.00"],
        ["Germany", 1, 2, "€9.00"],
        ["France", 0, 4, "–"],
    ]
    assert [dict(link or ())["orders_country"] for link in shaped.links] == ["Italy", "Germany", "France"]


@pytest.mark.parametrize(("orders", "before", "empty"), [(0, 0, True), (0, 3, False), (3, 0, False)])
def test_a_chart_has_something_to_show_if_either_days_have(orders: int, before: int, empty: bool) -> None:
    rows = pd.DataFrame([("Fraud", orders, before)], columns=["name", "orders", "before"])
    part = Part("key", "Title", Shaped(rows, (None,)), {"name": "Title"}, chart=alt.Chart(rows))
    assert part.is_empty is empty
