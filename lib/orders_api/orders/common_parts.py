"""Chooses the longer parts of search texts that many orders share, and begins to keep counts of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.orders_api.db import Database
from lib.orders_api.models import Order
from lib.orders_api.orders import parts
from lib.orders_api.orders.part_models import SearchChange, SearchPart
from lib.orders_api.orders.search import contains

WORTH_CHOOSING = 20_000
"""Up to so many orders each text can be looked at within a few milliseconds."""
SAMPLE = 1_000
SHARED_BY = 0.03
"""The share of the orders from which on a part is common."""


def choose_parts(session: Session, least: int = WORTH_CHOOSING) -> list[str]:
    """Give the common parts that are not kept yet, guessed by some orders; each after its beginnings."""
    newest = session.scalar(select(func.max(Order.id))) or 0
    if newest < least:
        return []
    ids = range(1, newest + 1, max(newest // SAMPLE, 1))
    texts = session.scalars(select(Order.search_text).where(Order.id.in_(ids))).all()
    kept = parts.longer_parts(session)
    return [part for part in _common(texts) if part not in kept]


def _common(texts: Sequence[str]) -> Iterator[str]:
    """Give the longer parts that many of the texts hold, the shorter first.

    What holds a rare part is no more common than that, so that each length builds on the one before.
    """
    least = max(SHARED_BY * len(texts), 2)
    length, known = 0, {""}
    while known:
        length += 1
        counts = Counter[str]()
        for text in texts:
            starts = range(len(text) - length + 1)
            counts.update({text[at : at + length] for at in starts if text[at : at + length - 1] in known})
        known = {part for part, count in counts.items() if count >= least}
        if length > parts.SHORT:
            yield from sorted(known)


def keep_part(database: Database, part: str) -> None:
    """Count the orders in whose texts a part occurs, and keep that from now on."""
    with database.writing() as session:
        parts.take_turn(session)
        if session.get(SearchPart, part) is not None:
            return
        is_sqlite = database.is_sqlite
        orders = select(func.count()).where(contains(Order.search_text, part, is_sqlite))
        noted = select(func.coalesce(func.sum(SearchChange.orders), 0)).where(
            contains(SearchChange.search_text, part, is_sqlite)
        )
        # One statement, that sees one state of the store.
        found = int(session.scalar(select(orders.scalar_subquery() - noted.scalar_subquery())) or 0)
        if found:
            session.add(SearchPart(part=part, orders=found))


def keep_common(
    database: Database, least: int = WORTH_CHOOSING, pause: Callable[[], bool] = lambda: False
) -> None:
    """Begin to keep counts of all common parts, one after the other, until `pause` says to stop."""
    with database.reading() as session:
        chosen = choose_parts(session, least)
    for part in chosen:
        keep_part(database, part)
        if pause():
            return
