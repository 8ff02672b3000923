"""The rules of answering customers: who is one, when an answer is due, and that two people have to forget."""

import itertools
from datetime import timedelta

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import ForbiddenError, OrderNotFoundError, ValidationFailedError
from lib.orders_api.domain.text import NOBODY, email_key
from lib.orders_api.forgetting import Ledger, LedgerError, forget_customer
from lib.orders_api.forgetting.ledger import by_email
from lib.orders_api.privacy import repository
from lib.orders_api.privacy.person_file import person_file
from lib.orders_api.privacy.schemas import Kind, PrivacyAsk, PrivacyPreview
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order
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
    order = repository.order_named(session, body.order_number)
    if key is None or order is None or order.email_key != key:
        raise OrderNotFoundError
    request = PrivacyRequest(
        kind=body.kind,
        state="OPEN",
        order_number=body.order_number,
        who=api.sealer.forgotten_mac(by_email(key)),
        who_key=api.sealer.key_names[0],
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
        mails=len(repository.mails_to(session, key or "", ids)),
        looks=len(repository.looks_at(session, orders)),
    )


def make_copy(session: Session, api: Api, act: AuditContext, request_id: int) -> bytes:
    """Return the file about the customer who asked for one; the request is done with it.

    Raises:
        OrderNotFoundError: no such request, or the customer is gone.
    """
    request = _request(session, request_id, Kind.COPY)
    key = _email_of(session, api, request)
    orders = [] if key is None else repository.orders_of(session, key)
    if key is None or not orders:
        raise OrderNotFoundError
    ids = [order.id for order in orders]
    mails, looks = repository.mails_to(session, key, ids), repository.looks_at(session, orders)
    made = person_file(orders, repository.timeline_of(session, ids), mails, looks, act.at)
    if request.state != "DONE":
        request.state, request.done_at = "DONE", act.at
    for order in orders:
        _note(session, act, request, "privacy.copy", order)
    return made


def confirm(session: Session, api: Api, act: AuditContext, request_id: int) -> PrivacyRequest:
    """Confirm that the worker is to forget a customer; it takes somebody else than who asked for it.

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
    request.state, request.confirmed_by, request.still_found = "CONFIRMED", act.actor, None
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
        doubt = _doubt(session, api, request, key)
        act = api.own_act("admin", request.confirmed_by or "system")

    def close(session: Session) -> None:
        done = _request(session, request_id)
        done.state, done.done_at, done.still_found = "DONE", act.at, doubt

    def open_again(session: Session, why: str) -> None:
        request = _request(session, request_id)
        if request.state == "CONFIRMED":
            request.state, request.confirmed_by, request.still_found = "OPEN", None, why

    if key is None:
        with api.database.writing() as session:
            open_again(session, doubt) if doubt else close(session)
        return
    try:
        left = forget_customer(api, key, act, close).left
    except (LedgerError, SettingsError) as error:
        with api.database.writing() as session:
            open_again(session, str(error))
        return
    if left:
        with api.database.writing() as session:
            _request(session, request_id).still_found = ", ".join([*left, *filter(None, [doubt])])


def _request(session: Session, request_id: int, kind: Kind | None = None) -> PrivacyRequest:
    request = repository.request_to_change(session, request_id)
    if request is None or kind not in (None, request.kind):
        raise OrderNotFoundError
    return request


def _email_of(session: Session, api: Api, request: PrivacyRequest) -> str | None:
    """Return the address of who asked, wherever it is kept; the order that was named may have another one."""
    keys = range(len(api.sealer.key_names))
    order = repository.order_named(session, request.order_number)
    first = [order.email_key] if order is not None and order.email_key else []
    for email in itertools.chain(first, repository.addresses(session)):
        if any(request.who == api.sealer.forgotten_mac(by_email(email), key) for key in keys):
            return email
    return None


def _doubt(session: Session, api: Api, request: PrivacyRequest, found: str | None) -> str | None:
    """Say why the customer may be there under another address than the one `found`; None: no reason."""
    if found is None and request.who_key not in api.sealer.key_names:
        return f"nobody can look for them without the key {request.who_key} in ORDERS_CODE_KEY"
    order = repository.order_named(session, request.order_number)
    if order is None or order.customer_name == NOBODY or (found is not None and order.email_key == found):
        return None
    return "the order that was named has another address by now: if it is theirs, note that one, too"


def _note(
    session: Session, act: AuditContext, request: PrivacyRequest, action: str, order: Order | None = None
) -> None:
    record(session, act, action, "OK", order, detail=f"{request.kind}, request {request.id}")
