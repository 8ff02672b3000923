"""The three calls for figures of the contract (section 4, Stats), against a recount in plain Python."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api import stats_model
from tests.api.shop import NOW, Shop
from tests.api.stats_model import (
    STATUSES,
    ZONES,
    figures,
    made_within,
    order_row,
    random_rows,
    recount,
    store,
    stored,
)

FROM, TO = datetime(2026, 10, 1, 0, 7, 33, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
DAILY = urlencode({"createdFrom": "2026-10-01T00:00:00Z", "createdTo": "2026-10-03T00:00:00Z"})


def ask(shop: Shop, call: str, **params: Any) -> dict[str, Any]:
    """Return what a call answers."""
    answer = shop.get(f"/v1/stats/{call}?{urlencode(params, doseq=True)}")
    assert answer.status == 200, answer.content
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
def counted(shop: Shop) -> Shop:
    """A store with some hundred orders."""
    if not shop.count("orders"):
        store(shop.api.database.engine, random_rows(random.Random(1), 400))
    return shop


FILTERS: list[tuple[dict[str, Any], Any]] = [
    ({}, lambda row: True),
    ({"status": ["PENDING", "SHIPPED"]}, lambda row: row["status"] in ("PENDING", "SHIPPED")),
    ({"paymentStatus": "PAID"}, lambda row: row["payment_status"] == "PAID"),
    ({"fulfillmentStatus": "FULFILLED"}, lambda row: row["fulfillment_status"] == "FULFILLED"),
    ({"country": ["fr", "DE"], "currency": "JPY"},
     lambda row: row["shipping_country"] in ("FR", "DE") and row["currency"] == "JPY"),
    ({"minTotal": "10", "maxTotal": "250"}, lambda row: 100_000 <= row["total_sort"] <= 2_500_000),
    ({"country": "FR", "maxTotal": "99.5"},
     lambda row: row["shipping_country"] == "FR" and row["total_sort"] <= 995_000),
    ({"q": "ann"}, lambda row: False),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "fits"), FILTERS)
def test_counts_and_sums_are_those_of_a_recount(counted: Shop, filters: dict[str, Any], fits: Any) -> None:
    rows = stored(counted.api.database.engine)
    answer = ask(counted, "status", **filters)
    assert [item["status"] for item in answer["items"]] == list(STATUSES)
    assert figures(answer) == recount(rows, None, fits)
    within = {"createdFrom": f"{FROM:%Y-%m-%dT%H:%M:%SZ}", "createdTo": f"{TO:%Y-%m-%dT%H:%M:%SZ}"}

    def in_range(row: dict[str, Any]) -> bool:
        return bool(fits(row)) and FROM <= row["created_at"] < TO

    assert figures(ask(counted, "status", **filters, **within)) == recount(rows, None, in_range)
    days = ask(counted, "daily", **filters, **within, timeZone="Europe/Berlin")
    assert figures(days) == recount(rows, "Europe/Berlin", in_range)


@pytest.mark.parametrize("zone", ZONES)
def test_days_are_those_of_the_zone_when_clocks_change_too(counted: Shop, zone: str) -> None:
    rows = stored(counted.api.database.engine)
    for start, end in (
        (datetime(2010, 11, 1, 5, 17, tzinfo=UTC), datetime(2010, 11, 12, tzinfo=UTC)),
        (datetime(2018, 10, 30, tzinfo=UTC), datetime(2018, 11, 8, tzinfo=UTC)),
        (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)),
    ):
        params = {"createdFrom": start.isoformat(), "createdTo": end.isoformat(), "timeZone": zone}
        answer = ask(counted, "daily", **params)
        in_range = made_within(start, end)
        counts = recount(rows, zone, in_range)
        assert figures(answer) == counts
        assert len(counts) > 10
        days = [item["date"] for item in answer["items"][:: len(STATUSES)]]
        assert days == sorted(set(days))
        assert [item["status"] for item in answer["items"]] == list(STATUSES) * len(days)


def test_a_search_is_counted_too(own_shop: Shop) -> None:
    own_shop.create(shippingAddress={**own_shop.create()["shippingAddress"], "lastName": "Quux"})
    assert sum(item["count"] for item in ask(own_shop, "status", q="quux")["items"]) == 1
    assert sum(item["count"] for item in ask(own_shop, "status", q=" ")["items"]) == 2


def test_pending_orders_are_in_the_bucket_of_their_age_to_the_second(own_shop: Shop) -> None:
    second = timedelta(seconds=1)
    chance = random.Random(2)
    ages = [-timedelta(minutes=4), *(timedelta(hours=hours) + by for hours in (1, 4, 24, 72, 168)
            for by in (-second, 0 * second))]  # fmt: skip
    rows = [order_row(chance, NOW - age, status="PENDING", shipping_country="FR") for age in ages]
    rows.append(order_row(chance, NOW - timedelta(hours=2), status="CONFIRMED"))
    store(own_shop.api.database.engine, rows)
    answer = ask(own_shop, "pending-age")
    assert [(item["from"], item["to"], item["count"]) for item in answer["items"]] == [
        (0, 1, 2), (1, 4, 2), (4, 24, 2), (24, 72, 2), (72, 168, 2), (168, None, 1)
    ]  # fmt: skip
    assert answer["asOf"] == "2026-11-23T08:15:00Z"
    assert sum(item["count"] for item in ask(own_shop, "pending-age", country="DE")["items"]) == 0


def test_a_sum_is_written_with_its_currencys_digits(own_shop: Shop) -> None:
    chance, at = random.Random(3), NOW - timedelta(days=1)
    for currency, digits in stats_model.DIGITS.items():
        row = order_row(chance, at, status="SHIPPED", currency=currency, currency_digits=digits)
        total = {"subtotal": 1250, "grand_total": 1250, "total_sort": 1250 * 10 ** (4 - digits)}
        store(own_shop.api.database.engine, [row | total])
    shipped = ask(own_shop, "status")["items"][3]
    assert shipped["totals"] == [
        {"currency": "EUR", "total": "12.50"},
        {"currency": "JPY", "total": "1250"},
        {"currency": "KWD", "total": "1.250"},
    ]


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ("daily", "createdFrom"),
        ("daily?createdFrom=2026-10-01T00:00:00Z", "createdTo"),
        ("daily?createdFrom=2026-10-01T00:00:00Z&createdTo=2056-10-03T00:00:00Z", "createdTo"),
        (f"daily?{DAILY}&timeZone=Europe/Atlantis", "timeZone"),
        (f"daily?{DAILY}&timeZone=../../etc/passwd", "timeZone"),
        (f"daily?{DAILY}&timeZone=", "timeZone"),
        (f"daily?{DAILY}&sort=createdAt", "sort"),
        ("status?timeZone=Mars/Olympus", "timeZone"),
        ("status?page=1", "page"),
        ("status?status=LOST", "status"),
        ("pending-age?bucket=1", "bucket"),
    ],
)
def test_what_can_not_be_right_is_refused_by_its_name(shop: Shop, target: str, field: str) -> None:
    answer = shop.get(f"/v1/stats/{target}")
    assert answer.code == "VALIDATION_FAILED"
    assert field in [error["field"] for error in answer.json["errors"]]


def test_a_range_that_is_empty_has_no_days(shop: Shop) -> None:
    swapped = urlencode({"createdFrom": "2026-10-03T00:00:00Z", "createdTo": "2026-10-01T00:00:00Z"})
    assert shop.get(f"/v1/stats/daily?{swapped}").json["items"] == []


@pytest.mark.parametrize("call", ["status", f"daily?{DAILY}", "pending-age"])
def test_figures_are_for_staff_of_every_role_alone(shop: Shop, call: str) -> None:
    target = f"/v1/stats/{call}"
    for role in ("support", "supervisor", "ops", "admin"):
        assert shop.get(target, shop.staff(role)).status == 200
    assert shop.get(target, shop.customer()).code == "FORBIDDEN"
    assert shop.call("GET", target).code == "UNAUTHENTICATED"
