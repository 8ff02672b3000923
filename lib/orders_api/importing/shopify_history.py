"""Turns the statuses and times of Shopify's export into ours, and into a timeline; it knows no sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lib.orders_api.importing.candidates import ACTOR
from lib.orders_api.models import TimelineEntry
from lib.orders_api.statuses import FulfillmentStatus, OrderStatus, PaymentStatus

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


@dataclass(frozen=True)
class Times:
    """When what happened, as far as the export tells."""

    created: datetime
    paid: datetime | None
    fulfilled: datetime | None
    cancelled: datetime | None


@dataclass(frozen=True)
class Statuses:
    """Where an order stands (contract, section 8)."""

    order: OrderStatus
    payment: PaymentStatus
    fulfillment: FulfillmentStatus


def statuses(financial: str, fulfillment: str, cancelled: bool) -> Statuses:
    """Give the statuses for the words of the columns Financial Status and Fulfillment Status."""
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


def timeline(reached: Statuses, times: Times) -> list[TimelineEntry]:
    """Give the entries from the order's making to its status, each change of status being one, in order.

    A change happened when the export says so, or else together with the one before. What the export tells and
    the way to the status does not hold (a cancelled order's payment) is a note.
    """
    entries = [TimelineEntry(at=times.created, actor=ACTOR, kind="CREATED", detail=OrderStatus.PENDING.value)]
    before, at, used = OrderStatus.PENDING, times.created, set()
    for status, known in _changes(reached, times):
        at = max(at, known or at)
        used.add(known)
        entries.append(
            TimelineEntry(at=at, actor=ACTOR, kind="STATUS_CHANGED", detail=f"{before} → {status}")
        )
        before = status
    for word, known in (("Paid.", times.paid), ("Fulfilled.", times.fulfilled)):
        if known is not None and known not in used:
            note = TimelineEntry(at=max(known, times.created), actor=ACTOR, kind="NOTE", detail=word)
            entries.append(note)
    return sorted(entries, key=lambda entry: entry.at)


def _changes(reached: Statuses, times: Times) -> Iterator[tuple[OrderStatus, datetime | None]]:
    if reached.order is OrderStatus.CANCELLED:
        yield OrderStatus.CANCELLED, times.cancelled
    if reached.order in (OrderStatus.CANCELLED, OrderStatus.PENDING):
        return
    yield OrderStatus.CONFIRMED, times.paid
    was_sent = reached.fulfillment is FulfillmentStatus.FULFILLED
    if was_sent or reached.order is OrderStatus.PROCESSING:
        yield OrderStatus.PROCESSING, times.fulfilled
    if was_sent:
        yield OrderStatus.SHIPPED, times.fulfilled
    if reached.order is OrderStatus.REFUNDED:
        yield OrderStatus.REFUNDED, None
