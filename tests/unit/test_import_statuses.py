"""Shops' words for statuses, and the timelines made of them; without any store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lib.orders_api.domain.statuses import NEXT_STATUSES, OrderStatus
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Times, timeline
from lib.orders_api.importing.kinds import shopify_csv, woocommerce


@pytest.mark.parametrize(
    ("financial", "fulfillment", "cancelled", "expected"),
    [
        ("paid", "fulfilled", True, ("CANCELLED", "PAID", "FULFILLED")),
        ("voided", "", True, ("CANCELLED", "VOIDED", "UNFULFILLED")),
        ("refunded", "fulfilled", False, ("REFUNDED", "REFUNDED", "FULFILLED")),
        ("refunded", "restocked", False, ("REFUNDED", "REFUNDED", "UNFULFILLED")),
        ("Paid", "Fulfilled", False, ("SHIPPED", "PAID", "FULFILLED")),
        ("PARTIALLY_REFUNDED", "FULFILLED", False, ("SHIPPED", "PARTIALLY_REFUNDED", "FULFILLED")),
        # Cash on delivery is shipped unpaid.
        ("pending", "fulfilled", False, ("SHIPPED", "PENDING", "FULFILLED")),
        ("pending", "partial", False, ("PROCESSING", "PENDING", "PARTIALLY_FULFILLED")),
        ("paid", "PARTIALLY_FULFILLED", False, ("PROCESSING", "PAID", "PARTIALLY_FULFILLED")),
        ("authorized", "", False, ("PENDING", "PENDING", "UNFULFILLED")),
        ("", "unfulfilled", False, ("PENDING", "PENDING", "UNFULFILLED")),
        ("unpaid", "", False, ("PENDING", "PENDING", "UNFULFILLED")),
        ("expired", "unfulfilled", False, ("PENDING", "FAILED", "UNFULFILLED")),
        ("voided", "", False, ("PENDING", "VOIDED", "UNFULFILLED")),
        ("paid", "", False, ("CONFIRMED", "PAID", "UNFULFILLED")),
        ("partially_paid", "scheduled", False, ("CONFIRMED", "PENDING", "UNFULFILLED")),
        ("partially_refunded", "", False, ("CONFIRMED", "PARTIALLY_REFUNDED", "UNFULFILLED")),
    ],
)
def test_shopifys_statuses_are_those_of_the_contract(
    financial: str, fulfillment: str, cancelled: bool, expected: tuple[str, str, str]
) -> None:
    read = shopify_csv.statuses(financial, fulfillment, cancelled, "Financial Status")
    assert (read.order, read.payment, read.fulfillment) == expected


@pytest.mark.parametrize("word", ["bezahlt", "payé", "charged_back", "complete", "payed"])
@pytest.mark.parametrize("fulfillment", ["", "fulfilled"])
def test_a_word_that_shopify_does_not_have_for_a_payment_is_refused(word: str, fulfillment: str) -> None:
    with pytest.raises(RowRejectedError, match=r"^Financial Status: none of paid, "):
        shopify_csv.statuses(word, fulfillment, False, "Financial Status")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("processing", ("CONFIRMED", "PAID", "UNFULFILLED")),
        ("wc-completed", ("SHIPPED", "PAID", "FULFILLED")),
        ("wc-shipped", ("SHIPPED", "PAID", "FULFILLED")),
        ("Delivered", ("DELIVERED", "PAID", "FULFILLED")),
        ("on-hold", ("PROCESSING", "PAID", "UNFULFILLED")),
        ("failed", ("PENDING", "FAILED", "UNFULFILLED")),
    ],
)
def test_a_plugins_status_means_what_the_shop_says_and_goes_before_woocommerces_own(
    word: str, expected: tuple[str, str, str]
) -> None:
    others = {
        "shipped": OrderStatus.SHIPPED,
        "delivered": OrderStatus.DELIVERED,
        "on-hold": OrderStatus.PROCESSING,
    }
    read = woocommerce.statuses(word, others, paid=True, refunded=False, on_delivery=False)
    assert (read.order, read.payment, read.fulfillment) == expected


def test_a_plugins_status_that_nobody_explained_is_refused_with_the_way_to_do_so() -> None:
    with pytest.raises(RowRejectedError, match="--status wc-awaiting-stock=SHIPPED"):
        woocommerce.statuses("wc-awaiting-stock", {}, paid=True, refunded=False, on_delivery=False)
    with pytest.raises(RowRejectedError, match="checkout-draft is no order"):
        woocommerce.statuses("checkout-draft", {}, paid=False, refunded=False, on_delivery=False)


@pytest.mark.parametrize("financial", ["paid", "pending", "refunded", "partially_refunded", "voided"])
@pytest.mark.parametrize("fulfillment", ["fulfilled", "partial", ""])
@pytest.mark.parametrize("cancelled", [None, datetime(2025, 1, 2, tzinfo=UTC)])
@pytest.mark.parametrize("paid", [None, datetime(2024, 12, 31, tzinfo=UTC), datetime(2025, 1, 3, tzinfo=UTC)])
def test_a_timeline_goes_only_ways_that_orders_go_and_ends_at_the_status(
    financial: str, fulfillment: str, cancelled: datetime | None, paid: datetime | None
) -> None:
    reached = shopify_csv.statuses(financial, fulfillment, cancelled is not None, "Financial Status")
    times = Times(datetime(2025, 1, 1, tzinfo=UTC), paid, datetime(2025, 1, 2, tzinfo=UTC), cancelled)
    entries = timeline(reached, times)
    assert (entries[0].kind, entries[0].at) == ("CREATED", times.created)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    at = OrderStatus.PENDING
    for entry in entries:
        if entry.kind == "STATUS_CHANGED":
            before, after = map(OrderStatus, entry.detail.split(" → "))
            assert before is at
            assert after in NEXT_STATUSES[at]
            at = after
    assert at is reached.order
