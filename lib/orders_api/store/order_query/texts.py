"""Looks for words in the texts of orders: parts of words in one, whole words in the other (docs/adr/0003)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from lib.orders_api.domain.folding import fold
from lib.orders_api.domain.search_terms import Term, email_form, word_forms
from lib.orders_api.store.tables.orders import OrderText

TRIGRAM = 3
MOST_TRIGRAMS = 12
"""So many of a word leave few orders over, each of which is looked at."""
_GLOB_SIGNS = re.compile(r"[*?\[]")

Ids = Select[int] | CompoundSelect[int]
"""Selects orders by their ids."""


@dataclass(frozen=True)
class TextMatch:
    """Whether an order's texts hold a word: `check` looks at them."""

    check: ColumnElement[bool]
    trigrams: str | None
    """The query of SQLite's search index that all of them answer; None where it can't tell."""


def holds_part(word: str, any_part: bool, is_sqlite: bool) -> TextMatch:
    """Return what an order's shown text must hold somewhere; with `any_part`, or its contact data."""
    forms = word_forms(word)
    checks = [_holds(OrderText.shown, form, is_sqlite) for form in forms]
    if not any_part:
        return TextMatch(or_(*checks), _any_of(map(_trigrams, forms)) if is_sqlite else None)
    parts = dict.fromkeys(part for form in forms for part in _parts_of_contact(form))
    return TextMatch(or_(*checks, *(_holds(OrderText.contact, part, is_sqlite) for part in parts)), None)


def whole_words(word: str) -> list[list[str]]:
    """Return which whole words of contact data may be meant by a word: any of these, all of it."""
    return [words for form in word_forms(word) for words in _whole_words(form) if words]


def joined(term: Term) -> str:
    """Return the one word that the words of a term may be, such as a postal code's."""
    return "".join(sign for sign in fold(term.text) if sign.isalnum())


def with_words(alternatives: Iterable[list[str]], is_sqlite: bool) -> Select[int]:
    """Select the orders whose contact data hold all words of one of these."""
    if is_sqlite:
        index = table("order_contacts", column("rowid"), column("order_contacts"))
        query = " OR ".join(f"({' AND '.join(map(_quoted, words))})" for words in alternatives)
        return select(index.c.rowid).where(index.c.order_contacts.op("MATCH")(query))
    # To the letter as in the index.
    held: ColumnElement[list[str]] = literal_column("string_to_array(contact, ' ')")
    holding = (held.op("@>")(cast(words, ARRAY(Text))) for words in alternatives)
    return select(OrderText.order_id).where(or_(*holding))


def all_of(queries: Iterable[str | None]) -> str | None:
    """Return the query of the search index that asks for all of these; None where there is none."""
    return " AND ".join(f"({query})" for query in queries if query) or None


def answers(trigrams: str) -> ColumnElement[bool]:
    """Return the condition that an order answers a query of SQLite's search index."""
    return OrderText.order_id.in_(_answering(trigrams))


def count_answers(session: Session, trigrams: str, most: int) -> int:
    """Count the orders that answer a query of SQLite's search index, no more than so many."""
    some = _answering(trigrams).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _answering(trigrams: str) -> Ids:
    index = table("order_search", column("rowid"), column("order_search"))
    return select(index.c.rowid).where(index.c.order_search.op("MATCH")(trigrams))


def _whole_words(form: str) -> Iterator[list[str]]:
    if "@" in form:
        mailbox, _, domain = email_form(form).rpartition("@")
        yield [*mailbox.split(), *([f"@{domain}"] if domain else [])]
        return
    yield form.split()
    if "-" in form and any(sign.isdigit() for sign in form):
        yield ["".join(sign for sign in form if sign.isalnum())]
    if "." in form:
        yield [f"@{form}"]


def _parts_of_contact(form: str) -> Iterator[str]:
    if "@" in form:
        mailbox, _, domain = email_form(form).rpartition("@")
        yield f"{mailbox} @{domain}"
        return
    yield form
    plain = "".join(sign for sign in form if sign.isalnum())
    if plain.isdigit():
        # A phone is kept with its country's digits, after which nobody dials a 0.
        yield plain.lstrip("0") or plain
    elif any(sign.isdigit() for sign in plain):
        yield plain


def _any_of(queries: Iterable[str | None]) -> str | None:
    known = list(queries)
    return None if None in known else " OR ".join(f"({query})" for query in known)


def _trigrams(part: str) -> str | None:
    found = list(dict.fromkeys(part[at : at + TRIGRAM] for at in range(len(part) - TRIGRAM + 1)))
    step = -(-len(found) // MOST_TRIGRAMS) or 1
    return " AND ".join(map(_quoted, found[::step])) or None


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _holds(texts: InstrumentedAttribute[str], part: str, is_sqlite: bool) -> ColumnElement[bool]:
    if is_sqlite:
        literal = _GLOB_SIGNS.sub(r"[\g<0>]", part)
        return texts.op("GLOB", is_comparison=True)(f"*{literal}*")
    return texts.contains(part, autoescape=True)
