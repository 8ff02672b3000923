"""The order list's filters in the API's terms and in words, and addresses checked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from string import ascii_uppercase
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from lib.orders_api.domain.wire import Country, CurrencyCode
from lib.ui.orders.filters import VIEWS, OrderFilters, amount_of, view_of
from lib.ui.shared.choices import complaints, country_codes, currency_codes, is_amount, is_day
from lib.ui.shared.format import country, reader_of
from lib.ui.shared.order_input import LONGEST_SEARCH, search_terms
from lib.ui.shared.paging import is_page

BERLIN = reader_of("en-GB", "Europe/Berlin")


def test_no_filters_ask_for_nothing() -> None:
    assert OrderFilters().query(BERLIN) == {}
    assert OrderFilters().in_words(BERLIN) == []


def test_chosen_days_are_whole_days_of_the_reader_half_open() -> None:
    asked = OrderFilters(first_day=date(2026, 3, 29), last_day=date(2026, 3, 29)).query(BERLIN)
    assert asked == {
        "created_from": datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
        "created_to": datetime(2026, 3, 29, 22, 0, tzinfo=UTC),  # a night of daylight saving: 23 hours
    }


def test_everything_is_passed_on() -> None:
    filters = OrderFilters(
        ("PENDING", "SHIPPED"), ("PAID",), ("FULFILLED",), ("DE",), ("EUR",), min_total=Decimal("0"),
        max_total=Decimal("9.5"),
    )  # fmt: skip
    assert filters.query(BERLIN) == {
        "status": ["PENDING", "SHIPPED"],
        "payment_status": ["PAID"],
        "fulfillment_status": ["FULFILLED"],
        "country": ["DE"],
        "currency": ["EUR"],
        "min_total": Decimal("0"),
        "max_total": Decimal("9.5"),
    }
    assert filters.in_words(BERLIN) == [
        "Pending", "Shipped", "Paid", "Fulfilled", "Germany", "EUR", "at least 0", "at most 9.5",
    ]  # fmt: skip


def test_over_a_day_in_their_status_is_counted_from_now() -> None:
    now = datetime(2026, 11, 28, 4, 30, 59, tzinfo=UTC)
    waiting = OrderFilters(("PENDING",), waiting="24 h")
    assert waiting.query(BERLIN, now)["status_to"] == datetime(2026, 11, 27, 4, 30, tzinfo=UTC)
    assert waiting.in_words(BERLIN) == ["Pending", "in their status for over 24 h"]


def test_what_can_match_nothing_says_why() -> None:
    assert OrderFilters(first_day=date(2026, 5, 2), last_day=date(2026, 5, 1)).contradiction()
    assert OrderFilters(min_total=Decimal(2), max_total=Decimal(1)).contradiction()
    assert OrderFilters(first_day=date(2026, 5, 1), last_day=date(2026, 5, 1)).contradiction() is None


def test_a_quick_view_is_recognised_by_its_filters() -> None:
    assert [view_of(filters) for filters in VIEWS.values()] == list(VIEWS)
    assert view_of(OrderFilters(statuses=("PENDING",), countries=("DE",))) is None


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        (None, None),
        ("  ", None),
        ("\u200b\n", None),
        ("  ORD-2026-0042\t", "ORD-2026-0042"),
        ("Jane\n Doe", "Jane Doe"),
        ("#1001", "#1001"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        (
            "<https://x.example/track/0B9E6F0C-7A52-4D43-9C39-5F0D1C2AB7DE>",
            "0b9e6f0c-7a52-4d43-9c39-5f0d1c2ab7de",
        ),
        ("x" * 500, "x" * LONGEST_SEARCH),
    ],
)
def test_what_is_pasted_becomes_a_search(typed: str | None, sought: str | None) -> None:
    assert search_terms(typed) == sought


def test_amounts_are_exact() -> None:
    assert amount_of(0.1) == Decimal("0.1")
    assert amount_of(None) is None


def test_an_address_is_complained_about_by_name_only() -> None:
    checks = {"a": ("first", is_day), "b": ("second", is_amount), "c": ("third", is_page)}
    assert complaints({"a": ["2026-05-01"], "b": ["x"], "c": ["0"], "d": ["?"]}, checks) == [
        "second",
        "third",
    ]
    assert complaints({"a": [""]}, checks) == []


@pytest.mark.parametrize("text", ["2026-13-01", "20260501", "1999-12-31", "2100-01-01", "x", "2026-5-1"])
def test_what_is_no_day_that_can_be_chosen(text: str) -> None:
    assert not is_day(text)


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e13", "x", ""])
def test_what_is_no_amount(text: str) -> None:
    assert not is_amount(text)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "", "²", "9" * 5_000, "0" * 9])
def test_what_is_no_page(text: str) -> None:
    assert not is_page(text)


def test_countries_and_currencies_are_known_once_each() -> None:
    names = [country(code) for code in country_codes()]
    assert len(set(names)) == len(names) > 200
    assert {"EUR", "USD", "JPY", "KWD"} <= set(currency_codes())
    assert "DEM" not in currency_codes()


def accepted(wire_type: Any, letters: int) -> set[str]:
    """Return every code of so many letters that one of the API's field types takes."""
    adapter = TypeAdapter(wire_type)

    def is_accepted(code: str) -> bool:
        try:
            return bool(adapter.validate_python(code))
        except ValidationError:
            return False

    return set(filter(is_accepted, map("".join, product(ascii_uppercase, repeat=letters))))


def test_every_country_and_currency_that_the_api_accepts_can_be_chosen() -> None:
    countries, currencies = accepted(Country, 2), accepted(CurrencyCode, 3)
    assert {"XK", "DE"} < countries <= set(country_codes())
    assert {"SVC", "EUR"} < currencies <= set(currency_codes())


def test_every_country_has_a_name() -> None:
    assert [code for code in country_codes() if country(code) == code] == []
    assert country("XK") == "Kosovo"
