"""Guests' codes: issued silently, good once, for ten minutes, burned by guessing (contract, section 6)."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from lib.orders_api.guest import repository
from tests.api.asgi import Answer
from tests.api.shop import EMAIL, Shop, at_once

SAME = {"x-request-id": "same-for-all"}


def wrong(code: str, turn: int = 1) -> str:
    return f"{(int(code) + turn) % 10**6:06d}"


def bytes_of(answers: list[Answer]) -> set[tuple[Any, ...]]:
    return {(answer.status, answer.raw_headers, answer.content) for answer in answers}


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


def test_every_wish_gets_the_same_answer(shop: Shop) -> None:
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
        (fresh, codes[fresh], "stranger@example.com"),
        (used, codes[fresh], EMAIL),
        (fresh, "", EMAIL),
        (fresh, " " + codes[fresh], EMAIL),
        (fresh, codes[fresh] + "\n", EMAIL),
        (fresh, "x" * 9000, EMAIL),
        (fresh, 123456, EMAIL),
        ("T-NONE", None, EMAIL),
        (unasked, [codes[fresh]], EMAIL),
        ("\u0000", "\u0000", "\u0000"),
        (number_in_full_width := fresh, "".join(chr(ord(c) + 0xFEE0) for c in codes[fresh]), EMAIL),
    ]
    assert number_in_full_width == fresh
    answers = [
        shop.verify(number, code, email, headers=SAME, client=f"192.0.2.{turn}")
        for turn, (number, code, email) in enumerate(asked)
    ]
    assert {(answer.status, answer.code) for answer in answers} == {(401, "INVALID_CODE")}
    assert len(bytes_of(answers)) == 1


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

    def wait_for_lock(session: Any, order_id: int) -> Any:
        shop.clock.advance(seconds)
        return take_lock(session, order_id)

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


@pytest.mark.parametrize(("attempts", "good"), [(4, True), (5, False)])
def test_the_fifth_wrong_attempt_burns_a_code(shop: Shop, attempts: int, good: bool) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    for turn in range(attempts):
        assert shop.verify(number, wrong(code, turn + 1)).code == "INVALID_CODE"
    assert (shop.verify(number, code).status == 200) == good


def test_attempts_with_a_wrong_email_or_number_do_not_count(shop: Shop) -> None:
    number, other = shop.create()["orderNumber"], shop.create()["orderNumber"]
    code = shop.new_code(number)
    for _ in range(6):
        shop.verify(number, wrong(code), "stranger@example.com")
        shop.verify(other, wrong(code))
    assert shop.verify(number, code).status == 200


def test_ten_wrong_codes_a_day_lock_an_order_for_24_hours(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    for _ in range(2):
        code = shop.new_code(number)
        for turn in range(5):
            shop.verify(number, wrong(code, turn + 1))
        shop.clock.advance(61)
    mails = len(shop.mails(number, "ACCESS_CODE"))
    shop.request_code(number)
    shop.work()
    assert len(shop.mails(number, "ACCESS_CODE")) == mails
    shop.clock.advance(24 * 3600 - 62 - 61)
    shop.request_code(number)
    shop.work()
    assert len(shop.mails(number, "ACCESS_CODE")) == mails
    shop.clock.advance(63 + 61)
    assert shop.verify(number, shop.new_code(number)).status == 200


def test_a_lock_holds_for_a_code_that_was_issued_before_it(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    for turn in range(5):
        shop.verify(number, wrong(code, turn + 1))
    shop.clock.advance(61)
    code = shop.new_code(number)
    for turn in range(4):
        shop.verify(number, wrong(code, turn + 1))
    shop.sql("UPDATE access_codes SET wrong_attempts = 0 WHERE state = 'LIVE'")
    shop.verify(number, wrong(code))
    assert shop.verify(number, code).code == "INVALID_CODE"


def test_a_hundred_wrong_codes_in_a_row_lock_an_order_for_good(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    wrongs, days = 0, 0
    while wrongs < 100:
        code = shop.new_code(number)
        for turn in range(5):
            shop.verify(number, wrong(code, turn + 1))
            wrongs += 1
        shop.clock.advance(61 if wrongs % 10 else 25 * 3600)
        shop.api.limiter.storage.reset()
        days += 1
    mails = len(shop.mails(number, "ACCESS_CODE"))
    shop.clock.advance(30 * 86400)
    shop.request_code(number)
    shop.work()
    assert len(shop.mails(number, "ACCESS_CODE")) == mails


@pytest.mark.parametrize(("before", "good"), [(98, True), (99, False)])
def test_the_hundredth_wrong_code_is_the_one_that_locks(shop: Shop, before: int, good: bool) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    rule = "order_id = (SELECT id FROM orders WHERE order_number = :n)"
    shop.sql(f"UPDATE guest_locks SET wrong_in_a_row = {before} WHERE {rule}", n=number)
    shop.verify(number, wrong(code))
    assert (shop.verify(number, code).status == 200) == good


def test_a_success_starts_the_row_of_wrong_codes_anew(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    shop.verify(number, wrong(code))
    shop.verify(number, code)
    rule = "order_id = (SELECT id FROM orders WHERE order_number = :n)"
    (row,) = shop.sql(f"SELECT wrong_in_a_row, wrong_at FROM guest_locks WHERE {rule}", n=number)
    assert (row["wrong_in_a_row"], len(row["wrong_at"].split())) == (0, 1)


def test_an_order_gets_one_code_a_minute_and_five_an_hour(shop: Shop) -> None:
    number = shop.create()["orderNumber"]

    def wish_after(seconds: float) -> int:
        shop.clock.advance(seconds)
        assert shop.request_code(number).status == 202
        shop.work()
        return len(shop.mails(number, "ACCESS_CODE"))

    assert wish_after(0) == 1
    assert wish_after(59) == 1
    assert wish_after(2) == 2
    assert [wish_after(61) for _ in range(4)] == [3, 4, 5, 5]
    assert wish_after(3000) == 5
    assert wish_after(600) == 6


def test_a_throttled_wish_leaves_the_code_that_there_is(shop: Shop) -> None:
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


def test_of_many_wrong_codes_at_once_five_count(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    at_once(16, lambda turn: shop.verify(number, wrong(code, turn + 1), client=f"192.0.2.{turn}"))
    rule = "order_id = (SELECT id FROM orders WHERE order_number = :n)"
    (kept,) = shop.sql(f"SELECT state, wrong_attempts FROM access_codes WHERE {rule}", n=number)
    assert (kept["state"], kept["wrong_attempts"]) == ("DEAD", 5)
    (lock,) = shop.sql(f"SELECT wrong_at FROM guest_locks WHERE {rule}", n=number)
    assert len(lock["wrong_at"].split()) == 5


def test_many_wishes_at_once_leave_one_live_code(shop: Shop) -> None:
    number = shop.create()["orderNumber"]

    def wish(turn: int) -> None:
        shop.request_code(number, client=f"192.0.2.{turn}")
        shop.work()

    at_once(8, wish)
    assert len(shop.mails(number, "ACCESS_CODE")) == 1
    assert shop.verify(number, shop.codes(number)[0]).status == 200


def test_neither_codes_nor_who_asked_stand_readable_in_the_store(shop: Shop) -> None:
    number = shop.create(email="marked.guest@example.com")["orderNumber"]
    shop.request_code(number, "marked.guest@example.com")
    (wish,) = shop.sql("SELECT sealed FROM access_requests")
    assert b"marked.guest" not in bytes(wish["sealed"])
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


def test_a_wish_that_waited_too_long_gets_no_code(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.request_code(number)
    shop.clock.advance(301)
    shop.work()
    assert shop.mails(number, "ACCESS_CODE") == []


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
