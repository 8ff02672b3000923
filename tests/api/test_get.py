"""Reading one order: opaque numbers, who sees what, and what staff see masked (contract, sections 2 to 4)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from lib.settings import Settings
from tests.api.shop import ADDRESS, EMAIL, Shop

LIST_KEYS = {
    "orderNumber",
    "status",
    "paymentStatus",
    "fulfillmentStatus",
    "currency",
    "grandTotal",
    "itemCount",
    "customerName",
    "emailMasked",
    "shippingCity",
    "shippingCountry",
    "createdAt",
    "updatedAt",
}
DETAIL_KEYS = LIST_KEYS | {
    "customerId",
    "email",
    "phone",
    "items",
    "subtotal",
    "discountTotal",
    "shippingTotal",
    "taxTotal",
    "taxIncluded",
    "shippingAddress",
    "billingAddress",
    "trackingNumber",
    "carrier",
    "cancelReason",
    "shippingMethod",
    "customerNote",
    "refundedTotal",
    "dutiesTotal",
    "tags",
    "source",
    "contactMasked",
    "trackingToken",
}


def test_an_order_has_the_contracts_keys_and_no_other(shop: Shop) -> None:
    order = shop.order(shop.create()["orderNumber"])
    assert set(order) == DETAIL_KEYS
    assert set(order["items"][0]) == {"sku", "name", "quantity", "unitPrice", "total"}
    assert set(order["shippingAddress"]) == set(ADDRESS) == set(order["billingAddress"])
    (item,) = shop.get(f"/v1/orders?q={order['orderNumber']}").json["items"]
    assert set(item) == LIST_KEYS


def test_times_are_rfc_3339_in_utc(shop: Shop) -> None:
    order = shop.create(createdAt="2026-11-20T10:00:00+02:00")
    assert order["createdAt"] == "2026-11-20T08:00:00Z"


@pytest.mark.parametrize(
    "number",
    [
        "#1001",
        "a?b&c=d",
        "100%",
        "%41",
        "Größe 7",
        "注文-42",
        "ß",
        "a'b\"c",
        "x.y;z",
        "FR/2026/7",
        "a//b/",
        "+1",
        "☃" * 64,
        "\\",
    ],
)
def test_an_opaque_order_number_leads_to_its_order(shop: Shop, number: str) -> None:
    shop.create(orderNumber=number)
    assert shop.order(number)["orderNumber"] == number
    assert shop.cancel(number).json["status"] == "CANCELLED"
    assert [entry["kind"] for entry in shop.timeline(number)] == ["STATUS_CHANGED", "CREATED"]


@pytest.mark.parametrize("asked", ["aBc-9 é", "ABC-9 É", "  abc-9 É ", "\u00a0Abc-9 é"])
def test_case_and_surrounding_space_do_not_matter(shop: Shop, asked: str) -> None:
    if not shop.sql("SELECT 1 FROM orders WHERE order_number = 'Abc-9 é'"):
        shop.create(orderNumber=" Abc-9 é ")
    assert shop.order(asked)["orderNumber"] == "Abc-9 é"


def test_a_percent_sign_is_decoded_once_only(shop: Shop) -> None:
    shop.create(orderNumber="50%41")
    assert shop.get("/v1/orders/50A").code == "ORDER_NOT_FOUND"
    assert shop.get("/v1/orders/50%2541").status == 200


@pytest.mark.parametrize(
    "path", ["nope", "a%2Fb", "a/b", "%00", "a%0Ab", "%FF", "%ED%A0%80", "x" * 65, "%20", "..", "%2E%2E"]
)
def test_what_is_no_order_is_not_found(shop: Shop, path: str) -> None:
    answer = shop.get(f"/v1/orders/{path}")
    assert (answer.status, answer.code) == (404, "ORDER_NOT_FOUND")


def test_somebody_elses_order_looks_like_none(shop: Shop) -> None:
    number = shop.create(customerId="c-2")["orderNumber"]
    guests = shop.create(customerId=None)["orderNumber"]
    answers = [
        shop.call(
            method,
            f"/v1/orders/{asked}{act}",
            token=shop.customer("c-1"),
            headers={"x-request-id": "same-for-all"},
        )
        for method, act in (("GET", ""), ("POST", "/cancel"))
        for asked in (number, guests, "T-UNKNOWN")
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({(answer.raw_headers, answer.content) for answer in answers}) == 1
    assert shop.order(number, shop.customer("c-2"))["status"] == "PENDING"


def test_a_customer_sees_their_order_in_full(shop: Shop) -> None:
    created = shop.create(phone="0472001122", billingAddress={**ADDRESS, "line1": "1 Other Road"})
    order = shop.order(created["orderNumber"])
    assert order["contactMasked"] is False
    assert order["email"] == EMAIL
    assert order["phone"] == "0472001122"
    assert order["shippingAddress"] == ADDRESS
    assert order["billingAddress"]["line1"] == "1 Other Road"
    assert order["trackingToken"] == created["trackingToken"]


@pytest.mark.parametrize("role", ["support", "supervisor", "ops", "admin"])
def test_staff_see_contact_data_masked_and_the_rest_in_the_clear(shop: Shop, role: str) -> None:
    number = shop.create()["orderNumber"]
    order = shop.order(number, shop.staff(role))
    assert order["contactMasked"] is True
    assert order["email"] == order["emailMasked"] == "j***@example.com"
    assert order["phone"] == "***22"
    assert order["trackingToken"] is None
    for kind in ("shippingAddress", "billingAddress"):
        assert order[kind] == ADDRESS | {"line1": "***", "line2": "***", "postalCode": "***"}
    assert order["customerName"] == "Jane Doe"


def test_no_answer_to_staff_holds_a_customers_contact_data(shop: Shop) -> None:
    number = shop.create(email="secret.person@example.com", phone="+33 4 99 88 77 66")["orderNumber"]
    path = f"/v1/orders/{number}"
    answers = [
        shop.get(path),
        shop.get(f"/v1/orders?q={number}"),
        shop.get(f"{path}/timeline"),
        shop.cancel(number, {"reason": "DUPLICATE"}),
        shop.cancel(number),
    ]
    for answer in answers:
        for secret in (b"secret.person", b"Marked Street", b"69001", b"99 88", b"Flat 7"):
            assert secret not in answer.content


def test_the_open_policy_shows_staff_everything(
    open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings], database_url: str
) -> None:
    shop = open_shop(make_settings(database_url=database_url, pii_policy="open"))
    number = shop.create()["orderNumber"]
    order = shop.order(number, shop.staff("ops"))
    assert order["contactMasked"] is False
    assert order["email"] == EMAIL


def test_a_number_that_needs_encoding_stands_encoded_in_location(shop: Shop) -> None:
    from tests.api.shop import order_body

    answer = shop.post("/v1/orders", order_body(orderNumber="#7 ü?"))
    assert answer.headers["location"] == f"/v1/orders/{quote('#7 ü?', safe='')}"
    assert shop.get(answer.headers["location"]).json["orderNumber"] == "#7 ü?"
