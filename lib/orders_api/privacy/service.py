"""The rules of answering customers: who is one, when an answer is due, and that two people have to forget."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import ForbiddenError, OrderNotFoundError, ValidationFailedError
from lib.orders_api.domain.text import email_key
from lib.orders_api.forgetting import Ledger, forget_customer
from lib.orders_api.forgetting.ledger import by_email
from lib.orders_api.privacy import repository
from lib.orders_api.privacy.person_file import person_file
from lib.orders_api.privacy.schemas import Kind, PrivacyAsk, PrivacyPreview
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.privacy import PrivacyRequest
from lib.settings import SettingsError

ANSWER_WITHIN = timedelta(days=30)
"""A month, says the GDPR (Art. 12(3)); none is shorter than 28 days, most are longer than 30."""


def ask(session: Session, api: Api, act: AuditContext, body: PrivacyAsk) -> PrivacyRequest:
    """Put a request in the register, for whoever knows the number and the email of an order.

    Raises:
        OrderNotFoundError: there is no such pair.
    """
    key = email_key(body.email)
    if key is None or repository.email_of(session, body.order_number) != key:
        raise OrderNotFoundError
    request = PrivacyRequest(
        kind=body.kind,
        state="OPEN",
        order_number=body.order_number,
        who=api.sealer.forgotten_mac(by_email(key)),
        asked_at=act.at,
        asked_by=act.actor,
        due_at=act.at + ANSWER_WITHIN,
    )
    session.add(request)
    session.flush()
    _note(session, act, request, "privacy.ask")
    return request


def preview(session: Session, api: Api, request_id: int) -> PrivacyPreview:
    """Say how much a request is about.

    Raises:
        OrderNotFoundError: no such request.
    """
    request = _request(session, request_id)
    key = _email_of(session, api, request)
    orders = [] if key is None else repository.orders_of(session, key)
    ids = [order.id for order in orders]
    return PrivacyPreview(
        orders=[order.order_number for order in orders],
        timeline_entries=len(repository.timeline_of(session, ids)),
        mails=len(repository.mails_of(session, ids)),
        looks=len(repository.looks_at(session, [order.order_number_key for order in orders])),
    )


def make_copy(session: Session, api: Api, act: AuditContext, request_id: int) -> bytes:
    """Return the file about the customer who asked for one; the request is done with it.

    Raises:
        OrderNotFoundError: no such request, or the customer is gone.
    """
    request = _request(session, request_id, Kind.COPY)
    key = _email_of(session, api, request)
    if key is None:
        raise OrderNotFoundError
    orders = repository.orders_of(session, key)
    ids = [order.id for order in orders]
    looks = repository.looks_at(session, [order.order_number_key for order in orders])
    made = person_file(
        orders, repository.timeline_of(session, ids), repository.mails_of(session, ids), looks, act.at
    )
    if request.state != "DONE":
        request.state, request.done_at = "DONE", act.at
    _note(session, act, request, "privacy.copy")
    return made


def confirm(session: Session, api: Api, act: AuditContext, request_id: int) -> PrivacyRequest:
    """Let a customer be forgotten by the worker; it takes somebody else than who asked for it.

    Raises:
        OrderNotFoundError: no such request.
        ForbiddenError: it is who asked.
        ValidationFailedError: it was confirmed before, or there is no place for the ledger.
    """
    request = _request(session, request_id, Kind.FORGET)
    if request.asked_by == act.actor:
        raise ForbiddenError
    if request.state != "OPEN":
        raise ValidationFailedError.of("id", "was confirmed before")
    try:
        Ledger.of(api.settings, api.sealer)
    except SettingsError:
        raise ValidationFailedError.of("id", "can't be done: ORDERS_FORGOTTEN_FILE is not set") from None
    request.state, request.confirmed_by = "CONFIRMED", act.actor
    _note(session, act, request, "privacy.confirm")
    return request


def forget_confirmed(api: Api) -> None:
    """Forget all customers whose forgetting was asked for by one, and confirmed by another."""
    while True:
        with api.database.reading() as session:
            request_id = repository.confirmed_id(session)
        if request_id is None:
            return
        _forget(api, request_id)


def _forget(api: Api, request_id: int) -> None:
    with api.database.reading() as session:
        request = _request(session, request_id)
        key = _email_of(session, api, request)
        act = AuditContext(request.confirmed_by or "system", "admin", None, str(uuid.uuid4()), api.clock())

    def close(session: Session) -> None:
        done = _request(session, request_id)
        done.state, done.done_at = "DONE", act.at

    if key is None:  # forgotten by a command meanwhile, or by time
        with api.database.writing() as session:
            close(session)
        return
    left = forget_customer(api, key, act, close).left
    if left:
        with api.database.writing() as session:
            _request(session, request_id).still_found = ", ".join(left)


def _request(session: Session, request_id: int, kind: Kind | None = None) -> PrivacyRequest:
    request = repository.request_to_change(session, request_id)
    if request is None or kind not in (None, request.kind):
        raise OrderNotFoundError
    return request


def _email_of(session: Session, api: Api, request: PrivacyRequest) -> str | None:
    """Return the address of who asked; None if the order has another one by now."""
    key = repository.email_of(session, request.order_number)
    if key is None:
        return None
    macs = [api.sealer.forgotten_mac(by_email(key), at) for at in range(len(api.sealer.key_names))]
    return key if request.who in macs else None


def _note(session: Session, act: AuditContext, request: PrivacyRequest, action: str) -> None:
    record(session, act, action, "OK", detail=f"{request.kind}, request {request.id}")
