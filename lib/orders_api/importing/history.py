"""Makes a timeline of what another system tells of an order's way; it knows no system's words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.domain.timeline import changed, created
from lib.orders_api.importing.sources import ACTOR
from lib.orders_api.store.tables.orders import TimelineEntry


@dataclass(frozen=True)
class Times:
    """When what happened, as far as anybody tells."""

    created: datetime
    paid: datetime | None = None
    fulfilled: datetime | None = None
    cancelled: datetime | None = None

    @property
    def last(self) -> datetime:
        """Return when the last of all this happened."""
        known = (self.created, self.paid, self.fulfilled, self.cancelled)
        return max(time for time in known if time is not None)


@dataclass(frozen=True)
class Statuses:
    """Where an order stands (contract, section 8)."""

    order: OrderStatus
    payment: PaymentStatus
    fulfillment: FulfillmentStatus


def timeline(reached: Statuses, times: Times) -> list[TimelineEntry]:
    """Return the entries from the order's making to its status, each change of status being one, in order.

    A change happened when the export says so, or else together with the one before. What the export tells and
    the way to the status does not hold (a cancelled order's payment) is a note.
    """
    entries = [TimelineEntry(actor=ACTOR, **created(OrderStatus.PENDING, times.created))]
    before, at, used = OrderStatus.PENDING, times.created, set()
    for status, known in _changes(reached, times):
        since, at = at, max(at, known or at)
        used.add(known)
        entries.append(TimelineEntry(actor=ACTOR, **changed(before, status, since, at)))
        before = status
    for word, known in (("Paid.", times.paid), ("Fulfilled.", times.fulfilled)):
        if known is not None and known not in used:
            entries += remarks([word], max(known, times.created))
    return sorted(entries, key=lambda entry: entry.at)


def remarks(texts: Iterable[str], at: datetime) -> list[TimelineEntry]:
    """Return notes for the timeline."""
    return [TimelineEntry(at=at, actor=ACTOR, kind="NOTE", detail=text) for text in texts]


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
    if reached.order in (OrderStatus.DELIVERED, OrderStatus.REFUNDED):
        yield reached.order, None
