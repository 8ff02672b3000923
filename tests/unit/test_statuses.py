"""The statuses of section 1 of the contract, word for word."""

from __future__ import annotations

from lib.orders_api.domain.statuses import (
    FULFILLMENT_AFTER,
    NEXT_STATUSES,
    PAYMENT_AFTER,
    CancelReason,
    FulfillmentStatus,
    OrderStatus,
    PaymentStatus,
    usual_fulfillment,
    usual_payment,
)

TABLE = {
    "PENDING": {"CONFIRMED", "CANCELLED"},
    "CONFIRMED": {"PROCESSING", "REFUNDED"},
    "PROCESSING": {"SHIPPED", "REFUNDED"},
    "SHIPPED": {"DELIVERED", "REFUNDED"},
    "DELIVERED": {"REFUNDED"},
    "CANCELLED": set(),
    "REFUNDED": set(),
}


def test_what_may_follow_what_is_the_contracts_table() -> None:
    assert {
        str(status): {str(each) for each in following} for status, following in NEXT_STATUSES.items()
    } == TABLE


def test_the_words_are_the_contracts() -> None:
    assert list(OrderStatus) == list(TABLE)
    assert [*PaymentStatus] == ["PENDING", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "FAILED", "VOIDED"]
    assert [*FulfillmentStatus] == ["UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "RETURNED"]
    assert [*CancelReason] == [
        "CUSTOMER_REQUEST",
        "PAYMENT_NOT_RECEIVED",
        "FRAUD_SUSPECTED",
        "OUT_OF_STOCK",
        "DUPLICATE",
        "OTHER",
    ]


def test_what_a_change_sets_is_the_contracts() -> None:
    assert PAYMENT_AFTER == {"CONFIRMED": "PAID", "CANCELLED": "VOIDED", "REFUNDED": "REFUNDED"}
    assert FULFILLMENT_AFTER == {"SHIPPED": "FULFILLED"}


def test_an_order_made_in_a_status_has_what_is_usual_there() -> None:
    assert {
        str(status): (str(usual_payment(status)), str(usual_fulfillment(status))) for status in OrderStatus
    } == {
        "PENDING": ("PENDING", "UNFULFILLED"),
        "CONFIRMED": ("PAID", "UNFULFILLED"),
        "PROCESSING": ("PAID", "UNFULFILLED"),
        "SHIPPED": ("PAID", "FULFILLED"),
        "DELIVERED": ("PAID", "FULFILLED"),
        "CANCELLED": ("VOIDED", "UNFULFILLED"),
        "REFUNDED": ("REFUNDED", "UNFULFILLED"),
    }
