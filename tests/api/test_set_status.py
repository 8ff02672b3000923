"""Moving an order on: the whole table of section 1, what each change sets, and the timeline it writes."""

from __future__ import annotations

from itertools import product

import pytest

from tests.api.shop import Shop, at_once

NEXT = {
    "PENDING": {"CONFIRMED", "CANCELLED"},
    "CONFIRMED": {"PROCESSING", "REFUNDED"},
    "PROCESSING": {"SHIPPED", "REFUNDED"},
    "SHIPPED": {"DELIVERED", "REFUNDED"},
    "DELIVERED": {"REFUNDED"},
    "CANCELLED": set(),
    "REFUNDED": set(),
}
SETS = {
    "CANCELLED": {"paymentStatus": "VOIDED"},
    "CONFIRMED": {"paymentStatus": "PAID"},
    "SHIPPED": {"fulfillmentStatus": "FULFILLED"},
    "REFUNDED": {"paymentStatus": "REFUNDED"},
}


@pytest.mark.parametrize(("status", "to"), list(product(NEXT, NEXT)))
def test_the_table_of_transitions_is_the_contracts(shop: Shop, status: str, to: str) -> None:
    number = shop.create(status=status, paymentStatus="FAILED", fulfillmentStatus="RETURNED")["orderNumber"]
    before = shop.order(number)
    audited = shop.count("audit_log", number)
    shop.clock.advance(5)
    answer = shop.set_status(number, to)
    after = shop.order(number)
    if to in NEXT[status]:
        assert answer.status == 200
        sets = {"status": to, "updatedAt": "2026-11-23T08:15:05Z", **SETS.get(to, {})}
        if to == "CANCELLED":
            sets["cancelReason"] = "OTHER"
        assert after == before | sets
        assert [entry["detail"] for entry in shop.timeline(number)] == [f"{status} → {to}", status]
        assert shop.count("audit_log", number) == audited + 1
    else:
        assert (answer.status, answer.code) == (409, "INVALID_TRANSITION")
        assert answer.json["currentStatus"] == status
        assert after == before
        assert (shop.count("timeline", number), shop.count("audit_log", number)) == (1, audited)


def test_carrier_number_and_note_are_kept(shop: Shop) -> None:
    number = shop.create(status="PROCESSING")["orderNumber"]
    shop.set_status(number, "SHIPPED", carrier="DHL", trackingNumber="JJD 1", note="Left at noon")
    order = shop.order(number)
    assert (order["carrier"], order["trackingNumber"]) == ("DHL", "JJD 1")
    assert shop.timeline(number)[0]["detail"] == "PROCESSING → SHIPPED: Left at noon"
    shop.set_status(number, "DELIVERED")
    assert shop.order(number)["carrier"] == "DHL"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "SECRET"},
        {"status": "confirmed"},
        {"status": None},
        {"status": "CONFIRMED", "SECRET": 1},
        {"status": "CONFIRMED", "tracking_number": "1"},
        {"status": "CONFIRMED", "carrier": ""},
        {"status": "CONFIRMED", "carrier": "SECRET\u0000"},
        {"status": "CONFIRMED", "note": "x" * 2001},
        {"status": "CONFIRMED", "note": 5},
    ],
)
def test_a_body_that_cant_be_right_changes_nothing(shop: Shop, body: object) -> None:
    number = shop.create()["orderNumber"]
    answer = shop.post(f"/v1/orders/{number}/status", body)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert b"SECRET" not in answer.content.replace(b'"SECRET"', b"")
    assert shop.order(number)["status"] == "PENDING"


def test_an_unknown_order_is_not_found(shop: Shop) -> None:
    assert shop.set_status("T-NONE", "CONFIRMED").code == "ORDER_NOT_FOUND"


def test_of_many_callers_at_once_exactly_one_moves_an_order_on(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    answers = at_once(12, lambda _: shop.set_status(number, "CONFIRMED"))
    assert sorted(answer.status for answer in answers) == [200, *[409] * 11]
    assert {answer.code for answer in answers} == {None, "INVALID_TRANSITION"}
    assert shop.count("timeline", number) == 2


def test_a_timeline_tells_a_whole_life_newest_first(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    for to in ("CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "REFUNDED"):
        shop.clock.advance(3600)
        assert shop.set_status(number, to).status == 200
    entries = shop.timeline(number)
    assert [entry["at"][11:13] for entry in entries] == ["13", "12", "11", "10", "09", "08"]
    assert [entry["kind"] for entry in entries] == ["STATUS_CHANGED"] * 5 + ["CREATED"]
    assert {entry["actor"] for entry in entries} == {"staff:sam"}
    assert set(entries[0]) == {"at", "actor", "kind", "detail"}


def test_a_timeline_at_one_moment_is_in_the_order_of_its_writing(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    for to in ("CONFIRMED", "PROCESSING", "REFUNDED"):
        shop.set_status(number, to)
    assert [entry["detail"].split(" ")[-1] for entry in shop.timeline(number)] == [
        "REFUNDED",
        "PROCESSING",
        "CONFIRMED",
        "PENDING",
    ]


def test_the_timeline_of_an_unknown_order_is_not_found(shop: Shop) -> None:
    assert shop.get("/v1/orders/T-NONE/timeline").code == "ORDER_NOT_FOUND"
