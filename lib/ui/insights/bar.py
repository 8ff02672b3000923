"""Draws what the insights are narrowed to, each choice bound to the page's address; it calls no API."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st

from lib.orders_client import Filters, Places
from lib.ui.insights import keys
from lib.ui.shared import choices
from lib.ui.shared.format import Reader, country
from lib.ui.shared.keys import INSIGHTS_HINT
from lib.ui.shared.left_out import note_left_out
from lib.ui.shared.order_links import OrderLinks

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

    def each_day(self, reader: Reader) -> dict[str, str]:
        """All of these days as figures write them, each with the reader's short words for it."""
        days = [self.first_day + timedelta(days=n) for n in range(self.days)]
        return {day.isoformat(): reader.short_day(day) for day in days}

    @property
    def places(self) -> Places:
        """Countries and currencies as the client takes them."""
        return Places(country=self.countries, currency=self.currencies)

    def orders(self, reader: Reader, days: tuple[date, date] | None = None) -> Filters:
        """Return the filters of the orders that were placed on these days, or on others."""
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
        """Return the half-open range of time of these days, or of others."""
        first, last = days or (self.first_day, self.last_day)
        return reader.day_start(first), reader.day_start(last + timedelta(days=1))


def check_address(today: date) -> None:
    """Note which choices of the address can't be made, before the widgets silently drop them."""
    switch = choices.one_of(("true", "false"))
    checks: dict[str, tuple[str, choices.Check]] = {
        keys.INSIGHTS_RANGE: ("days", choices.one_of([*RANGES, OWN_DAYS])),
        keys.INSIGHTS_COUNTRY: (
            "country",
            choices.one_of([country(code) for code in choices.country_codes()]),
        ),
        keys.INSIGHTS_CURRENCY: ("currency", choices.one_of(choices.currency_codes())),
        keys.INSIGHTS_SHARE: ("as shares", switch),
        keys.INSIGHTS_PRINT: ("print view", switch),
    }
    if st.query_params.get(keys.INSIGHTS_RANGE) == OWN_DAYS:
        day = partial(_is_day_until, _last_of(today))
        checks |= {keys.INSIGHTS_FROM: ("first day", day), keys.INSIGHTS_TO: ("last day", day)}
    note_left_out(INSIGHTS_HINT, checks)


def scope_bar(today: date, reader: Reader) -> Scope:
    """Draw the choices and read them."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=keys.INSIGHTS_BAR):
        chosen = st.segmented_control(
            "Days", [*RANGES, OWN_DAYS], default="28 days", label_visibility="collapsed", required=True,
            **_bound(keys.INSIGHTS_RANGE),
        )  # fmt: skip
        if chosen == OWN_DAYS:
            looks: dict[str, Any] = {"format": reader.day_pattern, "width": 140}
            looks |= {"min_value": choices.EARLIEST_DAY, "max_value": _last_of(today)}
            since = today - timedelta(days=27)
            first = st.date_input("First day", value=since, **looks, **_bound(keys.INSIGHTS_FROM))
            last = st.date_input("Last day", value=today, **looks, **_bound(keys.INSIGHTS_TO))
        else:
            first, last = today - timedelta(days=RANGES.get(chosen or "", 28) - 1), today
        countries = st.multiselect(
            "Countries", choices.country_codes(), format_func=country, placeholder="Every country",
            label_visibility="collapsed", select_all=False, width=220, **_bound(keys.INSIGHTS_COUNTRY),
        )  # fmt: skip
        currencies = st.multiselect(
            "Currencies", choices.currency_codes(), placeholder="Every currency",
            label_visibility="collapsed", select_all=False, width=220, **_bound(keys.INSIGHTS_CURRENCY),
        )  # fmt: skip
        share = st.toggle("As shares", **_bound(keys.INSIGHTS_SHARE))
        on_paper = st.toggle("Print view", help=_PAPER_HELP, **_bound(keys.INSIGHTS_PRINT))
    first, last = min(first, last), max(first, last)
    if (last - first).days >= LONGEST:
        st.caption(f"At most {LONGEST} days at once: the last ones are shown.")
        first = last - timedelta(days=LONGEST - 1)
    return Scope(first, last, tuple(countries), tuple(currencies), share, on_paper)


def _bound(key: str) -> dict[str, Any]:
    return {"key": key, "bind": "query-params", "on_change": _forget_hint}


def _last_of(today: date) -> date:
    return today + timedelta(days=1)


def _forget_hint() -> None:
    st.session_state.pop(INSIGHTS_HINT, None)


def _is_day_until(latest: date, text: str) -> bool:
    return choices.is_day(text) and date.fromisoformat(text) <= latest
