"""Compares an order of a file with the one that is there, and brings that to the file's state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.orders_api.domain.money import SORT_DIGITS, format_minor_units
from lib.orders_api.domain.statuses import (
    NEXT_STATUSES,
    CancelReason,
    FulfillmentStatus,
    OrderStatus,
    PaymentStatus,
)
from lib.orders_api.domain.text import NOBODY
from lib.orders_api.domain.timeline import changed
from lib.orders_api.importing.history import remarks
from lib.orders_api.importing.sources import ACTOR, Candidate
from lib.orders_api.orders.creating import PlainOrder, rewrite_texts
from lib.orders_api.store.tables.orders import LineItem, Order, OrderAddress, TimelineEntry

_TEXTS = {
    "email": "email",
    "phone": "phone",
    "customer_id": "customer",
    "carrier": "carrier",
    "tracking_number": "tracking number",
    "shipping_method": "shipping method",
    "customer_note": "customer's note",
    "tags": "tags",
}
"""What a file may know; what it leaves out is unknown, not gone."""
_WITH = {
    "email": ("email_key",),
    "phone": ("phone_reversed",),
    "addresses": ("customer_name", "shipping_city", "shipping_country"),
}
_SUMS = (
    *("subtotal", "discount_total", "shipping_total", "tax_total", "duties_total", "adjustment"),
    *("tax_included", "grand_total"),
)
_ITEM = ("sku", "sku_key", "name", "quantity", "unit_price", "extra_digits", "total")
_ADDRESS = ("first_name", "last_name", "line1", "line2", "city", "region", "postal_code", "country")
_ENDS = (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
_STATUS_RANK = {status: min(rank, 5) for rank, status in enumerate(OrderStatus)}
_PAYMENT_RANK = {PaymentStatus.PAID: 1, PaymentStatus.PARTIALLY_REFUNDED: 2, PaymentStatus.REFUNDED: 3}
_FULFILLMENT_RANK = {status: rank for rank, status in enumerate(FulfillmentStatus)}


@dataclass(frozen=True)
class Differences:
    """What an order of a file has other than the one that is there."""

    moved: bool
    """Whether its status differs."""
    columns: tuple[str, ...]
    addresses: tuple[str, ...]
    items: bool
    words: tuple[str, ...]
    """All of it in words, without personal data."""
    is_step_back: bool

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.words)


def is_same_order(stored: PlainOrder, candidate: Candidate) -> bool:
    """Return whether the order that has a candidate's number is that order, perhaps in another state."""
    fresh, dated = candidate.order, candidate.read.body.created_at is not None
    if stored.currency != fresh.currency or (dated and stored.created_at != fresh.created_at):
        return False
    if stored.email_key == fresh.email_key:
        return True
    return dated and (stored.grand_total == fresh.grand_total or not _other_items(stored, fresh))


def differences(stored: PlainOrder, fresh: PlainOrder, trust_file: bool) -> Differences:
    """Return what differs; of a customer who was forgotten, nothing is brought back."""
    if stored.customer_name == NOBODY:
        return Differences(False, (), (), False, (), False)
    before, after = OrderStatus(stored.status), OrderStatus(fresh.status)
    # What a shop calls shipped may have been delivered since, and the shop does not hear of it.
    arrived = (before, after) == (OrderStatus.DELIVERED, OrderStatus.SHIPPED) and not trust_file
    moved = before is not after and not arrived
    columns = tuple(_other_columns(stored, fresh))
    kinds = tuple(kind for kind, _, _ in _other_addresses(stored, fresh))
    items = _other_items(stored, fresh)
    words = [f"status {before} → {after}"] if moved else []
    words += dict.fromkeys(_word(name, stored, fresh) for name in columns)
    words += [f"{kind} address" for kind in kinds]
    if items:
        words.append("line items")
    return Differences(moved, columns, kinds, items, tuple(words), _is_back(stored, fresh, moved))


def bring_up_to_date(
    session: Session, stored: Order, candidate: Candidate, found: Differences, now: datetime
) -> None:
    """Take over what differs, with rows in the timeline; an email that changes ends guests' access."""
    fresh = candidate.order
    entries = candidate.read.events(fresh)
    if found.moved:
        changes = list(_changes(stored, fresh, entries, now))
        session.add_all(_of(stored, changes))
        stored.status, stored.status_since = fresh.status, changes[-1].at
        if fresh.cancel_reason is not None:
            stored.cancel_reason = fresh.cancel_reason
    others = [word for word in found.words if not word.startswith("status ")]
    said = [f"Taken over by import: {'; '.join(others)}."] if others else []
    known = set(session.scalars(select(TimelineEntry.detail).where(TimelineEntry.order_id == stored.id)))
    said += [entry.detail for entry in entries if entry.kind == "NOTE" and entry.detail not in known]
    session.add_all(_of(stored, remarks(said, now)))
    changed = [*found.columns, *(["addresses"] if found.addresses else [])]
    for name in [*found.columns, *(each for part in changed for each in _WITH.get(part, ()))]:
        setattr(stored, name, getattr(fresh, name))
    stored.total_sort = stored.grand_total * 10 ** (SORT_DIGITS - stored.currency_digits)
    _take_addresses(stored, fresh)
    rewrite_texts(stored)
    if found.items:
        _take_items(session, stored, fresh)
    stored.updated_at = max(now.replace(microsecond=0), stored.updated_at)


def _other_columns(stored: PlainOrder, fresh: PlainOrder) -> Iterator[str]:
    for name in ("payment_status", "fulfillment_status"):
        if getattr(stored, name) != getattr(fresh, name):
            yield name
    for name in _TEXTS:
        compared = "email_key" if name == "email" else name
        if getattr(fresh, name) and getattr(stored, compared) != getattr(fresh, compared):
            yield name
    if fresh.refunded_total is not None and stored.refunded_total != fresh.refunded_total:
        yield "refunded_total"
    if any((getattr(stored, name) or 0) != (getattr(fresh, name) or 0) for name in _SUMS):
        yield from _SUMS


def _word(name: str, stored: PlainOrder, fresh: PlainOrder) -> str:
    before, after = getattr(stored, name), getattr(fresh, name)
    if name in _TEXTS:
        return _TEXTS[name]
    if name in ("payment_status", "fulfillment_status"):
        return f"{'payment' if name == 'payment_status' else 'fulfilment'} {before} → {after}"
    if name == "refunded_total":
        return f"refunded {_money(after, fresh)}"
    if stored.grand_total != fresh.grand_total:
        return f"total {_money(stored.grand_total, stored)} → {_money(fresh.grand_total, fresh)}"
    return "sums"


def _money(minor_units: int, order: PlainOrder) -> str:
    return f"{format_minor_units(minor_units, order.currency_digits)} {order.currency}"


def _other_addresses(stored: Order | PlainOrder, fresh: PlainOrder) -> Iterator[tuple[str, Any, Any]]:
    """Yield each address of the file that is other than the one that is there."""
    held = {address.kind: address for address in stored.addresses}
    for address in fresh.addresses:
        there = held.get(address.kind)
        if there is None or any(getattr(there, name) != getattr(address, name) for name in _ADDRESS):
            yield address.kind, there, address


def _other_items(stored: PlainOrder, fresh: PlainOrder) -> bool:
    def rows(order: PlainOrder) -> list[tuple[Any, ...]]:
        return [tuple(getattr(item, name) or 0 for name in _ITEM) for item in order.items]

    return rows(stored) != rows(fresh)


def _is_back(stored: PlainOrder, fresh: PlainOrder, moved: bool) -> bool:
    before, after = OrderStatus(stored.status), OrderStatus(fresh.status)
    if moved and _STATUS_RANK[after] < _STATUS_RANK[before]:
        return True
    if (fresh.refunded_total or 0) < (stored.refunded_total or 0) and fresh.refunded_total is not None:
        return True
    if moved and after in _ENDS:
        return False  # goods that came back are in stock again, and a payment may be void
    payments = [_PAYMENT_RANK.get(PaymentStatus(order.payment_status), 0) for order in (fresh, stored)]
    sent = [_FULFILLMENT_RANK[FulfillmentStatus(order.fulfillment_status)] for order in (fresh, stored)]
    return payments[0] < payments[1] or sent[0] < sent[1]


def _changes(
    stored: Order, fresh: PlainOrder, entries: list[TimelineEntry], now: datetime
) -> Iterator[TimelineEntry]:
    """Yield a row for each change of status on the way, when it happened as far as the file tells."""
    at, before = stored.status_since, OrderStatus(stored.status)
    known = {each.to_status: each.at for each in entries}
    for after in _way(before, OrderStatus(fresh.status)):
        since, at = at, max(at, known.get(after, now))
        is_cancelled = after is OrderStatus.CANCELLED and fresh.cancel_reason is not None
        reason = CancelReason(str(fresh.cancel_reason)) if is_cancelled else None
        yield TimelineEntry(actor=ACTOR, **changed(before, after, since, at, reason))
        before = after


def _way(before: OrderStatus, after: OrderStatus) -> list[OrderStatus]:
    """Return the statuses on the shortest way that orders go; only the last where none leads there."""
    ways = [[before]]
    for way in ways:
        if way[-1] is after:
            return way[1:]
        ways += [[*way, each] for each in sorted(NEXT_STATUSES[way[-1]]) if each not in way]
    return [after]


def _of(order: Order, entries: Iterator[TimelineEntry] | list[TimelineEntry]) -> list[TimelineEntry]:
    made = list(entries)
    for entry in made:
        entry.order_id = order.id
    return made


def _take_addresses(stored: Order, fresh: PlainOrder) -> None:
    for _, there, address in list(_other_addresses(stored, fresh)):
        if there is None:
            stored.addresses.append(
                OrderAddress(kind=address.kind, **{name: getattr(address, name) for name in _ADDRESS})
            )
        else:
            for name in _ADDRESS:
                setattr(there, name, getattr(address, name))


def _take_items(session: Session, stored: Order, fresh: PlainOrder) -> None:
    stored.items = []
    session.flush()  # their positions are free again
    stored.items = [
        LineItem(position=item.position, **{name: getattr(item, name) for name in _ITEM})
        for item in fresh.items
    ]
    stored.item_count = fresh.item_count
