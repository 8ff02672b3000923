"""The rules about orders: who sees what, what may follow what, and what is written along with a change."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib.orders_api.domain import errors, timeline
from lib.orders_api.domain.statuses import (
    FULFILLMENT_AFTER,
    NEXT_STATUSES,
    PAYMENT_AFTER,
    CancelReason,
    OrderStatus,
)
from lib.orders_api.domain.tokens import Principal
from lib.orders_api.mail import messages, outbox
from lib.orders_api.orders import repository, schemas
from lib.orders_api.orders.creating import created_entry, new_order
from lib.orders_api.orders.listing import page_of_orders
from lib.orders_api.orders.repository import ShownContact
from lib.orders_api.orders.views import ListedOrder, list_item, order_detail, timeline_item
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.constraints import unique_constraint
from lib.orders_api.store.order_query.conditions import only_order
from lib.orders_api.store.order_query.filters import OrderListQuery
from lib.orders_api.store.tables.orders import Order, TimelineEntry


@dataclass(frozen=True)
class Caller:
    """Who acts on orders, how timeline and audit log name them, and with which parts of the API."""

    api: Api
    principal: Principal
    act: AuditContext


@dataclass(frozen=True)
class OrderView:
    """An order as one caller sees it; `shown` tells until when contact data are in the clear, and why.

    `verified_until`: until when the caller on the phone counts as verified for this staff member.
    """

    detail: schemas.OrderDetail
    order: Order
    shown: ShownContact | None
    verified_until: datetime | None = None


MOST_RELATED = 20
MOST_TAKEN_NUMBERS = 10_000
"""How many imported orders may stand in the way of the store's own numbering."""


def list_orders(
    session: Session, principal: Principal, query: OrderListQuery
) -> tuple[schemas.OrderPage, Order | ListedOrder | None]:
    """Return a page of the orders that the caller may see, and the one at which a search ends, if at one."""
    orders, total = page_of_orders(session, query, principal.customer_id)
    page = schemas.OrderPage(
        items=[list_item(order) for order in orders],
        total=total,
        page=query.page,
        total_pages=-(-total // query.limit),
    )
    if total != 1 or not query.q or not principal.is_staff:
        return page, None
    # Whoever asks for a page past the end is told that there is one, too.
    return page, orders[0] if orders else only_order(session, query)


def look_at(session: Session, api: Api, principal: Principal, number: str) -> OrderView:
    """Return an order as the caller may see it, and by what right where that is for a while only.

    Raises:
        OrderNotFoundError: no such order, or somebody else's.
    """
    order = find_order(session, principal, number, whole=True)
    shown = verified_until = None
    if principal.is_staff:
        shown = repository.shown_contact(session, order.id, principal, api.clock())
        verified_until = repository.verified_until(session, order.id, principal.actor, api.clock())
    masked = principal.is_staff and api.settings.pii_policy != "open" and shown is None
    return OrderView(order_detail(order, contact_masked=masked), order, shown, verified_until)


def require_proof(session: Session, by: Caller, order: Order, act: str) -> None:
    """Refuse an act for which the shop's policy wants a verified caller, where there is none.

    Raises:
        CallerNotVerifiedError: it does, and they are not.
    """
    if not by.principal.is_staff or act not in by.api.settings.require_proof:
        return
    if repository.verified_until(session, order.id, by.principal.actor, by.api.clock()) is None:
        raise errors.CallerNotVerifiedError


def get_timeline(session: Session, principal: Principal, number: str, pins: bool) -> schemas.Timeline:
    """Return all that happened to an order, newest first; with `pins`, notes tell whether they are pinned.

    Raises:
        OrderNotFoundError: no such order.
    """
    entries = repository.timeline_of(session, find_order(session, principal, number).id)
    return schemas.Timeline(items=[timeline_item(entry, pins) for entry in entries])


def related_to(session: Session, order: Order) -> schemas.RelatedOrders:
    """Return the other orders of an order's customer: of the account, else of the same email."""
    if order.customer_id is not None:
        by, theirs = "account", Order.customer_id == order.customer_id
    elif order.email_key is not None:
        by, theirs = "email", Order.email_key == order.email_key
    else:
        return schemas.RelatedOrders(items=[], total=0, matched_by=None)
    found, total = repository.orders_of_customer(session, theirs, order.id, MOST_RELATED)
    return schemas.RelatedOrders(items=[list_item(each) for each in found], total=total, matched_by=by)


def create_order(session: Session, by: Caller, body: schemas.OrderCreate) -> schemas.OrderDetail:
    """Store a new order with its timeline row, its audit row and its confirmation email.

    Raises:
        OrderExistsError: the order number is taken.
        ValidationFailedError: a sum does not agree, or the tracking token is taken.
    """
    order = _stored(session, body, by.act)
    entry = created_entry(order, by.act.actor)
    entry.order_id = order.id
    session.add(entry)
    record(session, by.act, "order.create", "OK", order.id)
    queue_confirmation(session, by, order)
    return order_detail(order, contact_masked=False)


def queue_confirmation(session: Session, by: Caller, order: Order) -> None:
    """Queue the email that confirms an order, with its tracking link."""
    link = by.api.tracking_link(order.tracking_token)
    told = messages.confirmation(by.api.settings, order, link)
    outbox.queue(session, by.api.sealer, order, "CONFIRMATION", told, by.act.at)


def cancel_order(session: Session, by: Caller, number: str, body: schemas.OrderCancel) -> schemas.OrderDetail:
    """Cancel an order while it is PENDING, with its timeline row, audit row and email (contract, section 5).

    Raises:
        OrderNotFoundError: no such order, or somebody else's.
        OrderNotCancellableError: it is not PENDING, or somebody else was quicker.
        CallerNotVerifiedError: the shop's policy wants the caller verified first.
    """
    order = find_order(session, by.principal, number)
    require_proof(session, by, order, "cancel")
    values = _values_of(OrderStatus.CANCELLED, by.act) | {"cancel_reason": body.reason}
    if not repository.change_status(session, order.id, OrderStatus.PENDING, values):
        raise errors.OrderNotCancellableError(find_order(session, by.principal, number).status)
    remark = f"{body.reason}: {body.note}" if body.note else body.reason
    _note_change(session, by.act, order, OrderStatus.CANCELLED, body.reason, remark)
    record(session, by.act, "order.cancel", "OK", order.id, reason=body.reason)
    if body.notify:
        told = messages.cancellation(by.api.settings, order)
        outbox.queue(session, by.api.sealer, order, "CANCELLATION", told, by.act.at)
    return changed_order(session, by, number)


def set_status(session: Session, by: Caller, number: str, body: schemas.StatusChange) -> schemas.OrderDetail:
    """Move an order to a status that may follow its current one (contract, section 1).

    Raises:
        OrderNotFoundError: no such order.
        InvalidTransitionError: the status may not follow, or somebody else was quicker.
    """
    order = find_order(session, by.principal, number)
    current = OrderStatus(order.status)
    if body.status not in NEXT_STATUSES[current]:
        raise errors.InvalidTransitionError(current)
    values = _values_of(body.status, by.act)
    values |= {
        name: value
        for name, value in (("carrier", body.carrier), ("tracking_number", body.tracking_number))
        if value is not None
    }
    reason = CancelReason.OTHER if body.status is OrderStatus.CANCELLED else None
    if reason is not None:
        values["cancel_reason"] = reason
    if not repository.change_status(session, order.id, current, values):
        raise errors.InvalidTransitionError(find_order(session, by.principal, number).status)
    _note_change(session, by.act, order, body.status, reason, body.note)
    record(session, by.act, "order.set_status", "OK", order.id, reason=body.status)
    return changed_order(session, by, number)


def changed_order(session: Session, by: Caller, number: str) -> schemas.OrderDetail:
    """Show an order after a change; to staff masked, as this answer may be repeated for a day (section 5)."""
    order = find_order(session, by.principal, number, whole=True)
    masked = by.principal.is_staff and by.api.settings.pii_policy != "open"
    return order_detail(order, contact_masked=masked)


def find_order(session: Session, principal: Principal, number: str, whole: bool = False) -> Order:
    """Return an order that the caller may see.

    Raises:
        OrderNotFoundError: no such order, or somebody else's.
    """
    order = repository.find_order(session, number, principal.customer_id, whole)
    if order is None:
        raise errors.OrderNotFoundError
    return order


def _values_of(status: OrderStatus, act: AuditContext) -> dict[str, Any]:
    values: dict[str, Any] = {
        "status": status,
        "status_since": act.at,
        "updated_at": act.at.replace(microsecond=0),
    }
    if status in PAYMENT_AFTER:
        values["payment_status"] = PAYMENT_AFTER[status]
    if status in FULFILLMENT_AFTER:
        values["fulfillment_status"] = FULFILLMENT_AFTER[status]
    return values


def _note_change(
    session: Session,
    act: AuditContext,
    order: Order,
    after: OrderStatus,
    reason: CancelReason | None,
    remark: str | None,
) -> None:
    """Add the timeline row of a change; `order` is as it was before."""
    before = OrderStatus(order.status)
    change = timeline.changed(before, after, order.status_since, act.at, reason, remark)
    session.add(TimelineEntry(order_id=order.id, actor=act.actor, **change))


def _stored(session: Session, body: schemas.OrderCreate, act: AuditContext) -> Order:
    """Store an order under the number sent, or under the next one that no other order has."""
    if body.order_number is not None:
        return _insert(session, new_order(body, body.order_number, act.at), body)
    for _ in range(MOST_TAKEN_NUMBERS):
        number = f"ORD-{act.at.year}-{repository.next_counter(session, act.at.year):04d}"
        with suppress(errors.OrderExistsError):
            return _insert(session, new_order(body, number, act.at), body)
    raise errors.StoreUnavailableError


def _insert(session: Session, order: Order, body: schemas.OrderCreate) -> Order:
    if repository.find_order(session, order.order_number) is not None:
        raise errors.OrderExistsError
    try:
        with session.begin_nested():
            session.add(order)
    except IntegrityError as error:
        # A number that was taken this very moment, or a token that somebody chose twice; else it is a fault.
        broken = unique_constraint(error)
        if "order_number_key" in broken:
            raise errors.OrderExistsError from error
        if "tracking_token" in broken and body.tracking_token is not None:
            raise errors.ValidationFailedError.of("trackingToken", "is taken") from error
        raise
    return order
