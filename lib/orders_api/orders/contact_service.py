"""The rules of putting an order's contact data right: what changes with them, and who is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import RateLimitedError, ValidationFailedError
from lib.orders_api.domain.phones import phone_key
from lib.orders_api.domain.text import NOBODY, email_key
from lib.orders_api.domain.tokens import Principal
from lib.orders_api.mail import messages, outbox
from lib.orders_api.orders import repository
from lib.orders_api.orders.creating import rewrite_texts
from lib.orders_api.orders.schemas import ContactChange, OrderDetail
from lib.orders_api.orders.service import changed_order, find_order, require_proof
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order, TimelineEntry

CHANGES_A_DAY = 5
"""So often a day an order's old address may be written to."""


def change_contact(
    session: Session, api: Api, principal: Principal, act: AuditContext, number: str, body: ContactChange
) -> OrderDetail:
    """Change an order's email or phone, with its search texts, its timeline row and its audit row.

    An email that changes ends guests' access (a trigger) and whatever was shown by it, and its old address is
    told. What waits to be sent goes to the new one.

    Raises:
        OrderNotFoundError: no such order.
        RateLimitedError: its email was changed five times within a day.
        ValidationFailedError: nothing would change, or the customer was forgotten.
        CallerNotVerifiedError: the shop's policy wants the caller verified first.
    """
    found = find_order(session, principal, number)
    require_proof(session, api, principal, found, "contact")
    order = repository.whole_order_to_change(session, found.id)
    if order.customer_name == NOBODY:
        raise ValidationFailedError.of("email", "the customer was forgotten: there is nothing to put right")
    changed = []
    if body.email is not None and body.email != order.email:
        _change_email(session, api, act, order, body.email)
        changed.append("email")
    if body.phone is not None and body.phone != order.phone:
        order.phone, country = body.phone, order.addresses[0].country if order.addresses else None
        order.phone_reversed = phone_key(body.phone, country)
        changed.append("phone")
    if not changed:
        raise ValidationFailedError.of("email", "nothing would change: give another email, or another phone")
    rewrite_texts(order)
    order.updated_at = max(order.updated_at, act.at.replace(microsecond=0))
    what = " and ".join(changed)
    session.add(
        TimelineEntry(
            order_id=order.id,
            at=act.at,
            actor=act.actor,
            kind=f"{changed[0].upper()}_CHANGED",
            detail=f"{what.capitalize()} changed: {body.reason}",
        )
    )
    record(session, act, "order.change_contact", "OK", order, reason=body.reason, detail=what)
    session.flush()
    return changed_order(session, api, principal, number)


def _change_email(session: Session, api: Api, act: AuditContext, order: Order, email: str) -> None:
    free_at = outbox.free_again_at(
        session, order.id, "EMAIL_CHANGED", CHANGES_A_DAY, timedelta(days=1), act.at
    )
    if free_at is not None:
        raise RateLimitedError(int((free_at - act.at).total_seconds()) + 1)
    if order.email_key != email_key(email):
        # To the old address, as the order still has it.
        told = messages.email_changed(api.settings, order)
        outbox.queue(session, api.sealer, order, "EMAIL_CHANGED", told, act.at)
        repository.end_unlocks(session, order.id)
    outbox.redirect(session, order.id, email)
    order.email, order.email_key = email, email_key(email)
