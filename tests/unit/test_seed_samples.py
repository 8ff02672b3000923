"""What sample orders look like: people, places, prices, times; without any store."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pycountry
import pytest

from lib.orders_api.domain.money import currency_digits
from lib.orders_api.seeding.arrivals import SPAN, Arrivals
from lib.orders_api.seeding.catalogue import PRODUCTS, price
from lib.orders_api.seeding.countries import COUNTRIES
from lib.orders_api.seeding.places import CITIES, STREETS
from lib.orders_api.seeding.samples import Samples
from lib.orders_api.store.bulk import OrderRows

UNTIL = datetime(2026, 11, 23, 8, tzinfo=UTC)
COUNT = 3000


@pytest.fixture(scope="module")
def samples() -> list[OrderRows]:
    made = Samples(3, COUNT, UNTIL)
    return [made.make(made.arrival(number)) for number in range(COUNT)]


def test_every_email_is_at_a_domain_reserved_for_examples(samples: list[OrderRows]) -> None:
    domains = {sample.order["email"].rpartition("@")[2] for sample in samples}
    assert len(domains) > 4
    assert all(re.fullmatch(r"example\.(com|org|net)|[a-z]+\.example", domain) for domain in domains)
    assert all(sample.order["email"].isascii() for sample in samples)


def test_the_sums_add_up_in_every_currency(samples: list[OrderRows]) -> None:
    for sample in samples:
        order = sample.order
        assert 1 <= len(sample.items) <= 8
        assert order["subtotal"] == sum(item["unit_price"] * item["quantity"] for item in sample.items)
        added = 0 if order["tax_included"] else order["tax_total"]
        expected = order["subtotal"] - order["discount_total"] + order["shipping_total"] + added
        assert order["grand_total"] == expected
        assert order["currency_digits"] == currency_digits(order["currency"])
    assert {sample.order["currency_digits"] for sample in samples} == {0, 2, 3}


def test_every_product_has_a_price_that_looks_right_in_every_currency() -> None:
    for country in COUNTRIES:
        prices = [price(product, country.currency) for product in PRODUCTS]
        assert min(prices) > 0
        assert len({amount % 50 for amount in prices}) == 1


def test_every_country_is_one_and_has_its_places_and_streets() -> None:
    assert {country.code for country in COUNTRIES} == CITIES.keys() == STREETS.keys()
    assert all(pycountry.countries.get(alpha_2=country.code) for country in COUNTRIES)


def test_money_and_phone_fit_the_country(samples: list[OrderRows]) -> None:
    by_code = {country.code: country for country in COUNTRIES}
    for sample in samples:
        country = by_code[sample.order["shipping_country"]]
        assert sample.order["currency"] == country.currency
        prefix = country.phones[0].split()[0]
        assert sample.order["phone"] is None or sample.order["phone"].startswith(prefix)
        assert {address["country"] for address in sample.addresses} == {country.code}


def test_statuses_fit_their_age(samples: list[OrderRows]) -> None:
    old = Counter(s.order["status"] for s in samples if s.order["created_at"] < UNTIL - timedelta(days=60))
    new = Counter(s.order["status"] for s in samples if s.order["created_at"] > UNTIL - timedelta(days=2))
    assert old["DELIVERED"] > 0.8 * old.total()
    assert old["PENDING"] < 0.02 * old.total()
    assert new["PENDING"] > 0.2 * new.total()
    assert new["DELIVERED"] < 0.1 * new.total()
    assert {s.order["status"] for s in samples} == {
        "PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED",
    }  # fmt: skip


def test_reasons_parcels_and_statuses_go_together(samples: list[OrderRows]) -> None:
    for order in (sample.order for sample in samples):
        assert (order["cancel_reason"] is not None) == (order["status"] == "CANCELLED")
        assert (order["carrier"] is None) == (order["tracking_number"] is None)
        if order["status"] in ("SHIPPED", "DELIVERED"):
            assert order["carrier"] is not None
        if order["status"] in ("PENDING", "CONFIRMED", "CANCELLED"):
            assert order["carrier"] is None
        assert order["created_at"] <= order["updated_at"] <= UNTIL


def test_some_customers_come_back_often_and_some_are_guests(samples: list[OrderRows]) -> None:
    by_customer = Counter(sample.order["customer_id"] for sample in samples)
    assert 0.25 < by_customer.pop(None) / COUNT < 0.45
    assert by_customer.most_common(1)[0][1] > 20
    identities = {(s.order["customer_id"], s.order["email"]) for s in samples if s.order["customer_id"]}
    assert len(identities) == len(by_customer)


def test_numbers_rise_with_time_and_count_by_year(samples: list[OrderRows]) -> None:
    times = [sample.order["created_at"] for sample in samples]
    assert times == sorted(times)
    assert times[0] == UNTIL - SPAN
    assert times[-1] < UNTIL
    counters: Counter[int] = Counter()
    for sample in samples:
        counters[sample.order["created_at"].year] += 1
        year = sample.order["created_at"].year
        assert sample.order["order_number"] == f"ORD-{year}-{counters[year]:04d}"


def test_no_two_orders_share_a_token(samples: list[OrderRows]) -> None:
    assert len({sample.order["tracking_token"] for sample in samples}) == COUNT


@pytest.mark.parametrize("count", [1, 2, 50])
def test_few_orders_arrive_in_the_span_too(count: int) -> None:
    arrivals = Arrivals(UNTIL, count)
    times = [arrivals.at(number, 0.999999) for number in range(count)]
    assert times == sorted(times)
    assert UNTIL - SPAN <= times[0] <= times[-1] < UNTIL


def test_evenings_november_and_mondays_are_busier(samples: list[OrderRows]) -> None:
    times = [sample.order["created_at"] for sample in samples]
    assert sum(at.hour == 20 for at in times) > 4 * sum(at.hour == 3 for at in times)
    assert sum(at.month == 11 for at in times) > 1.2 * sum(at.month == 7 for at in times)
    assert sum(at.weekday() == 0 for at in times) > sum(at.weekday() == 5 for at in times)
