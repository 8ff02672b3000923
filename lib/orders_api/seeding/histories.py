"""Lets a sample order live: who did what with it when, up to a moment; it knows no names and no prices."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lib.orders_api.domain import timeline
from lib.orders_api.domain.statuses import (
    CancelReason,
    FulfillmentStatus,
    OrderStatus,
    PaymentStatus,
    usual_fulfillment,
    usual_payment,
)
from lib.orders_api.seeding.randomness import Dice, pick

SYSTEM, SUPPORT, OPS, SUPERVISOR = "system", "staff:sam", "staff:olga", "staff:sue"
_FIRST_HOUR, _LAST_HOUR = 7, 16

_STUCK, _UNPAID, _CANCELLED = 0.004, 0.06, 0.095
_REFUNDED_EARLY, _LOST, _REFUNDED_LATE = 0.008, 0.016, 0.06
_NOTES = (
    "Called to ask when it will arrive.",
    "Wants the invoice with the company's name.",
    "Please leave the parcel with the neighbour.",
    "Asked for gift wrapping; told the warehouse.",
    "Wrote twice about the delivery; answered.",
)
_CANCELLERS: tuple[tuple[CancelReason, str | None], ...] = (
    *((CancelReason.CUSTOMER_REQUEST, None),) * 6,
    *((CancelReason.CUSTOMER_REQUEST, SUPPORT),) * 3,
    (CancelReason.OUT_OF_STOCK, SUPPORT),
    (CancelReason.DUPLICATE, SUPPORT),
    (CancelReason.FRAUD_SUSPECTED, SUPERVISOR),
    (CancelReason.OTHER, SUPPORT),
)


@dataclass(frozen=True)
class Event:
    """A row of the timeline."""

    at: datetime
    actor: str
    kind: str
    detail: str
    from_status: str | None = None
    to_status: str | None = None
    reason: str | None = None
    status_hours: int | None = None


@dataclass
class History:
    """What became of an order."""

    events: list[Event]
    status_since: datetime
    updated_at: datetime
    status: OrderStatus = OrderStatus.PENDING
    payment: PaymentStatus = PaymentStatus.PENDING
    fulfillment: FulfillmentStatus = FulfillmentStatus.UNFULFILLED
    cancel_reason: CancelReason | None = None
    reached: set[OrderStatus] = field(default_factory=set)

    @property
    def was_sent(self) -> bool:
        """Whether some of it has a carrier."""
        return (
            OrderStatus.SHIPPED in self.reached or self.fulfillment is FulfillmentStatus.PARTIALLY_FULFILLED
        )


@dataclass(frozen=True)
class _Step:
    at: datetime
    actor: str
    status: OrderStatus
    reason: CancelReason | None = None


def live(throws: Dice, created: datetime, until: datetime, customer_id: str | None) -> History:
    """Return an order's history from its making up to `until`, in order of time."""
    customer = f"customer:{customer_id}" if customer_id else "guest"
    history = History(
        [Event(actor=customer, **timeline.created(OrderStatus.PENDING, created))], created, created
    )
    for step in _steps(throws, created, customer_id):
        if step.at > until:
            break
        _take(history, step)
    _settle(throws, history, until)
    if throws.random() < 0.06:
        at = created + (until - created) * throws.random() ** 6
        history.events.append(Event(at.replace(microsecond=0), SUPPORT, "NOTE", pick(throws, _NOTES)))
        history.events.sort(key=lambda event: event.at)
    return history


def _take(history: History, step: _Step) -> None:
    change = timeline.changed(
        history.status, step.status, history.status_since, step.at, step.reason, step.reason
    )
    history.events.append(Event(actor=step.actor, **change))
    history.status = step.status
    history.cancel_reason = step.reason
    history.status_since = history.updated_at = step.at
    history.reached.add(step.status)


def _settle(throws: Dice, history: History, until: datetime) -> None:
    """Return payment and fulfilment that fit the status, with the odd exception that every shop has."""
    history.payment = usual_payment(history.status)
    history.fulfillment = usual_fulfillment(history.status)
    odd = throws.random()
    if history.status is OrderStatus.PENDING and odd < 0.12:
        history.payment = PaymentStatus.FAILED
    elif history.status is OrderStatus.PROCESSING and odd < 0.15:
        history.fulfillment = FulfillmentStatus.PARTIALLY_FULFILLED
    elif history.status is OrderStatus.DELIVERED and odd < 0.02:
        history.payment = PaymentStatus.PARTIALLY_REFUNDED
        at = min(history.updated_at + timedelta(hours=30 + 4000 * odd), until).replace(microsecond=0)
        history.events.append(
            Event(at, SUPERVISOR, "NOTE", "Gave part of the amount back: one item arrived damaged.")
        )
        history.updated_at = at
    elif OrderStatus.DELIVERED in history.reached and history.status is OrderStatus.REFUNDED:
        history.fulfillment = FulfillmentStatus.RETURNED if odd < 0.85 else FulfillmentStatus.FULFILLED


def _steps(throws: Dice, created: datetime, customer_id: str | None) -> Iterator[_Step]:
    fate = throws.random()
    if fate < _STUCK:
        return
    if fate < _UNPAID:
        at = created + timedelta(days=7 + int(throws.random() * 8), minutes=5)
        yield _Step(at, SYSTEM, OrderStatus.CANCELLED, CancelReason.PAYMENT_NOT_RECEIVED)
    elif fate < _CANCELLED:
        reason, actor = pick(throws, _CANCELLERS)
        own = f"customer:{customer_id}" if customer_id else SUPPORT
        at = created + timedelta(seconds=int(180 + throws.random() ** 3 * 70000))
        yield _Step(at, actor or own, OrderStatus.CANCELLED, reason)
    else:
        yield from _paid(throws, created)


def _paid(throws: Dice, created: datetime) -> Iterator[_Step]:
    at_once = throws.random() < 0.72
    seconds = 40 + throws.random() * 600 if at_once else 40000 + throws.random() * 400000
    at = created + timedelta(seconds=int(seconds))
    yield _Step(at, SYSTEM, OrderStatus.CONFIRMED)
    fate = throws.random()
    if fate < _REFUNDED_EARLY:
        yield _Step(_at_work(throws, at, 2, 20), SUPERVISOR, OrderStatus.REFUNDED)
        return
    at = _at_work(throws, at, 1, 20)
    yield _Step(at, OPS, OrderStatus.PROCESSING)
    at = _at_work(throws, at, 2, 44)
    yield _Step(at, OPS, OrderStatus.SHIPPED)
    if fate < _LOST:
        return
    at += timedelta(seconds=int((20 + throws.random() * 110) * 3600))
    yield _Step(at, SYSTEM, OrderStatus.DELIVERED)
    if fate < _REFUNDED_LATE:
        yield _Step(_at_work(throws, at, 40, 500), SUPERVISOR, OrderStatus.REFUNDED)


def _at_work(throws: Dice, after: datetime, shortest: float, longest: float) -> datetime:
    """Return a moment some hours later at which somebody is at work."""
    at = after + timedelta(seconds=int((shortest + throws.random() * (longest - shortest)) * 3600))
    if at.hour >= _LAST_HOUR:
        at = at.replace(hour=_FIRST_HOUR) + timedelta(days=1)
    elif at.hour < _FIRST_HOUR:
        at = at.replace(hour=_FIRST_HOUR)
    return at + timedelta(days=max(0, 7 - at.weekday()) if at.weekday() >= 5 else 0)
