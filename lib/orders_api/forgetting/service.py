"""The rules of forgetting a customer: what goes, what stays, and the proof that it has gone."""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import OrderNotFoundError
from lib.orders_api.domain.text import email_key, without_case
from lib.orders_api.domain.timeline import change_words
from lib.orders_api.forgetting import repository
from lib.orders_api.orders.creating import rewrite_texts
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order, TimelineEntry

NOBODY = "Forgotten customer"
NOTHING = "-"


@dataclass(frozen=True)
class Forgotten:
    """What was wiped, and the places where the address is still found; there must be none."""

    orders: int
    timeline_entries: int
    mails: int
    access_ended: int
    kept_answers: int
    left: dict[str, int]


def forget_customer(api: Api, email: str) -> Forgotten:
    """Take a customer's personal data out of everything, for good, and look whether any are left.

    One transaction; sums, items, countries and statuses stay. The audit log, to which rows are only ever
    added, keeps that it was done and to which orders.

    Raises:
        ValueError: `email` can't be an email address.
    """
    key = email_key(email)
    if key is None:
        raise ValueError("that is no email address")
    asked = {key, without_case(email.strip())}
    return _forget(api, lambda session: repository.orders_of(session, key), asked)


def forget_order(api: Api, number: str) -> Forgotten:
    """Take a customer's personal data out of an order without an email, by which nobody can be asked for.

    Raises:
        OrderNotFoundError: no such order.
        ValueError: the order has an email; all orders of that address are to be forgotten together.
    """

    def found(session: Session) -> Sequence[Order]:
        order = repository.order_named(session, number)
        if order is None:
            raise OrderNotFoundError
        if order.email is not None:
            raise ValueError("the order has an email")
        return [order]

    return _forget(api, found, set())


def _forget(api: Api, find: Callable[[Session], Sequence[Order]], asked: set[str]) -> Forgotten:
    pseudonym = f"forgotten-{secrets.token_hex(8)}@forgotten.invalid"
    with api.database.writing() as session:
        orders = find(session)
        ids = [order.id for order in orders]
        spellings = asked | {without_case(order.email) for order in orders if order.email is not None}
        numbers = {name for order in orders for name in (order.order_number, order.order_number_key)}
        entries = repository.timeline_of(session, ids)
        for entry in entries:
            _wipe_entry(entry)
        mails = repository.wipe_mails(session, ids, spellings, pseudonym)
        ended = repository.end_access(session, ids)
        answers = repository.drop_sealed(session, _opener(api), _naming(spellings, numbers))
        act = AuditContext("system", "command", None, str(uuid.uuid4()), api.clock())
        for order in orders:
            _wipe_order(order, pseudonym)
            session.add(_entry(order, act))
            record(session, act, "customer.forget", "OK", order)
        repository.leave_no_search_text(session)
    repository.empty_write_ahead_log(api.database.engine)
    with api.database.reading() as session:
        left = repository.places_with(session, _opener(api), _naming(spellings), spellings) if asked else {}
    return Forgotten(len(orders), len(entries), mails, ended, answers, left)


def _naming(spellings: Iterable[str], order_numbers: Iterable[str] = ()) -> repository.Names:
    """Return what tells whether a text holds the whole address, or one of the order numbers in quotes.

    A longer address that ends or begins with this one is somebody else's.
    """
    emails = [rf"(?<![\w.+%-]){re.escape(spelling)}(?![\w-]|\.\w)" for spelling in spellings]
    quoted = [re.escape(f'"{without_case(number)}"') for number in order_numbers]
    pattern = re.compile("|".join([*emails, *quoted]))
    return lambda text: pattern.search(without_case(text)) is not None


def _wipe_order(order: Order, pseudonym: str) -> None:
    if order.email is not None:
        order.email = order.email_key = pseudonym
    order.customer_name = NOBODY
    order.customer_id = order.phone = order.phone_reversed = order.tracking_number = None
    order.customer_note = None
    order.tags = ""
    order.shipping_city = order.shipping_city and NOTHING
    # The link in the customer's mailbox dies with it.
    order.tracking_token = str(uuid.uuid4())
    for address in order.addresses:
        address.first_name, address.last_name = NOBODY.split()
        address.line1 = address.city = NOTHING
        address.line2 = address.region = None
        address.postal_code = ""
    rewrite_texts(order)


def _wipe_entry(entry: TimelineEntry) -> None:
    """Keep of a timeline entry what happened, and nothing that anybody wrote."""
    if entry.actor.startswith("customer:"):
        entry.actor = "customer"
    if entry.kind == "STATUS_CHANGED" and entry.from_status and entry.to_status:
        entry.detail = change_words(entry.from_status, entry.to_status, entry.reason)
    elif entry.kind in ("NOTE", "CONTACT_REVEALED"):
        entry.detail = NOTHING


def _entry(order: Order, act: AuditContext) -> TimelineEntry:
    detail = "The customer's personal data were removed"
    return TimelineEntry(order_id=order.id, at=act.at, actor=act.actor, kind="NOTE", detail=detail)


def _opener(api: Api) -> repository.Opened:
    """Open sealed texts; what was sealed under an older key nobody can read any more."""

    def opened(sealed: bytes) -> str:
        try:
            return _plain(api.sealer.open(sealed))
        except InvalidToken:
            return ""

    return opened


def _plain(sealed_text: str) -> str:
    """Return a sealed text as it reads: JSON, even JSON in JSON, writes quotes and letters in other ways."""
    try:
        return json.dumps(json.loads(sealed_text), ensure_ascii=False).replace('\\"', '"')
    except ValueError:
        return sealed_text
