"""Finds orders by what a caller says: a number, an email, a name, a parcel … (contract, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, union
from sqlalchemy.orm import Session

from lib.orders_api.domain.search_terms import Term, cleaned, read_terms
from lib.orders_api.domain.text import is_clean
from lib.orders_api.store.order_query.filters import OrderFilters
from lib.orders_api.store.order_query.keys import Ids, Key, article_or_parcel, keys_of, whole_key
from lib.orders_api.store.order_query.texts import all_of, answers, match_term
from lib.orders_api.store.tables.orders import Order, OrderText


@dataclass(frozen=True)
class Search:
    """What a query finds, in three forms that find the same orders.

    `found` selects them by indexes, where few match; `by_texts` by a look at each order's texts, where many
    do. `scanned` checks one order after the other, while walking through them.
    """

    found: Ids
    by_texts: Ids
    scanned: ColumnElement[bool]
    trigrams: str | None = None
    """The query of SQLite's search index that all of them answer."""


@dataclass(frozen=True)
class _Part:
    """A part of a search: two forms of its condition on an order's texts, and the trigrams it needs."""

    indexed: ColumnElement[bool]
    scanned: ColumnElement[bool]
    trigrams: str | None = None


def understand(session: Session, filters: OrderFilters, customer_id: str | None = None) -> Search | None:
    """Return what an order must fulfil to be found by `q`; None without one, or of spaces alone.

    All terms have to match, each in any of the places; an article's number may hold spaces. A customer is
    never told more, or less, by an order of somebody else's.
    """
    query = filters.q or ""
    if not query.strip():
        return None
    terms = read_terms(query) if is_clean(query) else []
    if not terms:
        return _by_keys(select(Order.id).where(false()))
    whole = whole_key(cleaned(query))
    theirs = [] if customer_id is None else [Order.customer_id == customer_id]
    if session.scalar(select(exists(whole.where(*theirs)))):
        return _by_keys(whole)
    keys = [list(keys_of(term)) for term in terms]
    if len(terms) > 1:
        keys.append(list(article_or_parcel(cleaned(query))))
    finding = _finding(session, keys, theirs)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    parts = [
        _part(term, some, filters.any_part, is_sqlite) for term, some in zip(terms, finding, strict=False)
    ]
    others = [key.ids for some in finding[len(terms) :] for key in some]
    return _search(parts, others)


def _finding(
    session: Session, keys: Sequence[Sequence[Key]], theirs: Sequence[ColumnElement[bool]]
) -> list[list[Key]]:
    """Return those keys that find any order that the caller may see, asked for in one statement."""
    asked = [
        exists(select(Order.id).where(Order.id.in_(key.ids), *theirs) if theirs else key.ids)
        for some in keys
        for key in some
    ]
    answers_in_turn = iter(session.execute(select(*asked)).one())
    return [[key for key in some if next(answers_in_turn)] for some in keys]


def _part(term: Term, keys: Sequence[Key], any_part: bool, is_sqlite: bool) -> _Part:
    ids = [key.ids for key in keys]
    if any(key.is_decisive for key in keys):
        by_key = OrderText.order_id.in_(union(*ids))
        return _Part(by_key, by_key)
    match = match_term(term, any_part, is_sqlite)
    trigrams = match.trigrams if is_sqlite else None
    if not ids:
        return _Part(match.check, match.check, trigrams)
    # A union, in which each part uses its own index.
    texts = select(OrderText.order_id).where(match.check, *([answers(trigrams)] if trigrams else []))
    return _Part(
        OrderText.order_id.in_(union(*ids, texts)), or_(match.check, OrderText.order_id.in_(union(*ids)))
    )


def _by_keys(ids: Ids) -> Search:
    return Search(ids, ids, Order.id.in_(ids))


def _search(parts: Sequence[_Part], others: Sequence[Ids]) -> Search:
    trigrams = all_of(part.trigrams for part in parts)
    found = select(OrderText.order_id).where(
        *(part.indexed for part in parts), *([answers(trigrams)] if trigrams else [])
    )
    scanned = and_(*(part.scanned for part in parts))
    if others:
        found = select(OrderText.order_id).where(OrderText.order_id.in_(union(found, *others)))
        scanned, trigrams = or_(scanned, OrderText.order_id.in_(union(*others))), None
    by_texts = select(OrderText.order_id).where(scanned)
    return Search(found, by_texts, exists().where(OrderText.order_id == Order.id, scanned), trigrams)
