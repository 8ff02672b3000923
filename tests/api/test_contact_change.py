"""A wrong email or phone put right: who is told, what ends, and by what the order is found from then on."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from lib.orders_api.forgetting.service import forget_customer
from tests.api.asgi import Answer
from tests.api.shop import EMAIL, Shop

RIGHT = "right.one@example.com"
WHY = "Typed wrong at the till"


def change(shop: Shop, number: str, token: str | None = None, **body: Any) -> Answer:
    target = f"/v1/orders/{quote(number, safe='')}/contact"
    token = token or shop.staff("support", name="sam")
    return shop.call("PATCH", target, {"reason": WHY, **body}, token)


def found_by(shop: Shop, text: str) -> list[str]:
    page = shop.get(f"/v1/orders?q={quote(text)}", shop.staff("support")).json
    return [each["orderNumber"] for each in page["items"]]


def test_an_email_that_is_put_right_takes_mails_search_and_guests_along(shop: Shop) -> None:
    number = shop.create(email="wrong@example.com")["orderNumber"]
    answer = change(shop, number, email=RIGHT)
    assert (answer.status, answer.json["emailMasked"], answer.json["contactMasked"]) == (
        200, "r***@example.com", True,
    )  # fmt: skip
    assert shop.order(number)["email"] == RIGHT
    assert number in found_by(shop, RIGHT)
    assert found_by(shop, "wrong@example.com") == []
    (waiting,) = shop.mails(number, "CONFIRMATION")
    (told,) = shop.mails(number, "EMAIL_CHANGED")
    assert (waiting.recipient, told.recipient) == (RIGHT, "wrong@example.com")
    assert number in shop.text_of(told)
    assert RIGHT not in shop.text_of(told)
    assert shop.new_code(number, RIGHT)
    (row,) = shop.sql(
        "SELECT * FROM audit_log WHERE order_number = :n AND action = 'order.change_contact'", n=number
    )
    assert (row["actor"], row["reason"], row["detail"]) == ("staff:sam", WHY, "email")
    entry = shop.timeline(number)[0]
    assert (entry["kind"], entry["detail"]) == ("EMAIL_CHANGED", f"Email changed: {WHY}")


def test_what_the_old_mailbox_had_proven_is_worth_nothing_any_more(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    sam = shop.staff("support", name="sam")
    token = shop.verify(number, shop.new_code(number), token=sam).json["accessToken"]
    assert shop.order(number, sam)["contactMasked"] is False
    assert change(shop, number, email=RIGHT).status == 200
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"
    assert shop.order(number, sam)["contactMasked"] is True


def test_an_address_that_an_order_had_before_can_be_forgotten(own_shop: Shop) -> None:
    number = own_shop.create(email="wrong@example.com")["orderNumber"]
    assert change(own_shop, number, email=RIGHT).status == 200
    assert forget_customer(own_shop.api, "Wrong@example.com").left == {}
    assert own_shop.order(number)["email"] == RIGHT


def test_a_phone_alone_tells_nobody_and_ends_nothing(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    token = shop.verify(number, shop.new_code(number)).json["accessToken"]
    assert change(shop, number, phone="+49 30 5550199").status == 200
    assert number in found_by(shop, "030 5550199")
    assert shop.mails(number, "EMAIL_CHANGED") == []
    assert shop.get("/v1/guest/order", token).status == 200
    assert shop.timeline(number)[0]["kind"] == "PHONE_CHANGED"


def test_an_order_without_an_email_gets_one_and_then_its_confirmation(shop: Shop) -> None:
    number = shop.create(email=None)["orderNumber"]
    assert change(shop, number, email=RIGHT).status == 200
    assert shop.mails(number, "EMAIL_CHANGED") == []
    sent = shop.post(f"/v1/orders/{quote(number, safe='')}/resend-confirmation", None, shop.staff("support"))
    assert sent.status == 202
    assert [mail.recipient for mail in shop.mails(number, "CONFIRMATION")] == [RIGHT]


@pytest.mark.parametrize(
    "body",
    [{}, {"email": EMAIL}, {"email": "nobody"}, {"email": RIGHT, "reason": "x"}, {"phone": None},
     {"phone": ""}, {"email": RIGHT, "more": 1}],
)  # fmt: skip
def test_what_changes_nothing_or_has_no_reason_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    number = shop.create()["orderNumber"]
    assert change(shop, number, **body).code == "VALIDATION_FAILED"
    assert shop.order(number)["email"] == EMAIL
    assert len(shop.timeline(number)) == 1


def test_an_old_address_is_written_to_five_times_a_day_at_most(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    for turn in range(5):
        assert change(shop, number, email=f"turn{turn}@example.com").status == 200
    assert change(shop, number, email=RIGHT).code == "RATE_LIMITED"
    assert change(shop, number, phone="1234567").status == 200
    assert change(shop, "T-NONE", email=RIGHT).code == "ORDER_NOT_FOUND"
