"""Guests' codes: who gets one, how often, and that it is good once, for ten minutes (contract, section 6)."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from lib.orders_api.guest import repository
from tests.api.shop import EMAIL, Shop, at_once, wrong


def test_a_right_code_opens_the_order(shop: Shop) -> None:
    order = shop.create()
    number = order["orderNumber"]
    answer = shop.verify(number, shop.new_code(number))
    assert answer.status == 200
    assert set(answer.json) == {"accessToken", "expiresIn", "order"}
    assert answer.json["expiresIn"] == 1800
    assert answer.json["order"] == shop.order(number)
    assert answer.json["order"]["contactMasked"] is False
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", answer.json["accessToken"])
    assert answer.headers["cache-control"] == "no-store"
    assert shop.timeline(number)[0]["kind"] == "GUEST_VERIFIED"
    assert shop.timeline(number)[0]["actor"] == "guest"


def test_number_and_email_are_compared_without_regard_to_case_and_space(shop: Shop) -> None:
    number = shop.create(orderNumber="#Guest 1")["orderNumber"]
    shop.request_code(" #GUEST 1 ", f" {EMAIL.upper()} ")
    shop.work()
    (code,) = shop.codes(number)
    assert shop.verify("#guest 1", code, EMAIL.title()).status == 200
    assert len(shop.mails(number, "ACCESS_CODE")) == 1


def test_a_code_has_six_digits_and_goes_to_the_orders_address_alone(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    (mail,) = shop.mails(number, "ACCESS_CODE")
    assert re.fullmatch(r"[0-9]{6}", code)
    assert mail.recipient == EMAIL
    assert code not in mail.subject
    assert number not in mail.subject


def test_a_code_works_once(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    assert shop.verify(number, code).status == 200
    assert shop.verify(number, code).code == "INVALID_CODE"


@pytest.mark.parametrize(("seconds", "good"), [(599.9, True), (600, False), (601, False), (86400, False)])
def test_a_code_is_good_for_ten_minutes(shop: Shop, seconds: float, good: bool) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    shop.clock.advance(seconds)
    assert (shop.verify(number, code).status == 200) == good


@pytest.mark.parametrize(("seconds", "good"), [(0.9, True), (1, False)])
def test_a_code_that_ends_while_its_caller_waits_for_others_is_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, seconds: float, good: bool
) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    shop.clock.advance(599)
    take_lock = repository.lock_of

    def wait_for_lock(session: Any, target: Any) -> Any:
        shop.clock.advance(seconds)
        return take_lock(session, target)

    monkeypatch.setattr(repository, "lock_of", wait_for_lock)
    assert (shop.verify(number, code).status == 200) == good


def test_a_new_code_kills_the_old_one_and_its_mail(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    old = shop.new_code(number)
    shop.clock.advance(61)
    new = shop.new_code(number)
    mails = shop.mails(number, "ACCESS_CODE")
    assert [(mail.state, mail.sealed_body is None) for mail in mails] == [
        ("EXPIRED", True),
        ("WAITING", False),
    ]
    if old != new:
        assert shop.verify(number, old).code == "INVALID_CODE"
    assert shop.verify(number, new).status == 200


def test_an_order_gets_one_code_a_minute_and_five_an_hour(shop: Shop) -> None:
    number = shop.create()["orderNumber"]

    def codes_after(seconds: float) -> int:
        shop.clock.advance(seconds)
        assert shop.request_code(number).status == 202
        shop.work()
        return len(shop.mails(number, "ACCESS_CODE"))

    assert codes_after(0) == 1
    assert codes_after(59) == 1
    assert codes_after(2) == 2
    assert [codes_after(61) for _ in range(4)] == [3, 4, 5, 5]
    assert codes_after(3000) == 5
    assert codes_after(600) == 6


def test_a_throttled_request_leaves_the_code_that_there_is(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    shop.clock.advance(30)
    shop.request_code(number)
    shop.work()
    assert shop.verify(number, code).status == 200


def test_of_many_with_the_right_code_at_once_one_gets_in(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    answers = at_once(16, lambda turn: shop.verify(number, code, client=f"192.0.2.{turn}"))
    assert Counter(answer.status for answer in answers) == {200: 1, 401: 15}
    assert shop.count("access_tokens", number) == 1


def test_many_code_requests_at_once_leave_one_live_code(shop: Shop) -> None:
    number = shop.create()["orderNumber"]

    def ask(turn: int) -> None:
        shop.request_code(number, client=f"192.0.2.{turn}")
        shop.work()

    at_once(8, ask)
    assert len(shop.mails(number, "ACCESS_CODE")) == 1
    assert shop.verify(number, shop.codes(number)[0]).status == 200


def test_neither_codes_nor_who_asked_stand_readable_in_the_store(shop: Shop) -> None:
    number = shop.create(email="marked.guest@example.com")["orderNumber"]
    shop.request_code(number, "marked.guest@example.com")
    (kept,) = shop.sql("SELECT sealed FROM access_requests")
    assert b"marked.guest" not in bytes(kept["sealed"])
    shop.work()
    code = shop.codes(number)[-1]
    shop.verify(number, wrong(code), "marked.guest@example.com")
    rows = [row for table in ("outbox", "access_codes") for row in shop.sql(f"SELECT * FROM {table}")]
    held = [
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        for row in rows
        for name, value in row.items()
        if name not in ("created_at", "issued_at", "due_at", "expires_at", "sent_at")
    ]
    assert not [value for value in held if re.search(rb"(?<![0-9a-f])%s(?![0-9a-f])" % code.encode(), value)]


def test_a_used_codes_mail_is_wiped_though_it_was_not_sent(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.verify(number, shop.new_code(number))
    (mail,) = shop.mails(number, "ACCESS_CODE")
    assert (mail.state, mail.sealed_body) == ("EXPIRED", None)


def test_a_request_that_waited_too_long_gets_no_code(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.request_code(number)
    shop.clock.advance(301)
    shop.work()
    assert shop.mails(number, "ACCESS_CODE") == []
