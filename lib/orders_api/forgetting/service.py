"""The rules of forgetting a customer: who is meant, that a backup forgets, too, and the proof."""

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import idna
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import OrderNotFoundError
from lib.orders_api.domain.text import email_key, without_case
from lib.orders_api.forgetting import repository
from lib.orders_api.forgetting.ledger import Ledger, by_email, by_number
from lib.orders_api.forgetting.repository import leave_no_old_pages
from lib.orders_api.forgetting.wiping import Wiped, naming, opener, wipe
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext
from lib.orders_api.store.tables.orders import Order

OLD_PAGES = "the write-ahead log, for somebody reads an older state"


@dataclass(frozen=True)
class Forgotten:
    """What was wiped, where the address is still found (nowhere), and who is somebody else by a hair."""

    wiped: Wiped
    left: dict[str, int]
    alike: tuple[str, ...] = ()
    """Addresses of other orders that read alike: whether they are the same person's nobody knows here."""


def forget_customer(
    api: Api,
    email: str,
    act: AuditContext | None = None,
    also: Callable[[Session], None] = lambda _session: None,
) -> Forgotten:
    """Take a customer's personal data out of everything, for good, and look whether any are left.

    One transaction; sums, items, countries and statuses stay. The audit log, to which rows are only ever
    added, keeps that it was done and to which orders; the ledger, that it has to be done to a backup, too.
    `also` is done in the same transaction.

    Raises:
        ValueError: `email` can't be an email address.
        LedgerError: the ledger can't be written; nobody was forgotten.
    """
    key = email_key(email)
    if key is None:
        raise ValueError("that is no email address")
    asked = {key, without_case(email.strip())}
    with api.database.writing() as session:
        orders = repository.orders_of(session, key)
        wiped = _wipe_for_good(session, api, act, by_email(key), orders, asked)
        also(session)
    left = {OLD_PAGES: pages} if (pages := leave_no_old_pages(api.database.engine)) else {}
    with api.database.reading() as session:
        left |= repository.places_with(session, opener(api), naming(wiped.spellings), wiped.spellings)
        alike = [each for each in repository.addresses(session) if _look(each) == _look(key) and each != key]
    return Forgotten(wiped, left, tuple(alike))


def forget_order(api: Api, number: str) -> Forgotten:
    """Take a customer's personal data out of an order without an email, by which nobody can be asked for.

    Raises:
        OrderNotFoundError: no such order.
        ValueError: the order has an email; all orders of that address are to be forgotten together.
        LedgerError: the ledger can't be written; nobody was forgotten.
    """
    with api.database.writing() as session:
        order = repository.order_named(session, number)
        if order is None:
            raise OrderNotFoundError
        if order.email is not None:
            raise ValueError("the order has an email")
        wiped = _wipe_for_good(session, api, None, by_number(order.order_number_key), [order], set())
    pages = leave_no_old_pages(api.database.engine)
    return Forgotten(wiped, {OLD_PAGES: pages} if pages else {})


def forget_again(api: Api) -> int:
    """Forget in a restored store whom the ledger names, as far as they ordered before they were forgotten.

    Returns:
        How many customers were in it.

    Raises:
        LedgerError: the ledger can't be read.
    """
    ledger = Ledger.of(api.settings, api.sealer)
    entries, found = ledger.entries(), 0
    if not entries:
        return found
    with api.database.writing() as session:
        for key in repository.addresses(session):
            if (at := ledger.forgotten_at(entries, by_email(key))) is not None:
                wipe(session, api, api.own_act(), repository.orders_of(session, key, at), {key})
                found += 1
        for number in repository.numbers_without_email(session):
            if ledger.forgotten_at(entries, by_number(number)) is not None:
                wipe(session, api, api.own_act(), _without_email(session, number), set())
                found += 1
        repository.leave_no_search_text(session)
    leave_no_old_pages(api.database.engine)
    return found


def unite_ledgers(api: Api) -> None:
    """Have the ledger of each machine say what those of all others do; a new machine's is made so.

    Raises:
        LedgerError: this machine's can't be read or written.
    """
    if not api.settings.has_ledger:
        return
    with api.database.reading() as session:
        others = repository.ledger_lines(session)
    if here_alone := Ledger.of(api.settings, api.sealer).unite(others):
        with api.database.writing() as session:
            repository.keep_ledger_lines(session, here_alone)


def _wipe_for_good(
    session: Session, api: Api, act: AuditContext | None, who: str, orders: Sequence[Order], asked: set[str]
) -> Wiped:
    act = act or api.own_act()
    # First of all: a line too many does no harm, one too few brings somebody back.
    line = Ledger.of(api.settings, api.sealer).add(who, act.at)
    repository.keep_ledger_lines(session, {line})
    wiped = wipe(session, api, act, orders, asked)
    repository.leave_no_search_text(session)
    return wiped


def _without_email(session: Session, key: str) -> Sequence[Order]:
    order = repository.order_named(session, key)
    return [order] if order is not None and order.email is None else []


def _look(email: str) -> str:
    """Return an address as a hurried eye sees it: ß as ss, letters without accents, whatever their width."""
    mailbox, _, domain = email.rpartition("@")
    with suppress(idna.IDNAError):
        domain = idna.decode(domain)
    letters = unicodedata.normalize("NFKD", f"{mailbox}@{domain}".casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
