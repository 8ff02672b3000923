"""Turns the words for statuses in Shopify's export into ours; it knows no times and no sums."""

from __future__ import annotations

from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.importing.history import Statuses

_PAYMENT = {
    "paid": PaymentStatus.PAID,
    "partially_refunded": PaymentStatus.PARTIALLY_REFUNDED,
    "refunded": PaymentStatus.REFUNDED,
    "voided": PaymentStatus.VOIDED,
}
_FULFILLMENT = {
    "fulfilled": FulfillmentStatus.FULFILLED,
    "partial": FulfillmentStatus.PARTIALLY_FULFILLED,
}
_UNPAID = ("pending", "authorized", "")
_BY_FULFILLMENT = {"fulfilled": OrderStatus.SHIPPED, "partial": OrderStatus.PROCESSING}


def statuses(financial: str, fulfillment: str, cancelled: bool) -> Statuses:
    """Return the statuses for the words of the columns Financial Status and Fulfillment Status."""
    financial, fulfillment = financial.casefold(), fulfillment.casefold()
    if cancelled:
        order = OrderStatus.CANCELLED
    elif financial == "refunded":
        order = OrderStatus.REFUNDED
    elif financial in _UNPAID:
        order = OrderStatus.PENDING
    else:
        order = _BY_FULFILLMENT.get(fulfillment, OrderStatus.CONFIRMED)
    return Statuses(
        order,
        _PAYMENT.get(financial, PaymentStatus.PENDING),
        _FULFILLMENT.get(fulfillment, FulfillmentStatus.UNFULFILLED),
    )
