"""Finds the orders that hold a rare pair of characters, which no trigram is, by what can stand before it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import Session

from lib.orders_api.orders.parts import SHORT
from lib.orders_api.store.order_query.search import begins_with, contains, matches, phrase
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.search_parts import SearchChange, SearchPart

MOST_TRIGRAMS = 200
"""More of them take longer to look up than each text takes to look at."""


def holds_pair(session: Session, pair: str) -> ColumnElement[bool] | None:
    """Return the condition that an order's text holds a pair, by indexes; None where that takes too long."""
    trigrams = sorted(_trigrams_ending_with(session, pair))
    if len(trigrams) > MOST_TRIGRAMS:
        return None
    if session.get_bind().dialect.name != "sqlite":
        held = (contains(Order.search_text, each, is_sqlite=False) for each in trigrams)
        return or_(begins_with(pair, is_sqlite=False), *held)
    places = [select(Order.id).where(begins_with(pair, is_sqlite=True))]
    if trigrams:
        places.append(select(Order.id).where(matches(" OR ".join(map(phrase, trigrams)))))
    return Order.id.in_(union(*places))


def _trigrams_ending_with(session: Session, pair: str) -> set[str]:
    """Return all trigrams that end with a pair and that a text may hold, by the pairs that texts hold."""
    before = select(SearchPart.part).where(SearchPart.part.endswith(pair[0], autoescape=True))
    kept = session.scalars(before)
    found = {known[0] + pair for known in kept if len(known) == SHORT and known[1] == pair[0]}
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    noted = session.scalars(
        select(SearchChange.search_text).where(contains(SearchChange.search_text, pair, is_sqlite))
    )
    for searched in noted:
        found |= {
            searched[at - 1 : at + SHORT] for at in range(1, len(searched)) if searched.startswith(pair, at)
        }
    return found
