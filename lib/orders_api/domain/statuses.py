"""The statuses of an order and what may follow what (contract, section 1)."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    PROCESSING = "PROCESSING"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"


class PaymentStatus(StrEnum):
    """Where an order's payment stands."""

    PENDING = "PENDING"
    PAID = "PAID"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    FAILED = "FAILED"
    VOIDED = "VOIDED"


class FulfillmentStatus(StrEnum):
    """How much of an order has been sent."""

    UNFULFILLED = "UNFULFILLED"
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED"
    FULFILLED = "FULFILLED"
    RETURNED = "RETURNED"


class CancelReason(StrEnum):
    """Why an order was cancelled (contract, section 4, Bodies)."""

    CUSTOMER_REQUEST = "CUSTOMER_REQUEST"
    PAYMENT_NOT_RECEIVED = "PAYMENT_NOT_RECEIVED"
    FRAUD_SUSPECTED = "FRAUD_SUSPECTED"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    DUPLICATE = "DUPLICATE"
    OTHER = "OTHER"


class Source(StrEnum):
    """Where an order came from: a call of `create`, a file that was imported, or the shop's own system."""

    API = "api"
    IMPORT = "import"
    SHOP = "shop"


NEXT_STATUSES: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.CONFIRMED, OrderStatus.CANCELLED}),
    OrderStatus.CONFIRMED: frozenset({OrderStatus.PROCESSING, OrderStatus.REFUNDED}),
    OrderStatus.PROCESSING: frozenset({OrderStatus.SHIPPED, OrderStatus.REFUNDED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED, OrderStatus.REFUNDED}),
    OrderStatus.DELIVERED: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.REFUNDED: frozenset(),
}

PAYMENT_AFTER: dict[OrderStatus, PaymentStatus] = {
    OrderStatus.CONFIRMED: PaymentStatus.PAID,
    OrderStatus.CANCELLED: PaymentStatus.VOIDED,
    OrderStatus.REFUNDED: PaymentStatus.REFUNDED,
}
"""The payment status that a change to this status sets; other changes leave it alone."""

FULFILLMENT_AFTER: dict[OrderStatus, FulfillmentStatus] = {OrderStatus.SHIPPED: FulfillmentStatus.FULFILLED}
"""The fulfilment status that a change to this status sets; other changes leave it alone."""


def usual_payment(status: OrderStatus) -> PaymentStatus:
    """Return the payment status of an order that came to `status` by the usual way."""
    if status is OrderStatus.PENDING:
        return PaymentStatus.PENDING
    return PAYMENT_AFTER.get(status, PaymentStatus.PAID)


def usual_fulfillment(status: OrderStatus) -> FulfillmentStatus:
    """Return the fulfilment status of an order that came to `status` by the usual way."""
    sent = status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
    return FulfillmentStatus.FULFILLED if sent else FulfillmentStatus.UNFULFILLED
