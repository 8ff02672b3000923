"""Turns WooCommerce's statuses into ours; it knows no times and no sums."""

from __future__ import annotations

from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Statuses

_ORDER = {
    "pending": OrderStatus.PENDING,
    "on-hold": OrderStatus.PENDING,
    "failed": OrderStatus.PENDING,
    "processing": OrderStatus.CONFIRMED,
    # Shops complete an order when they hand it to the carrier; whether it has arrived, the export can't know.
    "completed": OrderStatus.SHIPPED,
    "cancelled": OrderStatus.CANCELLED,
    "refunded": OrderStatus.REFUNDED,
}
_NO_ORDERS = ("checkout-draft", "auto-draft", "trash")


def statuses(word: str, *, paid: bool, refunded: bool, on_delivery: bool) -> Statuses:
    """Return the statuses for the column `status`.

    Args:
        word: such as `processing` or `wc-processing`.
        paid: whether the export says when it was paid.
        refunded: whether some of it was paid back.
        on_delivery: whether it is paid to the carrier.

    Raises:
        RowRejectedError: it is none of WooCommerce's own, or not that of an order.
    """
    word = word.casefold().removeprefix("wc-")
    if word in _NO_ORDERS:
        raise RowRejectedError(f"status: {word} is no order")
    order = _ORDER.get(word)
    if order is None:
        raise RowRejectedError(f"status: none of {', '.join(_ORDER)}")
    was_sent = order is OrderStatus.SHIPPED
    fulfillment = FulfillmentStatus.FULFILLED if was_sent else FulfillmentStatus.UNFULFILLED
    return Statuses(order, _payment(word, order, paid, refunded, on_delivery), fulfillment)


def _payment(word: str, order: OrderStatus, paid: bool, refunded: bool, on_delivery: bool) -> PaymentStatus:
    if word == "failed":
        return PaymentStatus.FAILED
    if order is OrderStatus.REFUNDED:
        return PaymentStatus.REFUNDED
    if refunded:
        return PaymentStatus.PARTIALLY_REFUNDED
    if order is OrderStatus.CANCELLED:
        return PaymentStatus.PAID if paid else PaymentStatus.VOIDED
    if order is OrderStatus.PENDING or (order is OrderStatus.CONFIRMED and on_delivery and not paid):
        return PaymentStatus.PENDING
    return PaymentStatus.PAID
