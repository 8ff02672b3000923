"""Calls that may be repeated under an Idempotency-Key (contract, section 5)."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from lib.orders_api.http import idempotency
from lib.orders_api.orders import service
from tests.api.asgi import Answer
from tests.api.shop import MakeShop, Shop, at_once, order_body

KEY = {"idempotency-key": "key-1"}


def cancel(shop: Shop, number: str, body: Any = None, token: str | None = None, key: str = "") -> Answer:
    return shop.cancel(number, body, token, headers={"idempotency-key": key or f"key-{number}"})


def test_a_repeat_gets_the_first_answer_and_changes_nothing_more(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    first = cancel(shop, number, {"reason": "DUPLICATE"})
    shop.clock.advance(3600)
    again = cancel(shop, number, {"reason": "DUPLICATE"})
    assert (again.status, again.content) == (first.status, first.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert shop.count("timeline", number) == 2
    assert len(shop.mails(number, "CANCELLATION")) == 1


def test_a_repeat_after_a_change_of_the_key_is_told_that_its_answer_is_lost(
    own_shop: Shop, open_shop: MakeShop
) -> None:
    headers = {"idempotency-key": "key-1"}
    body = {name: value for name, value in order_body().items() if name != "orderNumber"}
    assert own_shop.post("/v1/orders", body, headers=headers).status == 201
    other_key = own_shop.settings.model_copy(update={"code_key": own_shop.settings.jwt_secret})
    again = open_shop(other_key).post("/v1/orders", body, headers=headers)
    assert (again.status, again.json["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert own_shop.count("orders") == 1


def test_a_body_that_says_the_same_is_the_same_call(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    first = cancel(shop, number, {"notify": True, "reason": "OTHER"})
    assert cancel(shop, number).content == first.content


@pytest.mark.parametrize("other", [{"reason": "OTHER"}, {"notify": False}])
def test_the_same_key_with_another_body_is_refused(shop: Shop, other: dict[str, Any]) -> None:
    number = shop.create()["orderNumber"]
    cancel(shop, number, {"reason": "DUPLICATE"})
    answer = cancel(shop, number, other)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"


def test_the_same_key_for_another_order_or_call_is_refused(shop: Shop) -> None:
    number, other = shop.create()["orderNumber"], shop.create()["orderNumber"]
    cancel(shop, number, key="shared-key")
    assert cancel(shop, other, key="shared-key").status == 422
    headers = {"idempotency-key": "shared-key"}
    assert shop.post("/v1/orders", order_body(), headers=headers).status == 422
    assert shop.order(other)["status"] == "PENDING"


def test_a_key_belongs_to_its_caller(shop: Shop) -> None:
    number = shop.create(customerId="c-1")["orderNumber"]
    callers = [shop.staff("support", name="sam"), shop.staff("support", name="sue"), shop.customer("c-1")]
    answers = [cancel(shop, number, token=token) for token in callers]
    assert [answer.status for answer in answers] == [200, 409, 409]


def test_an_error_is_the_first_answer_too(shop: Shop) -> None:
    number = shop.create(status="SHIPPED")["orderNumber"]
    first, again = cancel(shop, number), cancel(shop, number)
    assert first.code == again.code == "ORDER_NOT_CANCELLABLE"
    assert again.content == first.content
    assert again.headers["content-type"] == "application/problem+json"


def test_input_that_was_refused_leaves_the_key_free(shop: Shop) -> None:
    wrong = order_body(orderNumber="IDEM-1", grandTotal="1.00")
    assert shop.post("/v1/orders", wrong, headers=KEY).status == 422
    answer = shop.post("/v1/orders", order_body(orderNumber="IDEM-1"), headers=KEY)
    assert answer.status == 201
    again = shop.post("/v1/orders", order_body(orderNumber="IDEM-1"), headers=KEY)
    assert (again.status, again.content) == (201, answer.content)
    assert again.headers["location"] == "/v1/orders/IDEM-1"


def test_a_store_that_could_not_be_reached_leaves_the_key_free(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = shop.create()["orderNumber"]

    def gone(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(service, "_note_change", gone)
        answer = cancel(shop, number)
    assert (answer.status, answer.code) == (503, "UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0
    assert shop.order(number)["status"] == "PENDING"
    assert cancel(shop, number).status == 200


def test_a_call_that_broke_is_done_again_after_a_while(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.create()["orderNumber"]

    def broken(*_: object) -> None:
        raise RuntimeError("SECRET")

    with monkeypatch.context() as patch:
        patch.setattr(service, "_note_change", broken)
        answer = cancel(shop, number)
    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert b"SECRET" not in answer.content
    assert cancel(shop, number).code == "IN_PROGRESS"
    shop.clock.advance(31)
    assert cancel(shop, number).status == 200


@pytest.mark.parametrize(("hours", "repeated"), [(23.99, True), (24.01, False)])
def test_an_answer_is_kept_for_24_hours(shop: Shop, hours: float, repeated: bool) -> None:
    number = shop.create()["orderNumber"]
    cancel(shop, number)
    shop.clock.advance(hours * 3600)
    assert cancel(shop, number).status == (200 if repeated else 409)


def test_while_the_first_call_runs_a_repeat_is_told_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.create()["orderNumber"]
    begun, go_on = threading.Event(), threading.Event()
    real = idempotency._reserve

    def slow(*call: Any) -> Any:
        kept = real(*call)
        if not begun.is_set():
            begun.set()
            assert go_on.wait(20)
        return kept

    monkeypatch.setattr(idempotency, "_reserve", slow)
    answers: list[Answer] = []
    first = threading.Thread(target=lambda: answers.append(cancel(shop, number)))
    first.start()
    assert begun.wait(20)
    during = cancel(shop, number)
    go_on.set()
    first.join(20)
    assert (during.status, during.code) == (409, "IN_PROGRESS")
    assert answers[0].status == 200
    assert cancel(shop, number).content == answers[0].content


def test_the_same_call_many_times_at_once_is_done_once(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    answers = at_once(16, lambda _: cancel(shop, number))
    codes = Counter(answer.code for answer in answers)
    assert set(codes) <= {None, "IN_PROGRESS"}
    assert codes[None] >= 1
    assert len({answer.content for answer in answers if answer.code is None}) == 1
    assert shop.count("timeline", number) == 2
    assert cancel(shop, number).status == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "schlüssel", "\x7f"])
def test_a_key_that_cant_be_one_is_refused(shop: Shop, key: str) -> None:
    number = shop.create()["orderNumber"]
    answer = shop.cancel(number, headers={"idempotency-key": key})
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert shop.order(number)["status"] == "PENDING"


def test_set_status_can_be_repeated_too(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    headers = {"idempotency-key": f"status-{number}"}
    first, again = (
        shop.post(f"/v1/orders/{number}/status", {"status": "CONFIRMED"}, headers=headers) for _ in range(2)
    )
    assert (again.status, again.content) == (first.status, first.content)
    assert first.status == 200
    assert shop.count("timeline", number) == 2


def test_kept_answers_cant_be_read_in_the_store(shop: Shop) -> None:
    number = shop.create(email="marked.person@example.com")["orderNumber"]
    cancel(shop, number, token=shop.customer())
    rows = shop.sql("SELECT * FROM idempotency_keys")
    assert rows
    assert all(b"marked.person" not in bytes(row["sealed_answer"] or b"") for row in rows)
