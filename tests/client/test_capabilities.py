"""What an API can: read from its document or learned from its answers, once a process, and never guessed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields
from typing import Any

import httpx
import pytest

from lib.orders_client import (
    AsyncOrdersClient,
    CallNotSupported,
    Capabilities,
    Filters,
    OrderNotFound,
    OrdersClient,
    OrdersError,
    Retries,
    SortedFilters,
    UnexpectedResponse,
)
from lib.orders_client.capabilities import ALL_FILTERS
from tests.client.fakes import DETAIL, PAGE, FakeApi, answer, problem
from tests.client.live import Live
from tests.servers.reference import ReferenceServer

CALLS = frozenset(each.name for each in fields(Capabilities)) - {"known", "documented", "filters", "sorts"}
UNTRIED = {"create", "set_status"}
"""Calls that can't be tried without changing something, so they are taken to be there until they are made."""


def there(found: Capabilities) -> set[str]:
    return {name for name in CALLS if getattr(found, name)}


def client_of(shop: ReferenceServer) -> OrdersClient:
    return OrdersClient(shop.url, shop.token, retries=Retries(attempts=1))


@pytest.mark.any_engine
def test_our_own_api_has_everything_by_its_document(live: Live) -> None:
    with OrdersClient(live.url) as nobody:
        found = nobody.capabilities()
    assert found.documented
    assert there(found) == CALLS
    assert found.filters >= frozenset(Filters.__annotations__)
    assert found.sorts == {"createdAt", "grandTotal", "orderNumber"}


@pytest.mark.parametrize("errors", ["problem", "plain", "text"])
@pytest.mark.parametrize("more", [404, 405, 501])
def test_the_core_alone_is_seen_by_its_answers_and_nothing_is_changed(more: int, errors: str) -> None:
    with ReferenceServer(more=more, errors=errors) as shop, client_of(shop) as client:
        before = json.dumps(shop.orders)
        found = client.capabilities()
        assert json.dumps(shop.orders) == before
    assert (found.documented, there(found)) == (False, UNTRIED)
    assert (found.filters, found.sorts, found.search, found.stats) == (frozenset(), frozenset(), False, False)


def test_a_document_that_names_the_core_alone_is_believed() -> None:
    with ReferenceServer(openapi=True) as shop, client_of(shop) as client:
        found = client.capabilities()
        assert shop.asked == [("GET", "/openapi.json")]
    assert (found.documented, there(found), found.filters) == (True, set(), frozenset())


def test_each_filter_that_is_heeded_is_found_and_no_other() -> None:
    for heeded in ({"status", "createdFrom", "q"}, {"paymentStatus", "country", "minTotal", "sort"}):
        for refuses in (False, True):
            with (
                ReferenceServer(understands=frozenset(heeded), refuses_unknown=refuses) as shop,
                client_of(shop) as client,
            ):
                found = client.capabilities()
            wire = {"".join([word.title() if at else word for at, word in enumerate(name.split("_"))])
                    for name in found.filters}  # fmt: skip
            assert wire == heeded - {"sort"}
            assert found.sorts == ({"createdAt", "grandTotal", "orderNumber"} if "sort" in heeded else set())


def test_it_is_asked_once_a_process_by_however_many_clients() -> None:
    async def at_once(shop: ReferenceServer) -> tuple[Capabilities, ...]:
        async with AsyncOrdersClient(shop.url, shop.token) as one, AsyncOrdersClient(shop.url) as other:
            return await asyncio.gather(one.capabilities(), other.capabilities(), one.capabilities())

    with ReferenceServer() as shop:
        with client_of(shop) as client:
            first = client.capabilities()
        asked = len(shop.asked)
        with OrdersClient(shop.url + "/", "another") as client:
            assert client.capabilities() == first
        assert list(asyncio.run(at_once(shop))) == [first] * 3
        assert len(shop.asked) == asked


def test_the_async_client_finds_the_same_and_asks_once_at_a_time() -> None:
    async def at_once(shop: ReferenceServer) -> tuple[Capabilities, ...]:
        async with AsyncOrdersClient(shop.url, shop.token) as one, AsyncOrdersClient(shop.url) as other:
            return await asyncio.gather(one.capabilities(), other.capabilities())

    with ReferenceServer(understands=frozenset({"status"})) as shop:
        first, second = asyncio.run(at_once(shop))
        assert shop.asked.count(("GET", "/openapi.json")) == 1
    assert first == second
    assert there(first) == UNTRIED
    assert first.filters == {"status"}


def test_an_api_that_is_down_is_taken_to_have_everything_and_asked_again_later() -> None:
    api = FakeApi([answer(500), answer(200, {"paths": {"/v1/orders": {"get": {}}}})])
    client = api.client()
    assert there(client.capabilities()) == there(client.capabilities()) == CALLS
    assert not client.capabilities().known
    assert len(api.requests) == 1
    api.time += 61
    assert there(client.capabilities()) == set()
    assert client.capabilities().known


def test_a_call_that_is_answered_not_there_is_so_from_then_on_and_never_made_again() -> None:
    with ReferenceServer() as shop, client_of(shop) as client:
        for _ in range(3):
            with pytest.raises(CallNotSupported) as caught:
                client.stats.status_counts()
            assert caught.value.call == "status_counts"
        assert [target for _, target in shop.asked] == ["/v1/stats/status"]
        assert not client.capabilities().status_counts


def test_a_missing_order_is_told_from_a_missing_call() -> None:
    with ReferenceServer(errors="plain") as shop, client_of(shop) as client:
        with pytest.raises(OrderNotFound):
            client.orders.timeline("no such order")
        with pytest.raises(CallNotSupported):
            client.orders.timeline("SHOP-1001")
        before = len(shop.asked)
        with pytest.raises(CallNotSupported):
            client.orders.timeline("SHOP-1002")
        assert len(shop.asked) == before
    api = FakeApi([problem(404, "ORDER_NOT_FOUND")])
    with pytest.raises(OrderNotFound):
        api.client().orders.timeline("1")
    assert len(api.requests) == 1


def test_a_list_that_holds_what_does_not_fit_teaches_that_the_filter_is_ignored() -> None:
    with ReferenceServer(0) as shop, client_of(shop) as client:
        assert client.capabilities().filters == ALL_FILTERS  # a shop without orders shows nothing
        shop.add_order()
        client.orders.list(status="SHIPPED", country=["fr", "JP"], min_total=1)
        assert client.capabilities().filters == ALL_FILTERS - {"status"}


def test_one_odd_answer_does_not_count_against_the_document() -> None:
    document: dict[str, Any] = {"paths": {"/v1/orders": {"get": {}}, "/v1/audit": {"get": {}}}}
    page = {"items": [], "total": 0, "page": 1, "totalPages": 0}
    api = FakeApi([answer(200, document), answer(404), answer(200, page)])
    client = api.client()
    assert client.capabilities().audit
    with pytest.raises(UnexpectedResponse):
        client.audit.list()
    assert client.audit.list().total == 0
    assert client.capabilities().audit


DOCUMENTS: list[tuple[Any, bool]] = [
    ({"paths": {"/shop/api/v1/orders": {"get": {}}}}, True),
    ({"paths": {"/v1/orders": {"post": {}}}}, False),
    ({"paths": {"/pets": {"get": {}}}}, False),
    ({"paths": "none"}, False),
    ({"paths": {"/v1/orders": {"get": 7, "parameters": [7, {"$ref": 7}, {"$ref": "#/no/where"}]}}}, True),
    ([], False),
]


@pytest.mark.parametrize(("document", "is_ours"), DOCUMENTS)
def test_a_document_of_something_else_is_none(document: Any, is_ours: bool) -> None:
    found = FakeApi([answer(200, document), answer(200, PAGE)]).client().capabilities()
    assert found.documented is is_ours


def test_parameters_are_found_wherever_a_document_keeps_them() -> None:
    parameters = {
        "Status": {"name": "status", "in": "query"},
        "Sort": {"name": "sort", "in": "query", "schema": {"$ref": "#/components/schemas/Sort"}},
    }
    document = {
        "paths": {
            "/v1/orders": {
                "parameters": [{"name": "createdFrom", "in": "query"}, {"name": "X-Shop", "in": "header"}],
                "get": {"parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters]},
            },
            "/v1/orders/{id}/notes": {"post": {}},
        },
        "components": {"parameters": parameters, "schemas": {"Sort": {"enum": ["-createdAt", "createdAt"]}}},
    }
    found = FakeApi([answer(200, document)]).client().capabilities()
    assert found.filters == {"status", "created_from"}
    assert found.sorts == {"createdAt"}
    assert there(found) == {"add_note"}


def test_every_act_that_is_there_is_found_without_a_document() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/v1/orders":
            return answer(200, PAGE)
        if path.endswith("/no-such-call") or path == "/openapi.json":
            return answer(404, {"message": "no route"})
        return problem(404, "ORDER_NOT_FOUND") if "no-such-order" in path else answer(200, DETAIL)

    found = FakeApi([serve]).client().capabilities()
    assert there(found) == CALLS


def test_an_act_that_is_refused_like_no_act_is_not_there() -> None:
    refusals = {
        "notes": answer(405),
        "reveal": answer(404, {"code": "NO_SUCH_ROUTE"}),
        "unlock-guest-access": answer(501),
    }

    def serve(request: httpx.Request) -> httpx.Response:
        last = request.url.path.split("/")[-1]
        return answer(200, PAGE) if last == "orders" else refusals.get(last, answer(404))

    found = FakeApi([serve]).client().capabilities()
    assert there(found) == UNTRIED


def test_what_the_token_may_not_do_is_there_all_the_same() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        is_list = request.url.path == "/v1/orders"
        return answer(200, PAGE) if is_list else answer(404 if "." in request.url.path else 403)

    found = FakeApi([serve]).client().capabilities()
    assert found.audit
    assert found.timeline
    assert not found.export


def test_no_trouble_in_asking_is_an_error() -> None:
    for step in (httpx.ConnectError("refused"), answer(401), answer(200, {"items": 7}), answer(429)):
        found = FakeApi([step]).client().capabilities()
        assert there(found) == CALLS
    with pytest.raises(OrdersError):
        FakeApi([answer(429)]).client(retries=Retries(attempts=1)).orders.list()


def test_the_filters_of_the_contract_are_all_the_clients() -> None:
    assert set(SortedFilters.__annotations__) >= ALL_FILTERS
