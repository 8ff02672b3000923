"""Searches by words that few orders and that most orders share, and the bounds of what one may cost."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, text

from lib.orders_api.domain.errors import StoreUnavailableError
from lib.orders_api.orders import listing
from lib.orders_api.store import search_turns
from lib.orders_api.store.tables.orders import Order, OrderText
from tests.api.shop import NOW, Shop
from tests.api.stats_model import order_row, store


def store_texts(shop: Shop, rows: list[dict[str, Any]], texts: list[str]) -> None:
    """Put orders with these search texts into the store."""
    store(shop.api.database.engine, rows)
    with shop.api.database.writing() as session:
        ids = {number: key for number, key in session.execute(select(Order.order_number, Order.id))}
        session.add_all(
            OrderText(order_id=ids[row["order_number"]], shown=each, contact=" ")
            for row, each in zip(rows, texts, strict=True)
        )


def found(shop: Shop, q: str) -> set[str]:
    query = urlencode({"q": q, "limit": 200})
    body = shop.get(f"/v1/orders?{query}", shop.staff("support")).json
    assert body["total"] == len(body["items"])
    return {item["orderNumber"] for item in body["items"]}


@pytest.fixture(params=[None, 1], ids=["few", "many"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ways that a list is found by: those for few orders, then those for a great many."""
    if request.param is not None:
        monkeypatch.setattr(listing, "FEW", request.param)
        monkeypatch.setattr(listing, "COMMON", request.param)


@pytest.mark.usefixtures("ways")
def test_a_pair_is_found_wherever_it_stands(own_shop: Shop) -> None:
    texts = (
        "*_ first",
        "in a*_middle",
        "a\n*_line",
        "at its end*_",
        "*_*_",
        "*x_",
        "a_*",
        "",
        "*",
        "_",
        "*_",
    )
    rows = [order_row(random.Random(1), NOW, order_number=f"n {each}") for each in texts]
    store_texts(own_shop, rows, list(texts))
    assert found(own_shop, "*_") == {f"n {each}" for each in texts if "*_" in each}
    assert found(own_shop, "*z") == set()


@pytest.mark.usefixtures("ways")
def test_a_common_word_that_is_a_phones_end_and_an_article_too_finds_all_of_them(own_shop: Shop) -> None:
    numbers = {
        own_shop.create(orderNumber=f"X-2026-{at}", phone=None, email=f"{at}@a.example")["orderNumber"]
        for at in range(40)
    }
    assert found(own_shop, "2026") == numbers
    numbers |= {
        own_shop.create(orderNumber="BY-PHONE", phone="+33 4 72 00 20 26")["orderNumber"],
        own_shop.create(orderNumber="BY-SKU", phone=None, items=[
            {"sku": "2026", "name": "Calendar", "quantity": 1, "unitPrice": "5.00"}
        ])["orderNumber"],
        own_shop.create(orderNumber="BOTH-2026", phone="+33 4 72 00 20 26")["orderNumber"],
    }  # fmt: skip
    assert found(own_shop, "2026") == numbers
    first = own_shop.get("/v1/orders?q=2026&limit=2", own_shop.staff("support")).json
    assert first["total"] == len(numbers)


@pytest.mark.usefixtures("ways")
def test_orders_that_lie_together_are_found_from_both_ends(own_shop: Shop) -> None:
    chance = random.Random(4)
    for year in (2024, 2025, 2026):
        rows = [
            order_row(
                chance,
                datetime(year, 3, 1, tzinfo=UTC) + timedelta(hours=at),
                order_number=f"{year}-{at:02d}",
                order_number_key=f"{year}-{at:02d}",
                email_key=f"{year}-{at}@example.com",
            )
            for at in range(60)
        ]
        store_texts(own_shop, rows, [f"x-{year}-{at}" for at in range(60)])
    years = {"x-2024": [2024], "-2025-": [2025], "x-2026": [2026], "x-202": [2024, 2025, 2026]}
    for q, wanted_years in years.items():
        wanted = [f"{year}-{at:02d}" for year in wanted_years for at in range(60)]
        for sort, numbers in (("createdAt", wanted), ("-createdAt", wanted[::-1])):
            for page in (1, 3, len(wanted) // 5):
                query = urlencode({"q": q, "sort": sort, "page": page, "limit": 5})
                body = own_shop.get(f"/v1/orders?{query}", own_shop.staff("support")).json
                assert body["total"] == len(wanted)
                got = [item["orderNumber"] for item in body["items"]]
                assert got == numbers[(page - 1) * 5 : page * 5]


def test_one_customers_search_counts_none_but_their_own(own_shop: Shop) -> None:
    mine = own_shop.create(customerId="c-1")["orderNumber"]
    own_shop.create(customerId="c-2")
    answer = own_shop.get("/v1/orders?q=t-", own_shop.customer("c-1")).json
    assert (answer["total"], [item["orderNumber"] for item in answer["items"]]) == (1, [mine])


@pytest.mark.parametrize(
    "q", [" ".join("abcdefghijklmnop"), "1 2 3 4 5 6 7 8 9 10 11 12 13", "-".join("abcdefghijklmnop")]
)
def test_more_words_than_anybody_looks_for_are_refused(shop: Shop, q: str) -> None:
    for call in ("/v1/orders", "/v1/orders.csv", "/v1/stats/status"):
        answer = shop.get(f"{call}?{urlencode({'q': q})}")
        assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
        assert answer.json["errors"] == [{"field": "q", "message": "must have at most 12 different words"}]
    assert shop.get(f"/v1/orders?{urlencode({'q': 'ann ' * 40})}").status == 200


def test_one_searches_at_a_time_and_whoever_waits_too_long_is_told(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_turns, "SEARCH_SECONDS", 0.05)
    with own_shop.api.database.reading(searching=True):
        refused = own_shop.get("/v1/orders?q=ann")
        assert (refused.status, refused.code) == (503, "UNAVAILABLE")
        assert int(refused.headers["retry-after"]) > 0
        assert own_shop.get("/v1/stats/status?q=ann").status == 503
        assert own_shop.get("/v1/orders?status=PENDING").status == 200
    assert own_shop.get("/v1/orders?q=ann").status == 200


def test_a_search_that_takes_too_long_is_broken_off_and_the_connection_lives_on(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_turns, "SEARCH_SECONDS", 0.1)
    database = own_shop.api.database
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    for _ in range(2):
        with pytest.raises(StoreUnavailableError), database.reading(searching=True) as session:
            session.execute(text(endless))
    with database.reading() as session:
        some = endless.replace("FROM n)", "FROM n WHERE i < 1000000)")
        assert session.scalar(text(some)) == 1_000_000
