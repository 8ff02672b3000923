"""Guests are answered alike, byte for byte, whatever was right or wrong in what they sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asgi import Answer
from tests.api.shop import EMAIL, Shop, wrong

SAME = {"x-request-id": "same-for-all"}


def bytes_of(answers: list[Answer]) -> set[tuple[Any, ...]]:
    return {(answer.status, answer.raw_headers, answer.content) for answer in answers}


def test_every_code_request_gets_the_same_answer(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.new_code(number)
    asked = [
        (number, EMAIL),
        (number, EMAIL),
        (number, "stranger@example.com"),
        ("T-NONE", EMAIL),
        ("", ""),
        ("\u0000/", "no email"),
        ("x" * 5000, "y" * 5000),
    ]
    answers = [shop.request_code(n, email, headers=SAME) for n, email in asked]
    shop.work()
    assert len(bytes_of(answers)) == 1
    assert answers[0].status == 202


def test_only_a_right_pair_gets_a_mail(shop: Shop) -> None:
    number, other = shop.create()["orderNumber"], shop.create(email="bob@example.com")["orderNumber"]
    before = shop.count("outbox")
    for asked, email in ((number, "bob@example.com"), (other, EMAIL), ("T-NONE", EMAIL), (number, "")):
        shop.request_code(asked, email)
    shop.work()
    assert shop.count("outbox") == before
    assert shop.count("access_requests") == 0


def test_every_failure_of_a_verification_is_the_same_to_the_byte(shop: Shop) -> None:
    fresh, used, expired, burned, unasked = (shop.create()["orderNumber"] for _ in range(5))
    old_code = shop.new_code(expired)
    shop.clock.advance(600)
    codes = {number: shop.new_code(number) for number in (fresh, used, burned)}
    shop.verify(used, codes[used])
    for turn in range(5):
        shop.verify(burned, wrong(codes[burned], turn + 1))
    asked: list[tuple[str, Any, str]] = [
        (fresh, wrong(codes[fresh]), EMAIL),
        (expired, old_code, EMAIL),
        (used, codes[used], EMAIL),
        (burned, codes[burned], EMAIL),
        (unasked, "000000", EMAIL),
        ("T-NONE", codes[fresh], EMAIL),
        (shop.create(email=None)["orderNumber"], codes[fresh], EMAIL),
        (shop.create(email=None)["orderNumber"], codes[fresh], ""),
        (fresh, codes[fresh], "stranger@example.com"),
        (used, codes[fresh], EMAIL),
        (fresh, "", EMAIL),
        (fresh, codes[fresh] + "\u200b", EMAIL),
        (fresh, codes[fresh] + "0", EMAIL),
        (fresh, "x" * 9000, EMAIL),
        (fresh, 123456, EMAIL),
        ("T-NONE", None, EMAIL),
        (unasked, [codes[fresh]], EMAIL),
        ("\u0000", "\u0000", "\u0000"),
        (fresh, "\u2460" + codes[fresh][1:], EMAIL),
    ]
    answers = [
        shop.verify(number, code, email, headers=SAME, client=f"192.0.2.{turn}")
        for turn, (number, code, email) in enumerate(asked)
    ]
    assert {(answer.status, answer.code) for answer in answers} == {(401, "INVALID_CODE")}
    assert len(bytes_of(answers)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"orderNumber": "x"},
        {"orderNumber": "x", "email": 7, "code": "SECRET"},
        {"orderNumber": "x", "email": "y", "code": "SECRET", "more": 1},
        {"order_number": "x", "email": "y", "code": "SECRET"},
        [],
        "SECRET",
    ],
)
def test_a_body_of_another_shape_is_refused_without_an_echo(shop: Shop, body: Any) -> None:
    for path in ("/v1/guest/access-codes", "/v1/guest/access-codes/verify"):
        if path.endswith("codes") and isinstance(body, dict) and body.get("email") == "y":
            continue
        answer = shop.call("POST", path, body)
        assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
        assert b"SECRET" not in answer.content
