"""Going through all orders, page after page, each once, while orders come in and others no longer match."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lib.orders_client import AsyncOrdersClient, OrdersClient, ValidationFailed
from tests.client.fakes import LIST_ITEM, FakeApi, answer, problem
from tests.client.live import Live, new_order
from tests.servers.reference import ReferenceServer

COUNT = 33
SHOPS: dict[str, dict[str, Any]] = {
    "filters ignored": {},
    "filters refused": {"refuses_unknown": True},
    "filters heeded": {"understands": frozenset({"status", "createdFrom", "createdTo", "sort"})},
    "sorted, times ignored": {"understands": frozenset({"status", "sort"})},
}


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ten orders a page, which the tests then need few of."""
    monkeypatch.setattr("lib.orders_client._orders.PAGE_SIZE", 10)


@pytest.fixture(params=SHOPS)
def shop(request: pytest.FixtureRequest) -> Iterator[ReferenceServer]:
    """A shop of each kind, with four pages of orders."""
    with ReferenceServer(COUNT, **SHOPS[request.param]) as server:
        yield server


def go_through(shop: ReferenceServer, during: Callable[[], object] = int, **filters: Any) -> list[str]:
    """Return the orders' numbers as they come, with something happening after each page."""
    found: list[str] = []
    asked = 0
    with OrdersClient(shop.url, shop.token) as client:
        for order in client.orders.iterate(**filters):
            found.append(order.order_number)
            if len(shop.asked) > asked:
                asked = len(shop.asked)
                during()
    return found


def test_every_order_comes_once_and_in_order(shop: ReferenceServer) -> None:
    assert go_through(shop) == list(shop.orders)
    assert len(shop.asked) <= 9


def test_orders_that_come_in_hide_none_and_bring_none_back(shop: ReferenceServer) -> None:
    before = list(shop.orders)
    found = go_through(shop, during=lambda: [shop.add_order() for _ in range(3)])
    assert [number for number in found if number in before] == before
    assert len(found) == len(set(found))


def test_the_async_client_goes_the_same_way(shop: ReferenceServer) -> None:
    async def go() -> list[str]:
        async with AsyncOrdersClient(shop.url, shop.token) as client:
            return [order.order_number async for order in client.orders.iterate()]

    assert asyncio.run(go()) == list(shop.orders)


@pytest.mark.parametrize("sort", ["createdAt", "-createdAt", "grandTotal", "-orderNumber"])
def test_any_sort_is_gone_through_while_orders_come_in(sort: str) -> None:
    with ReferenceServer(COUNT, **SHOPS["filters heeded"]) as shop:
        before = set(shop.orders)
        found = go_through(shop, during=lambda: [shop.add_order() for _ in range(3)], sort=sort)
        assert before <= set(found)
        assert len(found) == len(set(found))


@pytest.mark.parametrize("sort", [None, "createdAt"])
def test_orders_that_leave_the_filter_on_the_way_take_none_with_them(sort: str | None) -> None:
    with ReferenceServer(7 * COUNT, **SHOPS["filters heeded"]) as shop:
        pending = [number for number, order in shop.orders.items() if order["status"] == "PENDING"]
        with OrdersClient(shop.url, shop.token) as client:
            cancelled = [
                client.orders.cancel(order.order_number).order_number
                for order in client.orders.iterate(status="PENDING", sort=sort)
            ]
    assert cancelled == (pending if sort is None else pending[::-1])


@pytest.mark.parametrize("sort", [None, "createdAt"])
def test_many_orders_of_one_second_all_come(sort: str | None) -> None:
    with ReferenceServer(COUNT, **SHOPS["filters heeded"]) as shop:
        for order in list(shop.orders.values())[2:29]:
            order["createdAt"] = shop.orders["SHOP-1003"]["createdAt"]
        assert sorted(go_through(shop, sort=sort)) == sorted(shop.orders)
    bound = "createdFrom" if sort else "createdTo"
    assert all(bound in target for _, target in shop.asked[1:]), "never by page numbers alone"


def test_orders_in_no_order_all_come(shop: ReferenceServer) -> None:
    mixed = list(shop.orders.items())
    random.Random(1).shuffle(mixed)
    shop.orders = dict(mixed)
    assert sorted(go_through(shop)) == sorted(shop.orders)


def test_what_the_api_refuses_from_the_beginning_is_an_error() -> None:
    api = FakeApi([problem(422, "VALIDATION_FAILED")])
    with pytest.raises(ValidationFailed):
        list(api.client().orders.iterate(status="NONE"))
    assert len(api.requests) == 1


@pytest.mark.parametrize("sort", [None, "grandTotal"])
def test_an_api_that_gives_one_page_again_and_again_has_an_end(sort: str | None) -> None:
    stuck = {"items": [LIST_ITEM, LIST_ITEM | {"orderNumber": "2"}], "total": 9, "page": 1, "totalPages": 4}
    api = FakeApi([answer(200, stuck)])
    assert len(list(api.client().orders.iterate(sort=sort))) == 2
    assert len(api.requests) <= 10


@pytest.mark.any_engine
def test_our_own_api_is_gone_through_while_orders_come_in(live: Live) -> None:
    with live.as_staff() as staff:
        for turn in range(13):
            staff.orders.create(new_order(order_number=f"Way {turn}"))
        found = []
        for order in staff.orders.iterate(q="Way", status="PENDING"):
            found.append(order.order_number)
            staff.orders.cancel(order.order_number, notify=False)
            if len(found) == 5:
                staff.orders.create(new_order(order_number="Way, later"))
    # Whoever came in on the way may be there, or not.
    assert sorted({*found} - {"Way, later"}) == sorted(f"Way {turn}" for turn in range(13))
    assert len(found) == len(set(found))
