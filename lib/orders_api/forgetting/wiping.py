"""What is wiped of a customer's orders, and what stays of them; whom to forget is others' to say."""

import json
import re
import secrets
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from lib.orders_api.domain.text import NOBODY, without_case
from lib.orders_api.domain.timeline import change_words
from lib.orders_api.forgetting import repository
from lib.orders_api.orders.creating import rewrite_texts
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order, TimelineEntry

NOTHING = "-"
REMOVED = "The customer's personal data were removed"


@dataclass(frozen=True)
class Wiped:
    """What was wiped, and by which spellings the customer was known."""

    orders: int
    timeline_entries: int
    mails: int
    access_ended: int
    kept_answers: int
    spellings: frozenset[str]


def wipe(session: Session, api: Api, act: AuditContext, orders: Sequence[Order], asked: set[str]) -> Wiped:
    """Take the personal data out of these orders of one customer, who goes by the addresses `asked`, too."""
    spellings = asked | {without_case(order.email) for order in orders if order.email is not None}
    numbers = {name for order in orders for name in (order.order_number, order.order_number_key)}
    wiped = wipe_orders(session, act, orders, REMOVED, spellings)
    for order in orders:
        record(session, act, "customer.forget", "OK", order)
    answers = repository.drop_sealed(session, opener(api), naming(spellings, numbers))
    if spellings:
        repository.drop_preferences(session, naming(spellings))
    return replace(wiped, kept_answers=answers)


def wipe_orders(
    session: Session, act: AuditContext, orders: Sequence[Order], words: str, spellings: Collection[str] = ()
) -> Wiped:
    """Take the personal data out of these orders, and out of all that hangs on them; `words` say so there.

    Emails to one of `spellings` about anything else lose it as well, but for orders that still have it.
    """
    pseudonym = f"forgotten-{secrets.token_hex(8)}@forgotten.invalid"
    ids = [order.id for order in orders]
    entries = repository.timeline_of(session, ids)
    for entry in entries:
        _wipe_entry(entry)
    mails = repository.wipe_mails(session, ids, spellings, pseudonym)
    ended = repository.end_access(session, ids, spellings)
    repository.drop_addresses(session, [order.order_number_key for order in orders])
    for order in orders:
        _wipe_order(order, pseudonym)
        session.add(TimelineEntry(order_id=order.id, at=act.at, actor=act.actor, kind="NOTE", detail=words))
    return Wiped(len(orders), len(entries), mails, ended, 0, frozenset(spellings))


def naming(spellings: Iterable[str], order_numbers: Iterable[str] = ()) -> repository.Names:
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
    elif entry.kind in ("NOTE", "CONTACT_REVEALED", "EMAIL_CHANGED", "PHONE_CHANGED"):
        entry.detail, entry.pinned = NOTHING, False


def opener(api: Api) -> repository.Opened:
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
