"""Keeps in how many orders each short or common part of their search texts occurs (docs/adr/0015)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lib.orders_api.store.db import Database
from lib.orders_api.store.order_query.search import contains
from lib.orders_api.store.tables.search_parts import SearchChange, SearchPart

SHORT = 2
"""Of parts up to this length all are kept."""
WORTH_FOLDING = 1_000
BATCH = 2_000
_ROWS_A_STATEMENT = 1_000


class Holding(NamedTuple):
    """How many orders' texts hold a part, and between which times all of these orders were made."""

    orders: int
    oldest: datetime | None
    newest: datetime | None

    def joined(self, other: Holding) -> Holding:
        """Return both together, of which no order is in both."""
        oldest = [each for each in (self.oldest, other.oldest) if each is not None]
        newest = [each for each in (self.newest, other.newest) if each is not None]
        orders = self.orders + other.orders
        return Holding(orders, min(oldest, default=None), max(newest, default=None))


NONE = Holding(0, None, None)


class Change(NamedTuple):
    """A search text that came to an order (1) or went from it (-1), and when the order was made."""

    searched: str
    orders: int
    created_at: datetime


def kept(session: Session, part: str) -> Holding | None:
    """Return how many orders' search texts hold a part; None where that is not kept, or for no part."""
    if not part:
        return None
    noted = (
        select(
            func.coalesce(func.sum(SearchChange.orders), 0).label("orders"),
            func.min(SearchChange.created_at).label("oldest"),
            func.max(SearchChange.created_at).label("newest"),
        )
        .where(contains(SearchChange.search_text, part, _is_sqlite(session)))
        .subquery()
    )
    # One statement, so that nobody folds between what is kept and what is noted.
    both = select(SearchPart.orders, SearchPart.oldest, SearchPart.newest, *noted.c).select_from(
        noted.outerjoin(SearchPart, SearchPart.part == part)
    )
    orders, oldest, newest, *changes = session.execute(both).one()
    if orders is None and len(part) > SHORT:
        return None
    return Holding(orders or 0, oldest, newest).joined(Holding(int(changes[0]), *changes[1:]))


def count_parts(changes: Iterable[Change], longer: Collection[str]) -> dict[str, Holding]:
    """Count the texts that hold each short part, and of the longer ones those that are wanted.

    Changes come in the order in which the orders were made. A longer part is only looked for where the
    wanted ones hold all of its beginnings, too, from three characters on.
    """
    sums, gone = Counter[str](), Counter[str]()
    oldest: dict[str, datetime] = {}
    newest: dict[str, datetime] = {}
    for searched, orders, created_at in changes:
        found = _parts_of(searched, longer)
        (sums if orders > 0 else gone).update(found)
        newest.update(dict.fromkeys(found, created_at))
        oldest.update(dict.fromkeys(found - oldest.keys(), created_at))
    sums.subtract(gone)
    return {part: Holding(orders, oldest[part], newest[part]) for part, orders in sums.items()}


def _parts_of(searched: str, longer: Collection[str]) -> set[str]:
    found = set(searched)
    size = len(searched)
    for start in range(size - 1):
        found.add(searched[start : start + SHORT])
        for end in range(start + SHORT + 1, size + 1):
            part = searched[start:end]
            if part not in longer:
                break
            found.add(part)
    return found


def fold_parts(database: Database, least: int = WORTH_FOLDING) -> None:
    """Add the changes to what is kept, if there are so many at least; readers see the same sums meanwhile."""
    with database.reading() as session:
        some = select(SearchChange.id).limit(least).subquery()
        if (session.scalar(select(func.count()).select_from(some)) or 0) < least:
            return
    database.write_by_turns(fold_batch)


def fold_batch(session: Session) -> bool:
    """Move the oldest changes into what is kept; return whether there may be more."""
    take_turn(session)
    oldest = select(SearchChange.id).order_by(SearchChange.id).limit(BATCH)
    moved = session.execute(
        delete(SearchChange)
        .where(SearchChange.id.in_(oldest))
        .returning(SearchChange.search_text, SearchChange.orders, SearchChange.created_at),
        execution_options={"synchronize_session": False},
    ).all()
    changes = sorted((Change(*row) for row in moved), key=lambda change: change.created_at)
    add(session, count_parts(changes, longer_parts(session)))
    session.execute(delete(SearchPart).where(SearchPart.orders == 0))
    return len(moved) == BATCH


def take_turn(session: Session) -> None:
    """Let nobody else change what is kept until the transaction ends; it must not have read anything yet."""
    if not _is_sqlite(session):
        session.execute(text("LOCK TABLE search_parts IN SHARE ROW EXCLUSIVE MODE"))


def longer_parts(session: Session) -> set[str]:
    """Return those parts of three and more characters of which it is kept how many orders they occur in."""
    return set(session.scalars(select(SearchPart.part).where(func.length(SearchPart.part) > SHORT)))


def add(session: Session, counted: dict[str, Holding]) -> None:
    """Add what was counted to what is kept."""
    sqlite = _is_sqlite(session)
    insert = sqlite_insert if sqlite else postgresql_insert
    lower, higher = (func.min, func.max) if sqlite else (func.least, func.greatest)
    rows = [{"part": part, **held._asdict()} for part, held in sorted(counted.items())]
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        added = insert(SearchPart).values(rows[start : start + _ROWS_A_STATEMENT])
        new = added.excluded
        session.execute(
            added.on_conflict_do_update(
                index_elements=[SearchPart.part],
                set_={
                    "orders": SearchPart.orders + new.orders,
                    "oldest": lower(SearchPart.oldest, new.oldest),
                    "newest": higher(SearchPart.newest, new.newest),
                },
            )
        )


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
