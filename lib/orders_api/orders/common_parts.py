"""Chooses the longer parts of search texts that many orders share, and begins to keep counts of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.orders_api.orders import parts
from lib.orders_api.store.db import Database
from lib.orders_api.store.order_query.search import contains
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.search_parts import SearchChange, SearchPart

WORTH_CHOOSING = 20_000
"""Up to so many orders each text can be looked at within a few milliseconds."""
SAMPLE = 1_000
SHARED_BY = 0.03
"""The share of the customers from which on a part is common."""
LONGEST = 24
PAUSE_SECONDS = 0.05
"""So long others have after each count to get their turn to write."""


def choose_parts(session: Session, least: int = WORTH_CHOOSING) -> list[str]:
    """Return the common parts that are not kept yet, guessed by some orders; each after its beginnings.

    Of each customer's orders one says it, so that no address of somebody who buys a lot is common.
    """
    newest = session.scalar(select(func.max(Order.id))) or 0
    if newest < least:
        return []
    ids = range(1, newest + 1, max(newest // SAMPLE, 1))
    rows = session.execute(select(Order.email_key, Order.search_text).where(Order.id.in_(ids)))
    known = parts.longer_parts(session)
    return [part for part in _common(list({row[0]: row[1] for row in rows}.values())) if part not in known]


def _common(texts: Sequence[str]) -> Iterator[str]:
    """Return the longer parts that many of the texts hold, the shorter first.

    What holds a rare part is no more common than that, so that each length builds on the one before. A word
    that is searched for holds no space.
    """
    least = max(SHARED_BY * len(texts), 2)
    known = {""}
    for length in range(1, LONGEST + 1):
        counts = Counter[str]()
        for text in texts:
            starts = range(len(text) - length + 1)
            held = {text[at : at + length] for at in starts if text[at : at + length - 1] in known}
            counts.update(part for part in held if not part[-1].isspace())
        known = {part for part, count in counts.items() if count >= least}
        if length > parts.SHORT:
            yield from sorted(known)


def keep_part(database: Database, part: str) -> None:
    """Count the orders in whose texts a part occurs, and keep that from now on."""
    is_sqlite = database.is_sqlite
    noted = select(func.coalesce(func.sum(SearchChange.orders), 0)).where(
        contains(SearchChange.search_text, part, is_sqlite)
    )
    holding = contains(Order.search_text, part, is_sqlite)
    # Looked for from either end: SQLite's narrow index of the texts does not say when an order was made.
    first, last = (
        select(Order.created_at).where(holding).order_by(by).limit(1).scalar_subquery()
        for by in (Order.created_at, Order.created_at.desc())
    )
    # One statement, that sees one state of the store.
    counted = select(func.count() - noted.scalar_subquery(), first, last).where(holding)
    with database.writing() as session:
        parts.take_turn(session)
        beginning = part[:-1]
        is_reached = len(beginning) <= parts.SHORT or session.get(SearchPart, beginning) is not None
        if session.get(SearchPart, part) is not None or not is_reached:
            return
        orders, oldest, newest = session.execute(counted).one()
        if orders:
            session.add(SearchPart(part=part, orders=int(orders), oldest=oldest, newest=newest))


def _nap() -> bool:
    time.sleep(PAUSE_SECONDS)
    return False


def keep_common(database: Database, least: int = WORTH_CHOOSING, pause: Callable[[], bool] = _nap) -> None:
    """Begin to keep counts of all common parts, one after the other, until `pause` says to stop.

    It pauses after each, so that others get their turn to write.
    """
    with database.reading() as session:
        chosen = choose_parts(session, least)
    for part in chosen:
        keep_part(database, part)
        if pause():
            return
