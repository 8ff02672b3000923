"""Finds orders by what a caller says: number, email, name, phone, SKU, token (contract, section 4)."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal_column, or_, select, text, union
from sqlalchemy.orm import Session

from lib.orders_api.models import LineItem, Order
from lib.orders_api.text import MIN_PHONE_DIGITS, is_clean, reversed_digits, search_form

MAX_WORDS = 8
MIN_TRIGRAM = 3
_PHONE = re.compile(r"[0-9+()/.\s-]+", re.ASCII)

Ids = Select[int]


def search_condition(session: Session, query: str) -> ColumnElement[bool] | None:
    """Give what an order must fulfil to be found by `query`; None for a query without a word.

    All words have to match, each in any of the places; a phone number or SKU may hold spaces.
    """
    words = query.split()[:MAX_WORDS]
    if not words:
        return None
    if not is_clean(query):
        return false()
    every_word = and_(*(_word_condition(session, word) for word in words))
    if len(words) == 1:
        return every_word
    whole = _exact_ids(session, " ".join(words))
    return or_(every_word, Order.id.in_(union(*whole))) if whole else every_word


def _word_condition(session: Session, word: str) -> ColumnElement[bool]:
    exact = _exact_ids(session, word)
    if not exact:
        return _text_condition(session, word)
    return Order.id.in_(union(*exact, select(Order.id).where(_text_condition(session, word))))


def _text_condition(session: Session, word: str) -> ColumnElement[bool]:
    form = search_form(word)
    if session.get_bind().dialect.name != "sqlite":
        return Order.search_text.contains(form, autoescape=True)
    if len(form) < MIN_TRIGRAM:
        return func.instr(Order.search_text, form) > 0
    phrase = '"' + form.replace('"', '""') + '"'
    matches = text("SELECT rowid FROM order_search WHERE order_search MATCH :phrase").bindparams(
        phrase=phrase
    )
    return Order.id.in_(matches.columns(literal_column("rowid")).scalar_subquery())


def _exact_ids(session: Session, words: str) -> list[Ids]:
    """Give the selects that find anything by a whole SKU, a whole token or the last digits of a phone."""
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
