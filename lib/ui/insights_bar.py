"""Draws what the insights are narrowed to, each choice bound to the page's address; it calls no API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from lib.orders_client import Filters, Places
from lib.ui import filters as rules
from lib.ui.format import Reader, country
from lib.ui.order_links import OrderLinks
from lib.ui.session import (
    INSIGHTS_BAR,
    INSIGHTS_COUNTRY,
    INSIGHTS_CURRENCY,
    INSIGHTS_FROM,
    INSIGHTS_PRINT,
    INSIGHTS_RANGE,
    INSIGHTS_SHARE,
    INSIGHTS_TO,
)

OWN_DAYS = "Own days"
RANGES = {"7 days": 7, "28 days": 28, "90 days": 90}
LONGEST = 366
_PAPER_HELP = "Everything open, light and still, to be printed with Ctrl+P (⌘P on a Mac)"


@dataclass(frozen=True)
class Scope:
    """Which days, both included, by the reader's clock, and which countries and currencies."""

    first_day: date
    last_day: date
    countries: tuple[str, ...]
    currencies: tuple[str, ...]
    share: bool
    on_paper: bool = False

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.first_day, self.last_day

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last_day - self.first_day).days + 1

    @property
    def before(self) -> tuple[date, date]:
        """As many days right before these."""
        length = timedelta(days=self.days)
        return self.first_day - length, self.last_day - length

    @property
    def each_day(self) -> list[str]:
        """All of these days, as figures write them."""
        return [(self.first_day + timedelta(days=n)).isoformat() for n in range(self.days)]

    @property
    def places(self) -> Places:
        """Countries and currencies as the client takes them."""
        return Places(country=self.countries, currency=self.currencies)

    def orders(self, reader: Reader, days: tuple[date, date] | None = None) -> Filters:
        """Give the filters of the orders that were placed on these days, or on others."""
        start, end = self.times(reader, days)
        return Filters(created_from=start, created_to=end, country=self.countries, currency=self.currencies)

    @property
    def links(self) -> OrderLinks:
        """Addresses of the order list that keep to these countries and currencies."""
        return OrderLinks(self.countries, self.currencies)

    def with_places(self, words: str) -> str:
        """Add the countries and currencies, where only some are meant."""
        return " · ".join([words, *map(country, self.countries), *self.currencies])

    def times(self, reader: Reader, days: tuple[date, date] | None = None) -> tuple[datetime, datetime]:
        """Give the half-open range of time of these days, or of others."""
        first, last = days or (self.first_day, self.last_day)
        return reader.day_start(first), reader.day_start(last + timedelta(days=1))


def scope_bar(today: date) -> Scope:
    """Draw the choices and read them."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=INSIGHTS_BAR):
        chosen = st.segmented_control(
            "Days", [*RANGES, OWN_DAYS], default="28 days", key=INSIGHTS_RANGE, bind="query-params",
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        if chosen == OWN_DAYS:
            first = st.date_input("First day", value=today - timedelta(days=27), **_day(INSIGHTS_FROM, today))
            last = st.date_input("Last day", value=today, **_day(INSIGHTS_TO, today))
        else:
            first, last = today - timedelta(days=RANGES.get(chosen or "", 28) - 1), today
        countries = st.multiselect(
            "Countries", rules.country_codes(), format_func=country, key=INSIGHTS_COUNTRY,
            placeholder="Every country", label_visibility="collapsed", bind="query-params", width=220,
        )  # fmt: skip
        currencies = st.multiselect(
            "Currencies", rules.currency_codes(), key=INSIGHTS_CURRENCY, placeholder="Every currency",
            label_visibility="collapsed", bind="query-params", width=220,
        )  # fmt: skip
        share = st.toggle("As shares", key=INSIGHTS_SHARE, bind="query-params")
        on_paper = st.toggle("Print view", key=INSIGHTS_PRINT, bind="query-params", help=_PAPER_HELP)
    first, last = min(first, last), max(first, last)
    first = max(first, last - timedelta(days=LONGEST - 1))
    return Scope(first, last, tuple(countries), tuple(currencies), share, on_paper)


def _day(key: str, today: date) -> dict[str, Any]:
    bounds = {"min_value": rules.EARLIEST_DAY, "max_value": today + timedelta(days=1)}
    return {**bounds, "key": key, "bind": "query-params", "width": 140}
