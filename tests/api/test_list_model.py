"""Every filter, search and sort of `list`, alone and combined, against the plain model in list_model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lib.orders_api.orders import listing
from lib.orders_api.store import order_counts
from lib.settings import Settings
from tests.api import list_model as model
from tests.api.asgi import Caller
from tests.api.shop import NOW, Shop
from tests.servers.databases import Databases, Kind

COUNT = 80
ROWS = model.random_rows(COUNT, seed=11)
BY_NUMBER = {row.number: row for row in ROWS}


@pytest.fixture(scope="module")
def full_shop(
    databases: Databases, database_kind: Kind, make_settings: Callable[..., Settings], caller: Caller
) -> Iterator[Shop]:
    url = databases.fresh(database_kind)
    shop = Shop(make_settings(database_url=url), caller)
    for place, row in enumerate(ROWS):
        if place == COUNT // 2:
            # Half of all is counted by sums, half by the changes that are not summed up yet.
            order_counts.fold(shop.api.database, least=1)
        assert shop.post("/v1/orders", row.body).status == 201
    for row in ROWS:
        for step in row.steps[1:]:
            shop.clock.now = step.at
            assert shop.set_status(row.number, step.after).status == 200
    shop.clock.now = NOW
    yield shop
    shop.close()
    databases.drop(url)


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


@st.composite
def _parts_of_orders(draw: st.DrawFn) -> str:
    """A word or two out of an order: whole or part, in any case."""
    words = []
    row = draw(st.sampled_from(ROWS))
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        address = row.body["shippingAddress"]
        source = draw(
            st.sampled_from(
                (
                    row.number,
                    row.body["email"],
                    address["firstName"],
                    address["lastName"],
                    row.body["items"][0]["sku"],
                    row.body.get("phone", "4711"),
                    row.body["trackingToken"],
                )
            )
        )
        start = draw(st.sampled_from((0, 0, 1, 2, 5)))
        words.append(source[start : start + draw(st.sampled_from((1, 2, 3, 4, 40)))])
    forms: tuple[Callable[[str], str], ...] = (str.upper, str.lower, str, model.plain)
    form = draw(st.sampled_from(forms))
    return form(" ".join(words))


_odd = st.sampled_from(
    (
        "%",
        "_",
        "%%%",
        "'",
        '"',
        '"a" OR "b"',
        "NEAR(a b)",
        "*",
        "a*",
        "?",
        "[a]",
        "[",
        "]",
        "-jane",
        "^ORD",
        "\\",
        "(",
        "col:x",
        "é",
    )
)
_times = st.sampled_from((0, 1, 3599, 3600, 86400, 90000, 86400 * 3)).map(
    lambda seconds: (NOW.replace(microsecond=0) - model.timedelta(seconds=seconds)).isoformat()
)
_later = st.sampled_from((-90000, -3600, 0, 1, 2, 3600, 3601, 7200)).map(
    lambda seconds: (NOW.replace(microsecond=0) + model.timedelta(seconds=seconds)).isoformat()
)
_amounts = st.sampled_from(
    ("0", "1", "1.01", "5", "5.001", "10.0005", "10.01", "20", "999", "2997.003", "-1", "100000")
)
_filters = st.fixed_dictionaries(
    {},
    optional={
        "status": _some(model.STATUSES),
        "paymentStatus": _some(model.PAYMENTS),
        "fulfillmentStatus": _some(model.FULFILLMENTS),
        "country": _some(model.COUNTRIES),
        "currency": _some(tuple(model.DIGITS)),
        "createdFrom": _times,
        "createdTo": _times,
        "minTotal": _amounts,
        "maxTotal": _amounts,
    },
)
_changes = st.fixed_dictionaries(
    {},
    optional={
        "fromStatus": _some(("NEW", *model.STATUSES)),
        "toStatus": _some(model.STATUSES),
        "changedFrom": _later,
        "changedTo": _later,
        "reached": st.sampled_from(("PROCESSING", "SHIPPED")),
        "status": _some(model.STATUSES),
        "fulfillmentStatus": _some(model.FULFILLMENTS),
    },
)
_few_filters: st.SearchStrategy[dict[str, Any]] = st.one_of(st.just({}), _filters)
_asked = st.one_of(
    _filters,
    _changes,
    st.builds(lambda rest, changes: rest | changes, _filters, _changes),
    st.builds(lambda rest, q: rest | {"q": q}, _few_filters, _parts_of_orders()),
    st.builds(lambda q: {"q": q}, _parts_of_orders() | _odd | st.text(max_size=3)),
)


def read_all(shop: Shop, filters: dict[str, Any], sort: str, limit: int, token: str) -> list[str]:
    """Read page after page, and one past the end; return the numbers as they came."""
    numbers: list[str] = []
    page, pages = 1, 1
    while page <= pages + 1:
        query = urlencode({**filters, "sort": sort, "page": page, "limit": limit}, doseq=True)
        answer = shop.get(f"/v1/orders?{query}", token)
        assert answer.status == 200, answer.content
        body = answer.json
        assert body["page"] == page
        pages = body["totalPages"]
        assert pages == -(-body["total"] // limit)
        assert len(body["items"]) == max(0, min(limit, body["total"] - (page - 1) * limit))
        numbers += [item["orderNumber"] for item in body["items"]]
        page += 1
    assert len(numbers) == body["total"]
    return numbers


@pytest.fixture(params=[None, 3], ids=["usual ways", "ways for many orders"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ways that a list is found by: those for few orders, then those for a great many, from three on."""
    if request.param is not None:
        monkeypatch.setattr(listing, "FEW", request.param)
        monkeypatch.setattr(listing, "COMMON", request.param)


@pytest.mark.usefixtures("ways")
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    filters=_asked,
    sort=st.sampled_from(model.SORTS),
    limit=st.sampled_from((9, 40, 79, 200)),
    customer=st.sampled_from((None, None, "c-1", "c-3")),
)
@example(filters={}, sort="-createdAt", limit=9, customer=None)
@example(filters={"minTotal": "1.01"}, sort="createdAt", limit=40, customer=None)
@example(filters={"maxTotal": "999", "status": ["PENDING"]}, sort="createdAt", limit=40, customer=None)
@example(filters={"minTotal": "1.01"}, sort="createdAt", limit=40, customer="c-1")
@example(filters={"reached": "SHIPPED"}, sort="createdAt", limit=9, customer=None)
@example(filters={"reached": "PROCESSING", "minTotal": "1.01"}, sort="grandTotal", limit=9, customer=None)
@example(filters={"fromStatus": ["NEW"]}, sort="createdAt", limit=9, customer="c-1")
@example(filters={"q": f"x{ROWS[1].number}"}, sort="createdAt", limit=40, customer=None)
@example(filters={"q": ROWS[1].number}, sort="createdAt", limit=40, customer=None)
@example(filters={"q": " "}, sort="orderNumber", limit=200, customer=None)
@example(filters={"q": "5551122"}, sort="orderNumber", limit=200, customer=None)
@example(filters={"q": "tea 12"}, sort="orderNumber", limit=200, customer=None)
@example(filters={"q": "jose lopez"}, sort="orderNumber", limit=200, customer=None)
def test_a_list_is_what_the_plain_model_says(
    full_shop: Shop, filters: dict[str, Any], sort: str, limit: int, customer: str | None
) -> None:
    token = full_shop.customer(customer) if customer else full_shop.staff("support")
    numbers = read_all(full_shop, filters, sort, limit, token)
    theirs = [row for row in ROWS if customer is None or row.body.get("customerId") == customer]
    expected = model.listed(theirs, filters, any_part=customer is not None)
    assert sorted(numbers) == sorted(row.number for row in expected)
    keys = [model.sort_key(BY_NUMBER[number], sort) for number in numbers]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


@pytest.mark.parametrize("sort", model.SORTS)
def test_pages_of_every_size_give_one_and_the_same_order(full_shop: Shop, sort: str) -> None:
    token = full_shop.staff("ops")
    whole = read_all(full_shop, {}, sort, 200, token)
    assert len(set(whole)) == COUNT
    for limit in (3, 17, 40, 79):
        assert read_all(full_shop, {}, sort, limit, token) == whole


@pytest.mark.parametrize("sort", ["createdAt", "grandTotal", "orderNumber"])
def test_a_minus_turns_a_sort_around_ties_included(full_shop: Shop, sort: str) -> None:
    token = full_shop.staff("ops")
    up = read_all(full_shop, {}, sort, 200, token)
    assert read_all(full_shop, {}, f"-{sort}", 200, token) == up[::-1]
