"""The rules by which an order's status, payment and fulfilment cannot all be true; it counts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus

# Not PENDING: cash on delivery is shipped unpaid, and a part may be paid in advance.
_UNPAID = (PaymentStatus.FAILED, PaymentStatus.VOIDED)
_SENT = (FulfillmentStatus.PARTIALLY_FULFILLED, FulfillmentStatus.FULFILLED)


@dataclass(frozen=True)
class Rule:
    """Which orders contradict themselves: those with one of each that is named, made `age` ago or before."""

    name: str
    words: str
    statuses: tuple[OrderStatus, ...]
    payments: tuple[PaymentStatus, ...] = ()
    fulfillments: tuple[FulfillmentStatus, ...] = ()
    age: timedelta | None = None

    def catches(self, status: str, payment: str, fulfillment: str) -> bool:
        """Return whether an order of this kind contradicts itself, were it old enough."""
        wanted = ((status, self.statuses), (payment, self.payments), (fulfillment, self.fulfillments))
        return all(not values or value in values for value, values in wanted)


RULES = (
    Rule(
        "CANCELLED_BUT_PAID",
        "Cancelled, but the payment was kept: pay it back, or the order should not be cancelled.",
        (OrderStatus.CANCELLED,),
        (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED),
    ),
    Rule(
        "CANCELLED_BUT_SENT",
        "Cancelled, but goods were sent.",
        (OrderStatus.CANCELLED,),
        fulfillments=_SENT,
    ),
    Rule(
        "SENT_BUT_UNPAID",
        "Shipped or delivered, but the payment failed or is void.",
        (OrderStatus.SHIPPED, OrderStatus.DELIVERED),
        _UNPAID,
    ),
    Rule(
        "WORKED_ON_BUT_UNPAID",
        "Confirmed or being prepared, but the payment failed or is void.",
        (OrderStatus.CONFIRMED, OrderStatus.PROCESSING),
        _UNPAID,
    ),
    Rule(
        "SHIPPED_BUT_UNFULFILLED",
        "Shipped or delivered, but nothing was sent.",
        (OrderStatus.SHIPPED, OrderStatus.DELIVERED),
        fulfillments=(FulfillmentStatus.UNFULFILLED,),
    ),
    Rule(
        "REFUNDED_BUT_NOT_PAID_BACK",
        "Refunded, but the payment was not paid back, or only in part.",
        (OrderStatus.REFUNDED,),
        tuple(each for each in PaymentStatus if each is not PaymentStatus.REFUNDED),
    ),
    Rule(
        "PAID_BACK_BUT_NOT_REFUNDED",
        "The whole payment was paid back, but the order goes on.",
        tuple(each for each in OrderStatus if each not in (OrderStatus.REFUNDED, OrderStatus.CANCELLED)),
        (PaymentStatus.REFUNDED,),
    ),
    Rule(
        "PENDING_BUT_SENT",
        "Goods were sent before the order was paid.",
        (OrderStatus.PENDING,),
        fulfillments=_SENT,
    ),
    Rule(
        "PENDING_BUT_PAID",
        "Paid, but still pending an hour after it was placed: the shop did not hear of the payment.",
        (OrderStatus.PENDING,),
        (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED),
        age=timedelta(hours=1),
    ),
)
