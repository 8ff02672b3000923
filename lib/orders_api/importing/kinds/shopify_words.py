"""Turns Shopify's words for statuses into ours (contract, section 8); its exports and its API share them."""

from __future__ import annotations

from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Statuses

_PAYMENT = {
    "paid": PaymentStatus.PAID,
    "partially_refunded": PaymentStatus.PARTIALLY_REFUNDED,
    "refunded": PaymentStatus.REFUNDED,
    "voided": PaymentStatus.VOIDED,
    "expired": PaymentStatus.FAILED,
}
_CONFIRMED = ("paid", "partially_paid", "partially_refunded", "refunded")
_PENDING = ("pending", "authorized", "expired", "voided", "unpaid", "")
_SENT = {
    "fulfilled": (OrderStatus.SHIPPED, FulfillmentStatus.FULFILLED),
    "partial": (OrderStatus.PROCESSING, FulfillmentStatus.PARTIALLY_FULFILLED),
    "partially_fulfilled": (OrderStatus.PROCESSING, FulfillmentStatus.PARTIALLY_FULFILLED),
}
_NOT_SENT = (
    *("unfulfilled", "unshipped", "restocked", "pending", "open", "scheduled", "on_hold", "in_progress", ""),
    *("pending_fulfillment", "request_declined", "not_eligible", "canceled", "cancelled"),
)


def statuses(financial: str, fulfillment: str, cancelled: bool, name: str) -> Statuses:
    """Return where an order stands; `name` is what the field of `financial` is called.

    Raises:
        RowRejectedError: nobody knows this word for a payment.
    """
    paid, sent = _word(financial), _word(fulfillment)
    if paid not in _CONFIRMED and paid not in _PENDING:
        known = ", ".join(word for word in dict.fromkeys((*_CONFIRMED, *_PENDING)) if word)
        raise RowRejectedError(f"{name}: none of {known}")
    by_sending, fulfilled = _SENT.get(sent, (None, FulfillmentStatus.UNFULFILLED))
    if cancelled:
        order = OrderStatus.CANCELLED
    elif paid == "refunded":
        order = OrderStatus.REFUNDED
    else:
        order = by_sending or (OrderStatus.PENDING if paid in _PENDING else OrderStatus.CONFIRMED)
    return Statuses(order, _PAYMENT.get(paid, PaymentStatus.PENDING), fulfilled)


def is_known_fulfillment(word: str) -> bool:
    """Return whether Shopify has this word for how much of an order was sent."""
    return _word(word) in _SENT or _word(word) in _NOT_SENT


def _word(text: str) -> str:
    return text.casefold().replace(" ", "_")
