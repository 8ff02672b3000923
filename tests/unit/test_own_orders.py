"""What the desk does itself with orders that it has read: filtering, searching, sorting, counting."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.orders_client import OrderListItem
from lib.ui.insights.figures import OwnFigures
from lib.ui.orders.sifting import search_words, shows, sift
from lib.ui.shared.read_ahead import ReadAhead

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def order(number: str, hours: float = 0, total: str | None = "10.00", **more: object) -> OrderListItem:
    given = {"status": "PENDING", "currency": "EUR", "shipping_country": "FR"} | more
    at = NOW - timedelta(hours=hours)
    return OrderListItem(order_number=number, created_at=at, grand_total=total and Decimal(total), **given)


def numbers(found: list[OrderListItem]) -> list[str]:
    return [each.order_number for each in found]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-createdAt", ["b", "c", "d", "a"]),
        ("createdAt", ["a", "d", "c", "b"]),
        ("-grandTotal", ["a", "b", "c", "d"]),
        ("grandTotal", ["b", "c", "a", "d"]),
        ("orderNumber", ["a", "b", "c", "d"]),
        ("-orderNumber", ["d", "c", "b", "a"]),
    ],
)
def test_orders_stand_as_they_are_sorted_what_is_not_given_last(sort: str, expected: list[str]) -> None:
    orders = [order("a", 4, "20.00"), order("b", 1), order("c", 2), order("d", 3, None)]
    assert numbers(sift(orders, {}, sort)) == expected


@pytest.mark.parametrize(
    "words",
    ["#1001", "muller", "MÜLLER koln", "ost\u2011strasse", "１００１", "germany 1001", "lodz"],
)
def test_words_are_found_without_case_accents_width_or_kind_of_dash(words: str) -> None:
    found = order(
        "1001", customer_name="Jörg Müller-Łódź", shipping_city="Köln, Ost-Strasse", shipping_country="DE"
    )
    assert numbers(sift([found, order("2002")], {"q": words}, "-createdAt")) == ["1001"]


@pytest.mark.parametrize(
    "search",
    ["obrien", "o'brien", "O’Brien,", '"Doe"', "aaberg", "Åberg", "soeren", "Søren", "order: ORD-1.", "(#1)"],
)
def test_an_order_shows_what_is_searched_for_however_it_is_written(search: str) -> None:
    shown = order("ORD-1", customer_name="Søren O'Brien Doe", shipping_city="Åberg")
    assert shows(shown, search_words(search))
    assert not shows(shown, search_words("SKU-7"))


def test_all_words_have_to_match() -> None:
    assert sift([order("1001", customer_name="Jane Doe")], {"q": "jane roe"}, "-createdAt") == []


@settings(deadline=None)  # two busy cores may be slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["PENDING", "SHIPPED", "ODD"]),
            st.sampled_from(["EUR", "JPY", None]),
            st.sampled_from(["FR", "DE", None]),
            st.integers(0, 400),
        ),
        max_size=30,
    )
)
def test_figures_of_orders_that_were_read_lose_and_invent_none(
    rows: list[tuple[str, str | None, str | None, int]],
) -> None:
    orders = tuple(
        order(str(n), hours, "1.50", status=status, currency=currency, shipping_country=country)
        for n, (status, currency, country, hours) in enumerate(rows)
    )
    own = OwnFigures(ReadAhead(orders, len(orders), True, NOW))
    statuses = Counter(row[0] for row in rows)
    assert {each.status: each.count for each in own.status_counts().items if each.count} == statuses
    days = own.daily(NOW - timedelta(days=60), NOW + timedelta(days=1), time_zone="Asia/Kathmandu")
    assert Counter({s: sum(d.count for d in days.items if d.status == s) for s in statuses}) == statuses
    assert sum(each.count for each in own.pending_age().items) == statuses["PENDING"]
    currencies = Counter(row[1] for row in rows if row[1])
    assert {each.currency: each.count for each in own.by_currency().items} == currencies
    assert all(each.total == Decimal("1.50") * each.count for each in own.by_currency().items)
    countries = Counter(row[2] for row in rows if row[2])
    assert {each.country: each.count for each in own.by_country().items} == countries
    french = own.status_counts(country=["FR"])
    assert sum(each.count for each in french.items) == countries["FR"]


def test_a_waiting_time_counts_the_orders_that_its_link_finds() -> None:
    orders = tuple(order(str(n), hours) for n, hours in enumerate((0, 0.5, 1, 3.99, 4, 23, 24, 71, 72, 999)))
    ages = OwnFigures(ReadAhead(orders, len(orders), True, NOW)).pending_age()
    assert [each.count for each in ages.items] == [2, 2, 2, 2, 1, 1]
    for each in ages.items:
        start, end = each.placed_within(ages.as_of)
        assert len(sift(orders, {"created_from": start, "created_to": end}, "-createdAt")) == each.count
