"""Lists by a change of status that an order's timeline holds, and by how far orders got."""

from __future__ import annotations

import pytest

from tests.api.shop import Shop
from tests.api.test_list_by_stay import numbers


@pytest.fixture
def changed(own_shop: Shop) -> Shop:
    """A: made at 8:15, confirmed at 9:15, being prepared at 10:15; B: cancelled at 9:15; C: nothing since."""
    for number in ("A", "B", "C"):
        own_shop.create(orderNumber=number)
    own_shop.clock.advance(3_600)
    own_shop.set_status("A", "CONFIRMED")
    own_shop.cancel("B", {"reason": "OTHER", "note": "PENDING → CONFIRMED: said the customer"})
    own_shop.clock.advance(3_600)
    own_shop.set_status("A", "PROCESSING", note="Soon → SHIPPED")
    return own_shop


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("toStatus=CONFIRMED", ["A"]),
        ("toStatus=SHIPPED", []),
        ("fromStatus=PENDING", ["A", "B"]),
        ("fromStatus=PENDING&toStatus=CANCELLED", ["B"]),
        ("fromStatus=NEW", ["A", "B", "C"]),
        ("fromStatus=NEW&toStatus=PENDING", ["A", "B", "C"]),
        ("fromStatus=NEW&toStatus=CONFIRMED", []),
        ("toStatus=CANCELLED&toStatus=PROCESSING", ["A", "B"]),
        ("fromStatus=NEW&fromStatus=CONFIRMED&changedFrom=2026-11-23T09:15:00Z", ["A"]),
        ("changedFrom=2026-11-23T09:15:00Z", ["A", "B"]),
        ("changedTo=2026-11-23T09:15:00Z", ["A", "B", "C"]),
        ("changedFrom=2026-11-23T10:15:00Z", ["A"]),
        ("changedFrom=2026-11-23T10:15:01Z", []),
        ("changedTo=2026-11-23T08:15:00Z", []),
        ("toStatus=CONFIRMED&changedFrom=2026-11-23T09:15:00Z&changedTo=2026-11-23T09:15:01Z", ["A"]),
        ("toStatus=CONFIRMED&changedFrom=2026-11-23T09:16:00Z", []),
        ("fromStatus=NEW&changedFrom=2026-11-23T09:15:00Z", []),
        ("toStatus=CONFIRMED&status=PENDING", []),
        ("toStatus=CANCELLED&cancelReason=OTHER&status=CANCELLED", ["B"]),
    ],
)
def test_a_list_may_be_of_orders_with_one_change_that_fits_all_that_is_asked(
    changed: Shop, query: str, found: list[str]
) -> None:
    assert numbers(changed, query) == found


@pytest.mark.parametrize(
    "query",
    ["fromStatus=LOST", "toStatus=NEW", "toStatus=", "changedFrom=2026-11-23", "changedTo=soon",
     "reached=DELIVERED", "reached="],
)  # fmt: skip
def test_what_is_no_status_time_or_stage_is_refused_by_its_name(shop: Shop, query: str) -> None:
    answer = shop.get(f"/v1/orders?{query}")
    assert answer.code == "VALIDATION_FAILED"
    assert [error["field"] for error in answer.json["errors"]] == [query.partition("=")[0]]
