"""What each call sends, and what it makes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import httpx
import pytest

from lib.orders_client import (
    Address,
    NewLineItem,
    NewOrder,
    OrderDetail,
    OrdersClient,
    SharedTransport,
    TrackedOrder,
)
from tests.client.fakes import ADDRESS, DETAIL, GRANT, LIST_ITEM, PAGE, TRACKED, FakeApi, answer

TOTALS = [{"currency": "EUR", "total": "129.90"}]
AS_OF = "2026-11-23T08:15:00Z"
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
LAST = datetime(2026, 12, 1, tzinfo=UTC)
AUDIT = {
    "items": [{"at": AS_OF, "actor": "staff:sam", "action": "VIEW"}],
    "total": 1,
    "page": 1,
    "totalPages": 1,
}
TIMELINE = {"items": [{"at": AS_OF, "actor": "guest", "kind": "NOTE", "detail": None, "extra": 1}]}
PREFERENCE = {
    "id": 7, "kind": "view", "name": "Mine", "value": {"a": ["b"]}, "shared": False, "changedBy": "sam",
    "changedAt": AS_OF,
}  # fmt: skip
MAIL = {
    "messageId": "<1@x>", "kind": "ACCESS_CODE", "recipient": "SECRET", "subject": "Your code",
    "text": "SECRET", "createdAt": AS_OF, "sentAt": None,
}  # fmt: skip

TABLE: list[tuple[Callable[[OrdersClient], Any], str, str, int, object]] = [
    (lambda c: c.orders.list(), "GET", "/v1/orders?page=1&limit=10", 200, PAGE),
    (lambda c: c.orders.get("O 1"), "GET", "/v1/orders/O%201", 200, DETAIL),
    (lambda c: c.orders.cancel("O1"), "POST", "/v1/orders/O1/cancel", 200, DETAIL),
    (lambda c: c.orders.track("t"), "GET", "/v1/track/t", 200, TRACKED),
    (lambda c: c.orders.request_access_code("O1", "e"), "POST", "/v1/guest/access-codes", 202, {}),
    (lambda c: c.orders.verify_access_code("O1", "e", "1"), "POST", "/v1/guest/access-codes/verify", 200,
     GRANT),
    (lambda c: c.orders.get_by_access_token("t"), "GET", "/v1/guest/order", 200, DETAIL),
    (lambda c: c.orders.end_guest_access("t"), "DELETE", "/v1/guest/order", 204, None),
    (lambda c: c.orders.timeline("O1"), "GET", "/v1/orders/O1/timeline", 200, TIMELINE),
    (lambda c: c.orders.related("O1"), "GET", "/v1/orders/O1/related", 200,
     {"items": PAGE["items"], "total": 1, "matchedBy": "email"}),
    (lambda c: c.orders.add_note("O1", "n"), "POST", "/v1/orders/O1/notes", 201, None),
    (lambda c: c.orders.pin_note("O1", 7), "PATCH", "/v1/orders/O1/notes", 200, None),
    (lambda c: c.orders.timeline("O1", pins=True), "GET", "/v1/orders/O1/timeline?include=pins", 200,
     TIMELINE),
    (lambda c: c.orders.reveal("O1", "why"), "POST", "/v1/orders/O1/reveal", 200, DETAIL),
    (lambda c: c.orders.change_contact("O1", phone="1", reason="why"), "PATCH", "/v1/orders/O1/contact", 200,
     DETAIL),
    (lambda c: c.orders.resend_confirmation("O1"), "POST", "/v1/orders/O1/resend-confirmation", 202, None),
    (lambda c: c.orders.create({}), "POST", "/v1/orders", 201, DETAIL),
    (lambda c: c.orders.set_status("O1", "SHIPPED"), "POST", "/v1/orders/O1/status", 200, DETAIL),
    (lambda c: c.stats.status_counts(), "GET", "/v1/stats/status", 200,
     {"items": [{"status": "PENDING", "count": 1, "totals": TOTALS}], "asOf": AS_OF}),
    (lambda c: c.stats.daily(FIRST, LAST, time_zone="Europe/Paris"), "GET",
     "/v1/stats/daily?createdFrom=2026-11-01T00%3A00%3A00Z&createdTo=2026-12-01T00%3A00%3A00Z"
     "&timeZone=Europe%2FParis", 200,
     {"items": [{"date": "2026-11-23", "status": "PENDING", "count": 1, "totals": []}], "asOf": AS_OF}),
    (lambda c: c.stats.pending_age(), "GET", "/v1/stats/pending-age", 200,
     {"items": [{"bucket": "day", "from": 0, "to": None, "count": 3}], "asOf": AS_OF}),
    (lambda c: c.audit.list(2, 50, actor="staff:sam"), "GET",
     "/v1/audit?page=2&limit=50&actor=staff%3Asam", 200, AUDIT),
    (lambda c: c.preferences.list(), "GET", "/v1/staff/preferences", 200, {"items": [PREFERENCE]}),
    (lambda c: c.preferences.keep("view", "Mine", {"a": ["b"]}), "PUT", "/v1/staff/preferences", 200,
     PREFERENCE),
    (lambda c: c.preferences.forget(7), "DELETE", "/v1/staff/preferences/7", 204, None),
    (lambda c: c.demo.mailbox(), "GET", "/v1/demo/mailbox", 200, {"items": [MAIL]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "method", "target", "status", "body"), TABLE, ids=[f"{row[1]} {row[2]}" for row in TABLE]
)
def test_each_call_is_the_contracts(
    call: Callable[[OrdersClient], Any], method: str, target: str, status: int, body: object
) -> None:
    api = FakeApi([answer(status, body)])
    call(api.client())
    assert (api.sent.method, api.sent.url.raw_path.decode()) == (method, target)


def test_models_are_frozen_typed_and_tolerant() -> None:
    order = FakeApi([answer(200, DETAIL | {"status": "ON_HOLD", "new": {"a": 1}})]).client().orders.get("1")
    assert order.status == "ON_HOLD"
    assert order.grand_total == Decimal("129.90")
    assert str(order.grand_total) == "129.90"
    assert order.updated_at == datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
    assert order.updated_at
    assert order.updated_at.tzinfo is UTC
    assert order.items[0].unit_price == Decimal("64.95")
    assert not hasattr(order, "new")
    with pytest.raises(ValueError, match="frozen"):
        order.status = "SHIPPED"  # type: ignore[misc]  # what is tried


def test_null_and_left_out_are_the_same_where_a_shop_may_have_nothing() -> None:
    bare = {name: value for name, value in DETAIL.items() if value is not None and name != "trackingToken"}
    bare["shippingAddress"] = ADDRESS | {"postalCode": None, "lastName": None}
    order = FakeApi([answer(200, bare)]).client().orders.get("1")
    assert (order.phone, order.tracking_token, order.carrier, order.customer_id) == (None, None, None, None)
    assert order.shipping_address
    assert (order.shipping_address.postal_code, order.shipping_address.last_name) == (None, None)


def test_a_tracked_order_has_no_field_for_more_than_the_customer_may_see() -> None:
    api = FakeApi([answer(200, TRACKED | {"email": "SECRET", "shippingAddress": ADDRESS})])
    tracked = api.client().orders.track("t")
    assert set(TrackedOrder.model_fields) == {
        "order_number", "status", "payment_status", "fulfillment_status", "currency", "grand_total",
        "email_masked", "shipping_city", "shipping_country", "items", "created_at",
    }  # fmt: skip
    assert "SECRET" not in repr(tracked)


def test_reprs_keep_secrets_and_people_to_themselves() -> None:
    grant = FakeApi([answer(200, GRANT)]).client().orders.verify_access_code("1", "e", "1")
    mail = FakeApi([answer(200, {"items": [MAIL]})]).client().demo.mailbox()
    for told in (repr(grant), str(grant), repr(mail)):
        for secret in ("SECRET", "jane.doe", "rue X", "Jane", DETAIL["trackingToken"]):
            assert secret not in told
    assert grant.access_token == "SECRET-grant"
    assert "token" not in repr(
        OrdersClient("http://x.test", token="a-token", transport=httpx.MockTransport(lambda _: answer()))
    )


def test_filters_become_the_contracts_query() -> None:
    class Status(StrEnum):
        SHIPPED = "SHIPPED"

    api = FakeApi([answer(200, PAGE)])
    api.client().orders.list(
        page=3,
        limit=50,
        status=["PENDING", Status.SHIPPED],
        payment_status="PAID",
        fulfillment_status=(),
        country=None,
        created_from=datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=1))),
        created_to=date(2026, 12, 1),
        time_zone="Asia/Tokyo",
        min_total=Decimal("1E+3"),
        max_total=20,
        q="jané+doe & co#1%",
        sort="-grandTotal",
    )
    assert api.sent.url.params.multi_items() == [
        ("page", "3"),
        ("limit", "50"),
        ("status", "PENDING"),
        ("status", "SHIPPED"),
        ("paymentStatus", "PAID"),
        ("createdFrom", "2026-11-01T00:30:00Z"),
        ("createdTo", "2026-12-01"),
        ("timeZone", "Asia/Tokyo"),
        ("minTotal", "1000"),
        ("maxTotal", "20"),
        ("q", "jané+doe & co#1%"),
        ("sort", "-grandTotal"),
    ]


def test_bodies_hold_what_was_given_and_nothing_else() -> None:
    api = FakeApi([answer(200, DETAIL)])
    client = api.client()
    client.orders.cancel("1")
    assert api.sent_json == {"notify": True}
    client.orders.cancel("1", "DUPLICATE", "café", notify=False)
    assert api.sent_json == {"reason": "DUPLICATE", "note": "café", "notify": False}
    client.orders.set_status("1", "SHIPPED", carrier="DHL", tracking_number="7")
    assert api.sent_json == {"status": "SHIPPED", "carrier": "DHL", "trackingNumber": "7"}
    assert api.sent.headers["Content-Type"] == "application/json"


def test_an_order_is_made_of_a_model_or_of_a_mapping() -> None:
    api = FakeApi([answer(201, DETAIL)])
    made = api.client().orders.create(
        NewOrder(
            email="e@x.test",
            currency="EUR",
            items=(NewLineItem(sku="A", name="Tea", quantity=2, unit_price=Decimal("1.50")),),
            shipping_address=Address(**{name: value or "" for name, value in ADDRESS.items()}),
            created_at=FIRST,
        )
    )
    assert isinstance(made, OrderDetail)
    assert api.sent_json["items"] == [{"sku": "A", "name": "Tea", "quantity": 2, "unitPrice": "1.50"}]
    assert api.sent_json["createdAt"] == "2026-11-01T00:00:00Z"
    assert "phone" not in api.sent_json
    api.client().orders.create({"shippingTotal": Decimal("4.90")}, idempotency_key="k")
    assert api.sent_json == {"shippingTotal": "4.90"}
    assert api.sent.headers["Idempotency-Key"] == "k"


def test_a_callable_token_is_asked_for_each_call() -> None:
    tokens = iter(["one", "two"])
    api = FakeApi([answer(200, PAGE)])
    client = api.client(token=lambda: next(tokens), staff_user="jürgen 100%")
    client.orders.list()
    client.orders.list()
    assert [request.headers["Authorization"] for request in api.requests] == ["Bearer one", "Bearer two"]
    assert api.sent.headers["X-Staff-User"] == "j%C3%BCrgen%20100%25"


def test_a_guests_call_carries_the_guests_token_only() -> None:
    api = FakeApi([answer(200, DETAIL)])
    api.client(token="staff").orders.get_by_access_token("guest")
    assert api.sent.headers.get_list("Authorization") == ["Bearer guest"]


def test_without_a_token_nobody_calls() -> None:
    api = FakeApi([answer(200, TRACKED)])
    api.client().orders.track("t")
    assert "Authorization" not in api.sent.headers
    assert "X-Staff-User" not in api.sent.headers


def test_the_base_urls_own_path_is_kept() -> None:
    for base in ("http://api.test/shop", "http://api.test/shop/"):
        api = FakeApi([answer(200, PAGE)])
        api.client(base_url=base).orders.list()
        assert api.sent.url.path == "/shop/v1/orders"


def test_a_transport_that_was_passed_in_stays_open_and_an_own_one_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Watched(httpx.MockTransport):
        closed = False

        def close(self) -> None:
            self.closed = True

    shared = Watched(lambda request: answer(200, PAGE))
    with OrdersClient("http://x.test", transport=shared):
        pass
    assert (
        OrdersClient("http://x.test", transport=shared).orders.list().items[0].order_number
        == (LIST_ITEM["orderNumber"])
    )
    assert not shared.closed
    closed: list[object] = []
    monkeypatch.setattr(SharedTransport, "close", lambda transport: closed.append(transport))
    with OrdersClient("http://x.test"):
        assert closed == []
    assert len(closed) == 1


def test_no_cookie_travels_from_one_call_to_the_next() -> None:
    api = FakeApi([answer(200, PAGE, Set_Cookie="session=sam")])
    client = api.client()
    client.orders.list()
    client.orders.list()
    assert "Cookie" not in api.sent.headers
