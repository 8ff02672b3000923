"""Lists by when an order came to its status, and by why it was cancelled."""

from __future__ import annotations

from lib.orders_api.domain.statuses import CancelReason
from lib.orders_api.store.order_query.filters import WantedReason
from tests.api.shop import Shop


def numbers(shop: Shop, query: str) -> list[str]:
    answer = shop.get(f"/v1/orders?sort=orderNumber&{query}")
    assert answer.status == 200, answer.content
    assert answer.json["total"] == len(answer.json["items"])
    return [item["orderNumber"] for item in answer.json["items"]]


def test_a_list_may_be_of_what_came_to_its_status_in_a_range_of_time(own_shop: Shop) -> None:
    for number in ("A", "B", "C"):
        own_shop.create(orderNumber=number)
    own_shop.clock.advance(3_600)
    own_shop.set_status("A", "CONFIRMED")
    own_shop.clock.advance(3_600)
    own_shop.cancel("B", {"reason": "FRAUD_SUSPECTED"})
    assert numbers(own_shop, "statusFrom=2026-11-23T09:15:00Z") == ["A", "B"]
    assert numbers(own_shop, "statusTo=2026-11-23T09:15:00Z") == ["C"]
    assert numbers(own_shop, "statusFrom=2026-11-23T08:15:00Z&statusTo=2026-11-23T10:15:00Z") == ["A", "C"]
    assert numbers(own_shop, "status=CONFIRMED&statusFrom=2026-11-23T09:15:00Z") == ["A"]
    assert numbers(own_shop, "status=PENDING&statusFrom=2026-11-23T09:15:00Z") == []
    assert numbers(own_shop, "cancelReason=FRAUD_SUSPECTED&cancelReason=OTHER") == ["B"]
    assert numbers(own_shop, "cancelReason=OTHER") == []


def test_a_list_may_be_of_what_was_cancelled_and_nobody_said_why(own_shop: Shop) -> None:
    own_shop.create(orderNumber="A")
    own_shop.create(orderNumber="B", status="CANCELLED", paymentStatus="VOIDED")
    own_shop.create(orderNumber="C")
    own_shop.cancel("C", {"reason": "DUPLICATE"})
    assert numbers(own_shop, "cancelReason=UNKNOWN") == ["B"]
    assert numbers(own_shop, "cancelReason=UNKNOWN&cancelReason=DUPLICATE") == ["B", "C"]


def test_every_reason_of_cancelling_may_be_wanted() -> None:
    assert {each.value for each in WantedReason} == {*CancelReason, "UNKNOWN"}


def test_what_is_no_time_or_reason_is_refused(shop: Shop) -> None:
    for query in ("statusFrom=2026-11-3", "statusTo=soon", "cancelReason=BORED"):
        assert shop.get(f"/v1/orders?{query}").code == "VALIDATION_FAILED"
