"""A shop's own API with the core alone: what may be missing, what a bare error means, what is logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from lib.orders_client import (
    ApiRejected,
    Forbidden,
    InvalidAccessToken,
    InvalidCode,
    InvalidTransition,
    OrderExists,
    OrderNotCancellable,
    OrderNotFound,
    OrdersClient,
    OrdersError,
    RateLimited,
    Retries,
    TrackingNotFound,
    Unauthenticated,
    Unavailable,
    UnexpectedResponse,
    ValidationFailed,
)
from tests.client.fakes import CALLS, DETAIL, LIST_ITEM, PAGE, TRACKED, FakeApi, answer
from tests.servers.reference import NEEDED, ReferenceServer

BARE = {name: DETAIL[name] for name in NEEDED} | {"items": [{"name": "Tea", "quantity": 2}]}
BARE_ROW = {name: LIST_ITEM[name] for name in ("orderNumber", "status", "createdAt")}


@pytest.fixture
def shop() -> Iterator[ReferenceServer]:
    """The reference server, whose switches each test sets."""
    with ReferenceServer() as server:
        yield server


def client_of(shop: ReferenceServer) -> OrdersClient:
    return OrdersClient(shop.url, shop.token, retries=Retries(attempts=1))


def test_what_an_order_needs_is_enough_and_all_else_is_none() -> None:
    order = FakeApi([answer(200, BARE)]).client().orders.get("1")
    given = {"order_number", "status", "currency", "grand_total", "items", "created_at", "item_count"}
    assert {name for name, value in order if value is not None} == given
    assert (order.item_count, order.items[0].sku, order.items[0].unit_price) == (2, None, None)
    row = FakeApi([answer(200, PAGE | {"items": [BARE_ROW]})]).client().orders.list().items[0]
    assert {name for name, value in row if value is not None} == {"order_number", "status", "created_at"}
    tracked = FakeApi([answer(200, {name: TRACKED[name] for name in NEEDED})]).client().orders.track("t")
    assert (tracked.payment_status, tracked.email_masked, tracked.shipping_city) == (None, None, None)


@pytest.mark.parametrize("field", sorted(NEEDED))
def test_an_order_without_a_field_that_is_needed_is_unexpected_and_logged_by_name_alone(
    field: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = {name: value for name, value in (DETAIL | {"customerNote": "SECRET"}).items() if name != field}
    with pytest.raises(UnexpectedResponse) as caught:
        FakeApi([answer(200, body)]).client().orders.get("SECRET-1")
    assert (caught.value.field, caught.value.expected) == (field, "Field required")
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    for said in (field, "Field required", "req-1", "GET /v1/orders/{orderNumber}"):
        assert said in record.getMessage()
    assert "SECRET" not in caplog.text
    assert "jane.doe" not in caplog.text


def test_what_follows_from_the_rest_is_filled_in_and_what_is_given_stays() -> None:
    left_out = ("itemCount", "customerName", "emailMasked", "shippingCity", "shippingCountry")
    body = {name: value for name, value in DETAIL.items() if name not in left_out}
    order = FakeApi([answer(200, body)]).client().orders.get("1")
    assert (order.item_count, order.customer_name, order.email_masked) == (2, "Jane Doe", "j***@example.com")
    assert (order.shipping_city, order.shipping_country) == ("Lyon", "FR")
    row = {name: body[name] for name in ("orderNumber", "status", "createdAt", "email", "shippingAddress")}
    listed = FakeApi([answer(200, PAGE | {"items": [row]})]).client().orders.list().items[0]
    assert (listed.customer_name, listed.email_masked, listed.item_count) == (
        "Jane Doe",
        "j***@example.com",
        None,
    )
    billed = body | {"shippingAddress": None}
    assert FakeApi([answer(200, billed)]).client().orders.get("1").customer_name == "Jane Doe"
    given = (
        FakeApi([answer(200, DETAIL | {"customerName": "J. D.", "itemCount": 9})]).client().orders.get("1")
    )
    assert (given.customer_name, given.item_count) == ("J. D.", 9)


def test_what_nothing_can_be_computed_of_is_none_and_breaks_nothing() -> None:
    for email, masked in ((None, None), ("", None), ("no email", None), ("@x.test", "***@x.test")):
        assert FakeApi([answer(200, BARE | {"email": email})]).client().orders.get("1").email_masked == masked
    odd = BARE | {"shippingAddress": {"firstName": " ", "lastName": None, "city": None}}
    order = FakeApi([answer(200, odd)]).client().orders.get("1")
    assert (order.customer_name, order.shipping_city) == (None, None)


def test_a_page_that_does_not_number_itself_is_numbered_as_it_was_asked_for() -> None:
    page = FakeApi([answer(200, {"items": [BARE_ROW], "total": 41})]).client().orders.list(3, 20)
    assert (page.page, page.total_pages) == (3, 3)


def test_the_contracts_new_fields_are_read() -> None:
    new = {
        "refundedTotal": "10.00", "dutiesTotal": "1.50", "customerNote": "Ring twice",
        "tags": ["gift", "vip"],
        "shippingMethod": "Express", "source": "import", "email": None, "shippingAddress": None,
        "billingAddress": None, "shippingCity": None, "shippingCountry": None, "emailMasked": None,
    }  # fmt: skip
    order = FakeApi([answer(200, DETAIL | new)]).client().orders.get("1")
    assert (str(order.refunded_total), str(order.duties_total)) == ("10.00", "1.50")
    assert (order.customer_note, order.tags, order.source) == ("Ring twice", ("gift", "vip"), "import")
    assert (order.shipping_method, order.email, order.shipping_address) == ("Express", None, None)
    assert "Ring twice" not in repr(order)


BY_STATUS: list[tuple[str, int, type[OrdersError]]] = [
    *((name, 401, Unauthenticated) for name in ("list", "get", "cancel", "track", "request_access_code")),
    ("verify_access_code", 401, InvalidCode),
    ("verify_access_code", 404, InvalidCode),
    ("get_by_access_token", 401, InvalidAccessToken),
    ("get_by_access_token", 404, InvalidAccessToken),
    ("cancel", 403, Forbidden),
    ("list", 403, Forbidden),
    ("get", 404, OrderNotFound),
    ("cancel", 404, OrderNotFound),
    ("track", 404, TrackingNotFound),
    ("cancel", 409, OrderNotCancellable),
    ("create", 409, OrderExists),
    ("set_status", 409, InvalidTransition),
    ("list", 422, ValidationFailed),
    ("list", 400, ValidationFailed),
    ("track", 429, RateLimited),
    ("get", 503, Unavailable),
    ("get", 500, Unavailable),
    ("list", 502, Unavailable),
    ("list", 404, UnexpectedResponse),
]


@pytest.mark.parametrize(
    "body", ["", "<h1>No</h1>", '{"error": "no"}', '{"code": "E-17"}', '{"code": 4}', "[]"]
)
@pytest.mark.parametrize(("name", "status", "kind"), BY_STATUS)
def test_an_error_that_is_no_problem_document_is_understood_by_its_status(
    name: str, status: int, kind: type[OrdersError], body: str
) -> None:
    step = httpx.Response(status, headers={"X-Request-Id": "req-1"}, content=body.encode())
    with pytest.raises(OrdersError) as caught:
        CALLS[name](FakeApi([step]).client(retries=Retries(attempts=1)))
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.request_id) == (status, "req-1")
    assert caught.value.code == (kind.CODE if issubclass(kind, ApiRejected) else None)


def test_a_code_says_more_than_a_status_in_whatever_body_it_comes() -> None:
    for body in ({"code": "ORDER_NOT_CANCELLABLE"}, {"code": "ORDER_NOT_CANCELLABLE", "message": "no"}):
        with pytest.raises(OrderNotCancellable):
            FakeApi([answer(400, body)]).client().orders.cancel("1")
    bare = {"message": "Sorry.", "currentStatus": "SHIPPED"}
    with pytest.raises(OrderNotCancellable) as caught:
        FakeApi([answer(409, bare)]).client().orders.cancel("1")
    assert caught.value.current_status == "SHIPPED"


def test_the_core_alone_is_enough_for_all_seven_calls(shop: ReferenceServer) -> None:
    shop.switches.only_needed = True
    shop.switches.errors = "text"
    with client_of(shop) as client:
        page = client.orders.list(page=2, limit=10)
        assert (len(page.items), page.total, page.total_pages) == (10, 37, 4)
        slashed = client.orders.get("#FR/2026/1009")
        assert (slashed.order_number, slashed.item_count, slashed.status) == (
            "#FR/2026/1009",
            3,
            "PROCESSING",
        )
        assert client.orders.cancel("SHOP-1000").status == "CANCELLED"
        with pytest.raises(OrderNotCancellable):
            client.orders.cancel("SHOP-1000")
        assert client.orders.track("track-1001").items[0].quantity == 2
        with pytest.raises(TrackingNotFound):
            client.orders.track("nothing")
        email = shop.orders["SHOP-1002"]["email"]
        client.orders.request_access_code("SHOP-1002", email)
        with pytest.raises(InvalidCode):
            client.orders.verify_access_code("SHOP-1002", email, "none")
        grant = client.orders.verify_access_code("SHOP-1002", email, shop.codes["SHOP-1002"])
        assert client.orders.get_by_access_token(grant.access_token) == grant.order
        with pytest.raises(InvalidAccessToken):
            client.orders.get_by_access_token("guest-99")
        with pytest.raises(OrderNotFound):
            client.orders.get("no such order")
        assert client.health()
    with OrdersClient(shop.url, "wrong") as stranger, pytest.raises(Unauthenticated):
        stranger.orders.list()
    assert shop.asked[1] == ("GET", "/v1/orders/%23FR%2F2026%2F1009")


def test_unknown_statuses_are_kept_as_they_are(shop: ReferenceServer) -> None:
    shop.switches.wrong_types = {"status": "ON_HOLD", "paymentStatus": "LAYAWAY"}
    with client_of(shop) as client:
        order = client.orders.get("SHOP-1000")
    assert (order.status, order.payment_status) == ("ON_HOLD", "LAYAWAY")


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("grandTotal", 12.5, "grandTotal"),
        ("createdAt", "yesterday", "createdAt"),
        ("items.quantity", "two", "items.0.quantity"),
        ("itemCount", "three", "itemCount"),
        ("tags", "vip", "tags"),
    ],
)
def test_a_wrong_type_is_unexpected_and_names_its_field(
    shop: ReferenceServer, field: str, value: Any, at: str
) -> None:
    shop.switches.wrong_types = {field: value}
    with client_of(shop) as client, pytest.raises(UnexpectedResponse) as caught:
        client.orders.get("SHOP-1000")
    assert caught.value.field == at
    assert str(value) not in str(caught.value)


def test_ready_is_any_answer_below_500(shop: ReferenceServer) -> None:
    with client_of(shop) as client:
        assert client.health()
        shop.switches.down = 500
        assert not client.health()


def test_times_are_aware(shop: ReferenceServer) -> None:
    with client_of(shop) as client:
        made: datetime = client.orders.get("SHOP-1000").created_at
    assert made.utcoffset() is not None
