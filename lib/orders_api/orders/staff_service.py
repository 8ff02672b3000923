"""The rules of what staff do on an order besides changing its status: notes, contact data, confirmations."""

from datetime import timedelta

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import RateLimitedError, ValidationFailedError
from lib.orders_api.domain.phones import phone_key
from lib.orders_api.domain.text import NOBODY, email_key
from lib.orders_api.mail import messages, outbox
from lib.orders_api.orders import repository
from lib.orders_api.orders.creating import rewrite_texts
from lib.orders_api.orders.schemas import (
    ContactChange,
    NoteCreate,
    NotePin,
    OrderDetail,
    Resent,
    Reveal,
    TimelineItem,
)
from lib.orders_api.orders.service import (
    Caller,
    OrderView,
    changed_order,
    find_order,
    look_at,
    queue_confirmation,
    require_proof,
)
from lib.orders_api.orders.views import timeline_item
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order, TimelineEntry

SHOWN_FOR = timedelta(minutes=30)
BETWEEN_CONFIRMATIONS = timedelta(minutes=1)
CONFIRMATIONS_A_DAY = 5
CHANGES_A_DAY = 5
"""So often a day an order's old address may be written to."""


def add_note(session: Session, by: Caller, number: str, body: NoteCreate) -> TimelineItem:
    """Add a note to an order's timeline.

    Raises:
        OrderNotFoundError: no such order.
    """
    order = find_order(session, by.principal, number)
    entry = _entry(session, by.act, order, "NOTE", body.text)
    record(session, by.act, "order.note", "OK", order)
    return timeline_item(entry)


def pin_note(session: Session, by: Caller, number: str, body: NotePin) -> TimelineItem:
    """Pin a note of an order for everybody, or take its pin away; doing it again changes nothing.

    Raises:
        OrderNotFoundError: no such order.
        ValidationFailedError: it is no note of this order.
    """
    order = find_order(session, by.principal, number)
    entry = repository.note_to_change(session, order.id, body.id)
    if entry is None:
        raise ValidationFailedError.of("id", "is no note of this order")
    if entry.pinned != body.pinned:
        entry.pinned = body.pinned
        record(session, by.act, "order.pin_note", "OK", order, detail="pinned" if body.pinned else "unpinned")
    return timeline_item(entry, pins=True)


def reveal(session: Session, by: Caller, number: str, body: Reveal) -> OrderView:
    """Show an order's contact data to one staff member for half an hour; nobody gets them without the row.

    The answer leaves after the commit of the transaction, which holds the audit row.

    Raises:
        OrderNotFoundError: no such order.
        CallerNotVerifiedError: the shop's policy wants the caller verified first.
    """
    order = find_order(session, by.principal, number)
    require_proof(session, by, order, "reveal")
    repository.lock_order(session, order.id)
    record(session, by.act, "order.reveal", "OK", order, reason=body.reason)
    repository.unlock_contact(session, order.id, by.principal.subject, by.act.at + SHOWN_FOR)
    _entry(session, by.act, order, "CONTACT_REVEALED", body.reason)
    session.flush()
    return look_at(session, by.api, by.principal, number)


def resend_confirmation(session: Session, by: Caller, number: str) -> Resent:
    """Queue the confirmation email again, to the order's own address.

    Raises:
        OrderNotFoundError: no such order.
        RateLimitedError: it was sent less than a minute ago, or five times within a day.
        ValidationFailedError: the order has no email address.
    """
    order = find_order(session, by.principal, number)
    if order.email is None:
        raise ValidationFailedError.of("email", "the order has none, so no confirmation can be sent")
    repository.lock_order(session, order.id)
    for most, within in ((1, BETWEEN_CONFIRMATIONS), (CONFIRMATIONS_A_DAY, timedelta(days=1))):
        free_at = outbox.free_again_at(session, order.id, "CONFIRMATION", most, within, by.act.at)
        if free_at is not None:
            raise RateLimitedError(int((free_at - by.act.at).total_seconds()) + 1)
    queue_confirmation(session, by, order)
    _entry(session, by.act, order, "CONFIRMATION_SENT", "Confirmation email sent again")
    record(session, by.act, "order.resend_confirmation", "OK", order)
    return Resent()


def _entry(session: Session, act: AuditContext, order: Order, kind: str, detail: str) -> TimelineEntry:
    entry = TimelineEntry(order_id=order.id, at=act.at, actor=act.actor, kind=kind, detail=detail)
    session.add(entry)
    return entry


def change_contact(session: Session, by: Caller, number: str, body: ContactChange) -> OrderDetail:
    """Change an order's email or phone, with its search texts, its timeline row and its audit row.

    An email that changes ends guests' access (a trigger) and whatever was shown by it, and its old address is
    told. What waits to be sent goes to the new one.

    Raises:
        OrderNotFoundError: no such order.
        RateLimitedError: its email was changed five times within a day.
        ValidationFailedError: nothing would change, or the customer was forgotten.
        CallerNotVerifiedError: the shop's policy wants the caller verified first.
    """
    found = find_order(session, by.principal, number)
    require_proof(session, by, found, "contact")
    order = repository.whole_order_to_change(session, found.id)
    if order.customer_name == NOBODY:
        raise ValidationFailedError.of("email", "the customer was forgotten: there is nothing to put right")
    changed = []
    if body.email is not None and body.email != order.email:
        _change_email(session, by, order, body.email)
        changed.append("email")
    if body.phone is not None and body.phone != order.phone:
        order.phone, country = body.phone, order.addresses[0].country if order.addresses else None
        order.phone_reversed = phone_key(body.phone, country)
        changed.append("phone")
    if not changed:
        raise ValidationFailedError.of("email", "nothing would change: give another email, or another phone")
    rewrite_texts(order)
    order.updated_at = max(order.updated_at, by.act.at.replace(microsecond=0))
    what = " and ".join(changed)
    words = f"{what.capitalize()} changed: {body.reason}"
    _entry(session, by.act, order, f"{changed[0].upper()}_CHANGED", words)
    record(session, by.act, "order.change_contact", "OK", order, reason=body.reason, detail=what)
    session.flush()
    return changed_order(session, by, number)


def _change_email(session: Session, by: Caller, order: Order, email: str) -> None:
    free_at = outbox.free_again_at(
        session, order.id, "EMAIL_CHANGED", CHANGES_A_DAY, timedelta(days=1), by.act.at
    )
    if free_at is not None:
        raise RateLimitedError(int((free_at - by.act.at).total_seconds()) + 1)
    if order.email_key != email_key(email):
        # To the old address, as the order still has it.
        told = messages.email_changed(by.api.settings, order)
        outbox.queue(session, by.api.sealer, order, "EMAIL_CHANGED", told, by.act.at)
        repository.end_unlocks(session, order.id)
    outbox.redirect(session, order.id, email)
    order.email, order.email_key = email, email_key(email)
