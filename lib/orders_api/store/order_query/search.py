"""Finds orders by what a caller says: a number, an email, a name, a parcel … (contract, section 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, union
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.search_terms import Term, cleaned, read_terms
from lib.orders_api.domain.text import is_clean
from lib.orders_api.store.order_query.filters import OrderFilters
from lib.orders_api.store.order_query.keys import Key, article_or_parcel, keys_of, whole_key
from lib.orders_api.store.order_query.texts import (
    Ids,
    all_of,
    answers,
    holds_part,
    joined,
    whole_words,
    with_words,
)
from lib.orders_api.store.tables.orders import Order, OrderText

MOST_WORDS = 12
"""So many different words at most are looked for at once: each may cost a look at every order."""

MOST_NAMED = 100
"""So many orders that a whole key names are remembered by their ids."""


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
    ids: Sequence[int] | None = None
    """All that it finds, where that is known."""
    repeats: bool = False
    """Whether `found` may select an order more than once, as for an article of two of its lines."""


@dataclass(frozen=True)
class _Part:
    """A part of a search, as two forms of one condition on an order's texts, and the trigrams it asks for."""

    indexed: ColumnElement[bool]
    scanned: ColumnElement[bool]
    trigrams: str | None = None
    only: Ids | None = None
    """What selects just these orders, where it is keys that find them."""
    repeats: bool = False

    def ids(self) -> Ids:
        """Select the orders that fulfil it, by indexes."""
        if self.only is not None:
            return self.only
        narrowed = [answers(self.trigrams)] if self.trigrams else []
        return select(OrderText.order_id).where(self.indexed, *narrowed)


def understand(session: Session, filters: OrderFilters, customer_id: str | None = None) -> Search | None:
    """Return what an order must fulfil to be found by `q`; None without one, or of spaces alone.

    All terms have to match, each in any of the places; an article's number may hold spaces. A customer is
    never told more, or less, by an order of somebody else's.

    Raises:
        ValidationFailedError: there are too many words.
    """
    query = filters.q or ""
    if not query.strip():
        return None
    terms = read_terms(query) if is_clean(query) else []
    if not terms:
        return _by_keys(select(Order.id).where(false()), [])
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        raise ValidationFailedError.of("q", f"must have at most {MOST_WORDS} different words")
    whole = whole_key(cleaned(query))
    theirs = [] if customer_id is None else [Order.customer_id == customer_id]
    if named := session.scalars(whole.where(*theirs).limit(MOST_NAMED + 1)).all():
        return _by_keys(whole, named if len(named) <= MOST_NAMED else None)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    asked = [_keys(term, filters.any_part, is_sqlite) for term in terms]
    if len(terms) > 1:
        asked.append(list(article_or_parcel(cleaned(query))))
    finding = _finding(session, asked, theirs)
    of_terms = (
        _of_term(session, term, keys, filters.any_part, theirs)
        for term, keys in zip(terms, finding, strict=False)
    )
    part = _or_keys(_all(of_terms), [key for keys in finding[len(terms) :] for key in keys])
    by_texts = select(OrderText.order_id).where(part.scanned)
    scanned = exists().where(OrderText.order_id == Order.id, part.scanned)
    return Search(part.ids(), by_texts, scanned, part.trigrams, repeats=part.repeats)


def _keys(term: Term, any_part: bool, is_sqlite: bool) -> list[Key]:
    """Return the keys by which a term may find an order, as the one word that it may be."""
    keys = list(keys_of(term))
    if any_part:
        return keys
    if len(term.words) == 1:
        return keys + _keys_of_word(term.words[0], is_sqlite)
    code = joined(term)
    return [*keys, Key(with_words([[code]], is_sqlite))] if code else keys


def _keys_of_word(word: str, is_sqlite: bool) -> list[Key]:
    whole = whole_words(word)
    return [Key(with_words(whole, is_sqlite), is_decisive="@" in word)] if whole else []


def _finding(
    session: Session, asked: Sequence[list[Key]], theirs: Sequence[ColumnElement[bool]]
) -> list[list[Key]]:
    """Return of each those keys that find any order that the caller may see, asked for in one statement."""
    all_keys = [key for keys in asked for key in keys]
    if not all_keys:
        return [*asked]
    ids = [select(Order.id).where(Order.id.in_(key.ids), *theirs) if theirs else key.ids for key in all_keys]
    there = iter(session.execute(select(*(_any_of(session, each) for each in ids))).one())
    return [[key for key in keys if next(there)] for keys in asked]


def _any_of(session: Session, ids: Ids) -> ColumnElement[bool]:
    """Check that there are any such orders."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    # PostgreSQL would look at one row after the other, taking it for granted that one fits soon.
    return exists(ids if is_sqlite else select(ids.cte().prefix_with("MATERIALIZED")))


def _of_term(
    session: Session, term: Term, keys: list[Key], any_part: bool, theirs: Sequence[ColumnElement[bool]]
) -> _Part:
    """Return what a term with such keys asks for: by these alone where a decisive one finds anything.

    An article that tens of thousands of orders have is asked for alone, too, where no text holds its number.
    """
    if any(key.is_decisive for key in keys):
        return _of_keys(keys)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    first, *others = parts = [_holding(word, any_part, is_sqlite) for word in term.words]
    if any_part and others and (code := joined(term)):
        either = or_(_all(parts).scanned, _holding(code, any_part, is_sqlite).scanned)
        return _or_keys(_Part(either, either), keys)
    if not any_part and others:
        of_words = _finding(session, [_keys_of_word(word, is_sqlite) for word in term.words], theirs)
        return _or_keys(_all(map(_or_keys, parts, of_words)), keys)
    is_article = any(key.check is not None for key in keys)
    if is_article and not session.scalar(select(_any_of(session, first.ids()))):
        return _of_keys(keys)
    return _or_keys(first, keys)


def _holding(word: str, any_part: bool, is_sqlite: bool) -> _Part:
    match = holds_part(word, any_part, is_sqlite)
    return _Part(match.check, match.check, match.trigrams)


def _all(parts: Iterable[_Part]) -> _Part:
    first, *others = parts
    if not others:
        return first
    every = [first, *others]
    return _Part(
        and_(*(part.indexed for part in every)),
        and_(*(part.scanned for part in every)),
        all_of(part.trigrams for part in every),
    )


def _or_keys(part: _Part, keys: Sequence[Key]) -> _Part:
    """Return what a part or one of these keys finds: a union, in which each uses its own index."""
    if not keys:
        return part
    ids = union(*(key.ids for key in keys), part.ids())
    checks = (key.finds() for key in keys)
    return _Part(OrderText.order_id.in_(ids), or_(part.scanned, *checks), only=ids)


def _of_keys(keys: Sequence[Key]) -> _Part:
    """Return what one of these keys finds."""
    first, *others = (key.ids for key in keys)
    # Not distinct: PostgreSQL would then find all of them before it looks whether an order is one.
    ids, repeats = (union(first, *others), False) if others else (first, keys[0].check is not None)
    checks = or_(*(key.finds() for key in keys))
    return _Part(OrderText.order_id.in_(ids), checks, only=ids, repeats=repeats)


def _by_keys(found: Ids, ids: Sequence[int] | None) -> Search:
    return Search(found, found, Order.id.in_(found), ids=ids)
