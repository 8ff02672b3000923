"""Guessing at a guest's code burns the code, then locks the order: for a day, then for good."""

from __future__ import annotations

import pytest

from tests.api.shop import Shop, at_once, wrong


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


def test_of_many_wrong_codes_at_once_five_count(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    at_once(16, lambda turn: shop.verify(number, wrong(code, turn + 1), client=f"192.0.2.{turn}"))
    rule = "order_id = (SELECT id FROM orders WHERE order_number = :n)"
    (kept,) = shop.sql(f"SELECT state, wrong_attempts FROM access_codes WHERE {rule}", n=number)
    assert (kept["state"], kept["wrong_attempts"]) == ("DEAD", 5)
    (lock,) = shop.sql(f"SELECT wrong_at FROM guest_locks WHERE {rule}", n=number)
    assert len(lock["wrong_at"].split()) == 5
