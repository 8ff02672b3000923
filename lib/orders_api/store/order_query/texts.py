"""Looks for words in the texts of orders, by trigrams where they are long enough (docs/adr/0003)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, column, func, or_, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from lib.orders_api.domain.folding import fold
from lib.orders_api.domain.search_terms import Term, email_form, word_forms
from lib.orders_api.store.tables.orders import OrderText

TRIGRAM = 3
MOST_TRIGRAMS = 12
"""So many of a word leave few orders over, each of which is looked at."""
_GLOB_SIGNS = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class TextMatch:
    """Whether an order's texts match: `check` looks at them."""

    check: ColumnElement[bool]
    trigrams: str | None
    """The query of SQLite's search index that all of them answer; None where it can't tell."""


def match_term(term: Term, any_part: bool, is_sqlite: bool) -> TextMatch:
    """Return what an order's texts must hold: all words of a term, or all as the one word they may be.

    With `any_part`, a part of a word is enough in contact data, too.
    """
    words = [_match_word(word, any_part, is_sqlite) for word in term.words]
    trigrams = all_of(each.trigrams for each in words)
    every = TextMatch(and_(*(each.check for each in words)), trigrams)
    if len(words) == 1:
        return every
    joined = "".join(sign for sign in fold(term.text) if sign.isalnum())
    whole = _match([], list(_whole_or_part(joined, any_part)), is_sqlite)
    return TextMatch(or_(every.check, whole.check), _any_of([every.trigrams, whole.trigrams]))


def all_of(queries: Iterable[str | None]) -> str | None:
    """Return the query of the search index that asks for all of these; None where there is none."""
    known = [f"({query})" for query in queries if query]
    return " AND ".join(known) or None


def answers(trigrams: str) -> ColumnElement[bool]:
    """Return the condition that an order answers a query of SQLite's search index."""
    return OrderText.order_id.in_(_answering(trigrams))


def count_answers(session: Session, trigrams: str, most: int) -> int:
    """Count the orders that answer a query of SQLite's search index, no more than so many."""
    some = _answering(trigrams).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _answering(trigrams: str) -> Select[int]:
    index = table("order_search", column("rowid"), column("order_search"))
    return select(index.c.rowid).where(index.c.order_search.op("MATCH")(trigrams))


def _match_word(word: str, any_part: bool, is_sqlite: bool) -> TextMatch:
    forms = word_forms(word)
    patterns = [pattern for form in forms for pattern in _contact_patterns(form, any_part)]
    return _match(forms, list(dict.fromkeys(patterns)), is_sqlite)


def _contact_patterns(form: str, any_part: bool) -> Iterator[str]:
    """Return what the words of contact data hold where a word is one of them, or a part of one."""
    if "@" in form:
        mailbox, _, domain = email_form(form).rpartition("@")
        address = f"{mailbox} @{domain}"
        if any_part:
            yield address
        elif mailbox or domain:
            yield f"{' ' if mailbox else ''}{address}{' ' if domain else ''}"
        return
    yield from _whole_or_part(form, any_part)
    if any(sign.isdigit() for sign in form):
        yield from _whole_or_part("".join(sign for sign in form if sign.isalnum()), any_part)
    if "." in form and not any_part:
        yield f" @{form} "


def _whole_or_part(word: str, any_part: bool) -> Iterator[str]:
    if not any_part:
        yield f" {word} "
        return
    yield word
    # A phone is kept with its country's digits, after which nobody dials a 0.
    if word.isdigit() and word.startswith("0") and (dialled := word.lstrip("0")):
        yield dialled


def _match(shown: list[str], contact: list[str], is_sqlite: bool) -> TextMatch:
    checks = [_holds(OrderText.shown, part, is_sqlite) for part in shown]
    checks += [_holds(OrderText.contact, part, is_sqlite) for part in contact]
    # Whatever holds a longer part answers for the shorter one within it.
    needed = [*shown, *(part for part in contact if not any(each in part for each in shown))]
    return TextMatch(or_(*checks), _any_of(map(_trigrams, needed)))


def _any_of(queries: Iterable[str | None]) -> str | None:
    known = list(queries)
    return None if None in known else " OR ".join(f"({query})" for query in known)


def _trigrams(part: str) -> str | None:
    found = list(dict.fromkeys(part[at : at + TRIGRAM] for at in range(len(part) - TRIGRAM + 1)))
    step = -(-len(found) // MOST_TRIGRAMS) or 1
    return " AND ".join('"' + each.replace('"', '""') + '"' for each in found[::step]) or None


def _holds(texts: InstrumentedAttribute[str], part: str, is_sqlite: bool) -> ColumnElement[bool]:
    if is_sqlite:
        literal = _GLOB_SIGNS.sub(r"[\g<0>]", part)
        return texts.op("GLOB", is_comparison=True)(f"*{literal}*")
    return texts.contains(part, autoescape=True)
