"""Tracking: exactly the masked view, one answer to all failures, and the public page (section 4)."""

from __future__ import annotations

import re

import pytest

from lib.plain_text import without_unseen
from tests.api.shop import ADDRESS, Shop, fresh_token, order_body

KEYS = {
    "orderNumber",
    "status",
    "paymentStatus",
    "fulfillmentStatus",
    "currency",
    "grandTotal",
    "emailMasked",
    "shippingCity",
    "shippingCountry",
    "items",
    "createdAt",
}
PRIVATE = (b"Jane", b"Doe", b"Marked Street", b"Flat 7", b"69001", b"72 00 11", b"c-secret", b"jane.doe")
BAD_TOKENS = (
    "00000000-0000-4000-8000-000000000000",
    "nope",
    "",
    "%00",
    "%0A",
    "a/b",
    "a%2Fb",
    "%FF",
    "x" * 2000,
    "'%20OR%201=1--",
)


def test_a_link_shows_these_keys_and_no_other(shop: Shop) -> None:
    order = shop.create(customerId="c-secret")
    answer = shop.call("GET", f"/v1/track/{order['trackingToken']}")
    assert answer.status == 200
    tracked = answer.json
    assert set(tracked) == KEYS
    assert {frozenset(item) for item in tracked["items"]} == {
        frozenset({"sku", "name", "quantity", "unitPrice", "total"})
    }
    assert tracked == {key: order[key] for key in KEYS}
    for secret in (*PRIVATE, order["trackingToken"].encode()):
        assert secret not in answer.content


def test_a_link_follows_its_order(shop: Shop) -> None:
    order = shop.create()
    shop.cancel(order["orderNumber"])
    assert shop.call("GET", f"/v1/track/{order['trackingToken'].upper()}").json["status"] == "CANCELLED"


def test_the_answer_is_stored_and_passed_on_by_nobody(shop: Shop) -> None:
    order = shop.create()
    for token in (order["trackingToken"], fresh_token()):
        headers = shop.call("GET", f"/v1/track/{token}").headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"


def test_every_failure_is_the_same_to_the_byte(shop: Shop) -> None:
    withdrawn = shop.create()
    shop.sql(
        "UPDATE orders SET tracking_token = :new WHERE order_number = :n",
        new=fresh_token(),
        n=withdrawn["orderNumber"],
    )
    answers = [
        shop.call("GET", f"/v1/track/{token}", headers={"x-request-id": "same-for-all"})
        for token in (*BAD_TOKENS, withdrawn["trackingToken"])
    ]
    assert {(answer.status, answer.code) for answer in answers} == {(404, "TRACKING_NOT_FOUND")}
    assert len({(answer.raw_headers, answer.content) for answer in answers}) == 1


def test_a_staff_member_sees_the_same_and_is_audited(shop: Shop) -> None:
    order = shop.create()
    path = f"/v1/track/{order['trackingToken']}"
    nobody, staff = shop.call("GET", path), shop.get(path, shop.staff("support", name="sam"))
    assert nobody.content == staff.content
    rows = shop.sql(
        "SELECT actor FROM audit_log WHERE action = 'order.track' AND order_number = :n",
        n=order["orderNumber"],
    )
    assert [row["actor"] for row in rows] == ["staff:sam"]


def test_the_page_shows_the_order_without_a_script_or_anything_private(shop: Shop) -> None:
    nasty = "<script>alert(1)</script>"
    order = shop.post(
        "/v1/orders",
        order_body(
            customerId="c-secret",
            items=[{"sku": "S&<1>", "name": nasty, "quantity": 1, "unitPrice": "5.00"}],
            shippingAddress=ADDRESS | {"city": "<b>Lyon</b>"},
        ),
    ).json
    answer = shop.call("GET", f"/track/{order['trackingToken']}")
    page = answer.content.decode()
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert order["orderNumber"] in page
    assert "j***@example.com" in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>Lyon" not in page
    for secret in (*PRIVATE, order["trackingToken"].encode()):
        assert secret not in answer.content
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert not re.search(r"\bon\w+=", page)


def test_an_order_that_was_stored_with_unseen_characters_shows_what_it_says(shop: Shop) -> None:
    order = shop.create()
    shop.sql(
        "UPDATE orders SET shipping_city = :city WHERE order_number = :number",
        city="Ly\u200bon\u202e",
        number=order["orderNumber"],
    )
    page = shop.call("GET", f"/track/{order['trackingToken']}").content.decode()
    assert "Lyon, FR<" in page
    assert without_unseen(page) == page


def test_the_pages_own_style_is_the_one_that_its_policy_allows(shop: Shop) -> None:
    import base64
    import hashlib

    answer = shop.call("GET", "/track/nope")
    style = re.search(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_the_page_for_a_bad_link_is_the_same_for_all_of_them(shop: Shop) -> None:
    answers = [
        shop.call("GET", f"/track/{token}", headers={"x-request-id": "same-for-all"}) for token in BAD_TOKENS
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({(answer.raw_headers, answer.content) for answer in answers}) == 1


@pytest.mark.parametrize("status", ["PENDING", "SHIPPED", "REFUNDED"])
def test_the_page_says_the_status_in_words(shop: Shop, status: str) -> None:
    from lib.orders_api.tracking.page import WORDS

    order = shop.create(status=status)
    assert WORDS[status].encode() in shop.call("GET", f"/track/{order['trackingToken']}").content
