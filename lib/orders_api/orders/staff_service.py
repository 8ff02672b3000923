"""The rules of what staff do on an order besides changing it: notes, contact data, the confirmation again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import RateLimitedError, ValidationFailedError
from lib.orders_api.domain.tokens import Principal
from lib.orders_api.mail import messages, outbox
from lib.orders_api.orders import repository
from lib.orders_api.orders.schemas import NoteCreate, NotePin, Reveal, TimelineItem
from lib.orders_api.orders.service import OrderView, find_order, look_at, require_proof
from lib.orders_api.orders.views import timeline_item
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order, TimelineEntry

SHOWN_FOR = timedelta(minutes=30)
BETWEEN_CONFIRMATIONS = timedelta(minutes=1)
CONFIRMATIONS_A_DAY = 5


def add_note(
    session: Session, principal: Principal, act: AuditContext, number: str, body: NoteCreate
) -> TimelineItem:
    """Add a note to an order's timeline.

    Raises:
        OrderNotFoundError: no such order.
    """
    order = find_order(session, principal, number)
    entry = _entry(session, act, order, "NOTE", body.text)
    record(session, act, "order.note", "OK", order)
    return timeline_item(entry)


def pin_note(
    session: Session, principal: Principal, act: AuditContext, number: str, body: NotePin
) -> TimelineItem:
    """Pin a note of an order for everybody, or take its pin away; doing it again changes nothing.

    Raises:
        OrderNotFoundError: no such order.
        ValidationFailedError: it is no note of this order.
    """
    order = find_order(session, principal, number)
    entry = repository.note_to_change(session, order.id, body.id)
    if entry is None:
        raise ValidationFailedError.of("id", "is no note of this order")
    if entry.pinned != body.pinned:
        entry.pinned = body.pinned
        record(session, act, "order.pin_note", "OK", order, detail="pinned" if body.pinned else "unpinned")
    return timeline_item(entry, pins=True)


def reveal(
    session: Session, api: Api, principal: Principal, act: AuditContext, number: str, body: Reveal
) -> OrderView:
    """Show an order's contact data to one staff member for half an hour; nobody gets them without the row.

    The answer leaves after the commit of the transaction, which holds the audit row.

    Raises:
        OrderNotFoundError: no such order.
        CallerNotVerifiedError: the shop's policy wants the caller verified first.
    """
    order = find_order(session, principal, number)
    require_proof(session, api, principal, order, "reveal")
    repository.lock_order(session, order.id)
    record(session, act, "order.reveal", "OK", order, reason=body.reason)
    repository.unlock_contact(session, order.id, principal.subject, act.at + SHOWN_FOR)
    _entry(session, act, order, "CONTACT_REVEALED", body.reason)
    session.flush()
    return look_at(session, api, principal, number)


def resend_confirmation(
    session: Session, api: Api, principal: Principal, act: AuditContext, number: str
) -> None:
    """Queue the confirmation email again, to the order's own address.

    Raises:
        OrderNotFoundError: no such order.
        RateLimitedError: it was sent less than a minute ago, or five times within a day.
        ValidationFailedError: the order has no email address.
    """
    order = find_order(session, principal, number)
    if order.email is None:
        raise ValidationFailedError.of("email", "the order has none, so no confirmation can be sent")
    repository.lock_order(session, order.id)
    for most, within in ((1, BETWEEN_CONFIRMATIONS), (CONFIRMATIONS_A_DAY, timedelta(days=1))):
        free_at = outbox.free_again_at(session, order.id, "CONFIRMATION", most, within, act.at)
        if free_at is not None:
            raise RateLimitedError(int((free_at - act.at).total_seconds()) + 1)
    link = api.tracking_link(order.tracking_token)
    outbox.queue(
        session, api.sealer, order, "CONFIRMATION", messages.confirmation(api.settings, order, link), act.at
    )
    _entry(session, act, order, "CONFIRMATION_SENT", "Confirmation email sent again")
    record(session, act, "order.resend_confirmation", "OK", order)


def _entry(session: Session, act: AuditContext, order: Order, kind: str, detail: str) -> TimelineEntry:
    entry = TimelineEntry(order_id=order.id, at=act.at, actor=act.actor, kind=kind, detail=detail)
    session.add(entry)
    return entry
