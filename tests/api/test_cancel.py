"""Cancelling: the change, what is written with it in one transaction, and one winner of many callers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from lib.settings import Settings
from tests.api.shop import EMAIL, Shop, at_once

REASONS = (
    "CUSTOMER_REQUEST",
    "PAYMENT_NOT_RECEIVED",
    "FRAUD_SUSPECTED",
    "OUT_OF_STOCK",
    "DUPLICATE",
    "OTHER",
)


def test_cancelling_voids_the_payment_and_says_why(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.clock.advance(60)
    answer = shop.cancel(number, {"reason": "DUPLICATE", "note": "Ordered twice"}, shop.customer())
    assert answer.status == 200
    order = answer.json
    assert (order["status"], order["paymentStatus"]) == ("CANCELLED", "VOIDED")
    assert order["fulfillmentStatus"] == "UNFULFILLED"
    assert order["cancelReason"] == "DUPLICATE"
    assert order["updatedAt"] == "2026-11-23T08:16:00Z"
    assert shop.order(number) == order


def test_cancelling_writes_one_timeline_row_one_audit_row_and_one_mail(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    before = {table: shop.count(table, number) for table in ("timeline", "audit_log", "outbox")}
    shop.clock.advance(60)
    shop.cancel(
        number,
        {"reason": "OUT_OF_STOCK", "note": "Sold out"},
        shop.staff("support", name="sam"),
        headers={"x-request-id": "cancel-request-1"},
    )
    for table, rows in before.items():
        assert shop.count(table, number) == rows + 1, table
    assert shop.timeline(number)[0] == {
        "at": "2026-11-23T08:16:00Z",
        "actor": "staff:sam",
        "kind": "STATUS_CHANGED",
        "detail": "PENDING → CANCELLED: OUT_OF_STOCK: Sold out",
    }
    audit = shop.sql("SELECT * FROM audit_log WHERE request_id = 'cancel-request-1'")[0]
    assert (audit["actor"], audit["role"], audit["action"]) == ("staff:sam", "support", "order.cancel")
    assert (audit["outcome"], audit["reason"], audit["client"]) == ("OK", "OUT_OF_STOCK", "192.0.2.1")
    (mail,) = shop.mails(number, "CANCELLATION")
    assert (mail.recipient, mail.state) == (EMAIL, "WAITING")
    assert number in shop.text_of(mail)
    assert number not in mail.subject


def test_without_notify_no_mail_is_written(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    assert shop.cancel(number, {"notify": False}).status == 200
    assert shop.mails(number, "CANCELLATION") == []


@pytest.mark.parametrize("raw", [b"", b"{}", b"null", b'{"note": null}'])
def test_everything_in_the_body_may_be_left_out(shop: Shop, raw: bytes) -> None:
    number = shop.create()["orderNumber"]
    assert shop.cancel(number, raw=raw).json["cancelReason"] == "OTHER"
    assert len(shop.mails(number, "CANCELLATION")) == 1


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_of_the_contract_is_kept(shop: Shop, reason: str) -> None:
    number = shop.create()["orderNumber"]
    assert shop.cancel(number, {"reason": reason}).json["cancelReason"] == reason


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "SECRET"},
        {"reason": ""},
        {"reason": 1},
        {"note": "SECRET\u0000"},
        {"note": ""},
        {"note": "x" * 2001},
        {"note": "\ud800"},
        {"notify": "no"},
        {"notify": 0},
        {"SECRET-field": 1},
        {"cancel_reason": "OTHER"},
        [],
        "SECRET",
        7,
    ],
)
def test_a_body_that_cant_be_right_changes_nothing(shop: Shop, body: object) -> None:
    number = shop.create()["orderNumber"]
    answer = shop.cancel(number, body)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert b"SECRET" not in answer.content
    assert shop.order(number)["status"] == "PENDING"


@pytest.mark.parametrize(
    "status", ["CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED"]
)
def test_only_a_pending_order_can_be_cancelled(shop: Shop, status: str) -> None:
    number = shop.create(status=status)["orderNumber"]
    before = [shop.count(table, number) for table in ("timeline", "audit_log", "outbox")]
    answer = shop.cancel(number)
    assert (answer.status, answer.code) == (409, "ORDER_NOT_CANCELLABLE")
    assert answer.json["currentStatus"] == status
    assert [shop.count(table, number) for table in ("timeline", "audit_log", "outbox")] == before


@pytest.mark.parametrize("table", ["timeline", "audit_log", "outbox"])
def test_when_one_row_cant_be_written_nothing_is(
    open_shop: Callable[[Settings], Shop],
    make_settings: Callable[..., Settings],
    database_url: str,
    table: str,
) -> None:
    shop = open_shop(make_settings(database_url=database_url))
    number = shop.create()["orderNumber"]
    before = [shop.count(each, number) for each in ("timeline", "audit_log", "outbox")]
    if shop.api.database.is_sqlite:
        shop.sql(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no room'); END")
    else:
        shop.sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''no room''; END'"
        )
        shop.sql(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()")
    answer = shop.cancel(number)
    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert b"no room" not in answer.content
    shop.sql("DROP TRIGGER refuse" + ("" if shop.api.database.is_sqlite else f" ON {table}"))
    order = shop.order(number)
    assert (order["status"], order["paymentStatus"], order["cancelReason"]) == ("PENDING", "PENDING", None)
    assert [shop.count(each, number) for each in ("timeline", "audit_log", "outbox")] == before
    assert shop.cancel(number).status == 200


def test_of_many_callers_at_once_exactly_one_cancels(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    before = [shop.count(each, number) for each in ("timeline", "audit_log", "outbox")]
    answers = at_once(24, lambda caller: shop.cancel(number, token=shop.staff("support", name=f"s{caller}")))
    assert Counter(answer.code for answer in answers) == {None: 1, "ORDER_NOT_CANCELLABLE": 23}
    assert {answer.json.get("currentStatus") for answer in answers if answer.code} == {"CANCELLED"}
    after = [shop.count(each, number) for each in ("timeline", "audit_log", "outbox")]
    assert after == [rows + 1 for rows in before]


def test_cancelling_and_confirming_at_once_do_not_both_happen(shop: Shop) -> None:
    for _ in range(4):
        number = shop.create()["orderNumber"]
        acts = (partial(shop.set_status, number, "CONFIRMED"), partial(shop.cancel, number))
        answers = at_once(8, lambda turn: acts[turn % 2]())  # noqa: B023 - ended before the next round
        assert [answer.status for answer in answers].count(200) == 1
        assert [entry["kind"] for entry in shop.timeline(number)] == ["STATUS_CHANGED", "CREATED"]


def test_a_caller_who_hangs_up_in_the_middle_of_the_body_changes_nothing(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.cancel(number, raw=[b'{"notify": fal', None])
    assert shop.order(number)["status"] == "PENDING"
