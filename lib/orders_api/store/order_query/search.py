"""Finds orders by what a caller says: number, email, name, phone, SKU, token (contract, section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.orm import Session

from lib.orders_api.domain.text import MIN_PHONE_DIGITS, is_clean, reversed_digits, search_form
from lib.orders_api.store.tables.orders import LineItem, Order

MIN_TRIGRAM = 3
NUMBERS_END = 6
_GLOB_SIGNS = re.compile(r"[*?\[]")
_PHONE = re.compile(r"[0-9+()/.\s-]+", re.ASCII)

Ids = Select[int]


@dataclass(frozen=True)
class Search:
    """A search, in two forms that find the same orders.

    `indexed` is fast for what few orders share, `scanned` while walking through orders most of which fit.
    """

    indexed: ColumnElement[bool]
    scanned: ColumnElement[bool]
    trigrams: str | None = None
    """The FTS5 query that alone finds all of it, where there is one (SQLite)."""


def understand(session: Session, query: str) -> Search | None:
    """Return what an order must fulfil to be found by `query`; None for a query without a word.

    All words have to match, each in any of the places; a phone number or SKU may hold spaces.
    """
    words = query.split()
    if not words:
        return None
    if not is_clean(query):
        return Search(false(), false())
    found = _all_of(session, list(dict.fromkeys(words)))
    whole = _exact_ids(session, " ".join(words)) if len(words) > 1 else []
    if not whole:
        return found
    exact = Order.id.in_(union(*whole))
    return Search(or_(found.indexed, exact), or_(found.scanned, exact))


def _all_of(session: Session, words: list[str]) -> Search:
    """Return the orders in which each of the words is found; one FTS5 query for all that have trigrams."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    indexed: list[ColumnElement[bool]] = []
    scanned: list[ColumnElement[bool]] = []
    phrases: list[str] = []
    for word in words:
        form, exact = search_form(word), _exact_ids(session, word)
        contained = _contains(form, is_sqlite)
        walked = contained if is_sqlite else _contains_as_many_do(form)
        scanned.append(or_(walked, Order.id.in_(union(*exact))) if exact else walked)
        if not is_sqlite:
            indexed.append(_either(_contains_by_its_end(form), exact))
        elif len(form) < MIN_TRIGRAM:
            indexed.append(_either(contained, exact))
        elif form.find("@") >= MIN_TRIGRAM:
            # The part before the domain alone is looked up: thousands share the domain's trigrams.
            mailbox = _matches(_phrase(form[: form.find("@") + 1]))
            indexed.append(_either(and_(mailbox, contained), exact))
        elif exact:
            indexed.append(_either(_matches(_phrase(form)), exact))
        else:
            phrases.append(_phrase(form))
    trigrams = " ".join(phrases)
    if phrases:
        indexed.append(_matches(trigrams))
    return Search(and_(*indexed), and_(*scanned), trigrams if len(phrases) == len(words) else None)


def _either(condition: ColumnElement[bool], exact: list[Ids]) -> ColumnElement[bool]:
    """Return what fulfils a condition or is among `exact`: a union, in which each part uses its own index."""
    return Order.id.in_(union(*exact, select(Order.id).where(condition))) if exact else condition


def _phrase(form: str) -> str:
    """Return what finds a form in SQLite's search index."""
    return '"' + form.replace('"', '""') + '"'


def _contains(form: str, is_sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that an order's search text holds a form anywhere."""
    if is_sqlite:
        return Order.search_text.op("GLOB", is_comparison=True)(f"*{_literal(form)}*")
    return Order.search_text.contains(form, autoescape=True)


def _literal(form: str) -> str:
    return _GLOB_SIGNS.sub(r"[\g<0>]", form)


def _contains_by_its_end(form: str) -> ColumnElement[bool]:
    """Look up a number by its end: PostgreSQL reads all orders of each trigram, and most share the rest."""
    end = form[-NUMBERS_END:]
    if len(form) == len(end) or sum(sign.isdigit() for sign in end) < MIN_TRIGRAM:
        return _contains(form, is_sqlite=False)
    # Joined to nothing, because what stands in the index would be looked up there.
    unindexed: ColumnElement[str] = Order.search_text + ""
    return and_(_contains(end, is_sqlite=False), unindexed.contains(form, autoescape=True))


def _contains_as_many_do(form: str) -> ColumnElement[bool]:
    """Check each text in a way that PostgreSQL takes a third to pass, and so walks, and looks up nothing."""
    return func.strpos(Order.search_text, form) > 0


def _matches(phrases: str) -> ColumnElement[bool]:
    """Return the condition that an order is found by a query of SQLite's search index."""
    # Unique, because a statement may hold several: under one name, the last would stand for all.
    wanted: BindParameter[str] = bindparam("phrases", phrases, unique=True)
    rows = text("SELECT rowid FROM order_search WHERE order_search MATCH :phrases").bindparams(wanted)
    return Order.id.in_(rows.columns(literal_column("rowid")).scalar_subquery())


def _exact_ids(session: Session, words: str) -> list[Ids]:
    """Return the selects that find anything by a whole SKU, a whole token or the last digits of a phone."""
    candidates = [select(LineItem.order_id).where(LineItem.sku_key == words.casefold())]
    token = _as_token(words)
    if token is not None:
        candidates.append(select(Order.id).where(Order.tracking_token == token))
    digits = reversed_digits(words)
    if len(digits) >= MIN_PHONE_DIGITS and _PHONE.fullmatch(words):
        # Digits sort before the colon, so this is the range of all that begins with them.
        candidates.append(
            select(Order.id).where(Order.phone_reversed >= digits, Order.phone_reversed < digits + ":")
        )
    return [ids for ids in candidates if session.scalar(ids.limit(1)) is not None]


def _as_token(word: str) -> str | None:
    try:
        return str(UUID(word)) if len(word) == len(str(UUID(int=0))) else None
    except ValueError:
        return None
