"""Keeps in how many orders each short or common part of their search texts occurs (docs/adr/0015)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lib.orders_api.db import Database
from lib.orders_api.models import Order
from lib.orders_api.orders.part_models import SearchChange, SearchPart
from lib.orders_api.orders.search import contains

SHORT = 2
"""Of parts up to this length all are kept."""
WORTH_FOLDING = 1_000
BATCH = 2_000
_ROWS_A_STATEMENT = 1_000
_MOST_SHOWN = 20


def kept_total(session: Session, part: str) -> int | None:
    """Tell in how many orders' search texts a part occurs; None where that is not kept, or for no part."""
    if not part:
        return None
    noted = func.coalesce(func.sum(SearchChange.orders), 0)
    changes = select(noted).where(contains(SearchChange.search_text, part, _is_sqlite(session)))
    kept = select(SearchPart.orders + changes.scalar_subquery()).where(SearchPart.part == part)
    found = session.scalar(kept)
    if found is None and len(part) <= SHORT:
        found = session.scalar(changes)
    return None if found is None else int(found)


def count_parts(changes: Iterable[tuple[str, int]], longer: Collection[str]) -> Counter[str]:
    """Add up in how many texts each short part occurs, and of the longer ones those that are wanted.

    A longer part is only looked for where the wanted ones hold all of its beginnings, too, from three
    characters on.
    """
    sums = Counter[str]()
    for searched, orders in changes:
        for part in _parts_of(searched, longer):
            sums[part] += orders
    return sums


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
    """Add the changes to what is kept, if there are so many at least; readers see the same sums meanwhile.

    A batch is a transaction, so that nobody has to wait long for a turn to write.
    """
    with database.reading() as session:
        some = select(SearchChange.id).limit(least).subquery()
        more = (session.scalar(select(func.count()).select_from(some)) or 0) >= least
    while more:
        with database.writing() as session:
            more = fold_batch(session) == BATCH


def fold_batch(session: Session) -> int:
    """Move the oldest changes into what is kept; give how many these were."""
    take_turn(session)
    oldest = select(SearchChange.id).order_by(SearchChange.id).limit(BATCH)
    gone = delete(SearchChange).where(SearchChange.id.in_(oldest))
    changes = session.execute(
        gone.returning(SearchChange.search_text, SearchChange.orders),
        execution_options={"synchronize_session": False},
    )
    moved = changes.all()
    _add(session, count_parts(moved, longer_parts(session)))
    session.execute(delete(SearchPart).where(SearchPart.orders == 0))
    return len(moved)


def take_turn(session: Session) -> None:
    """Let nobody else fold, and nobody find in the file what was folded, until the transaction ends."""
    if _is_sqlite(session):
        session.execute(text("PRAGMA secure_delete = ON"))
    else:
        session.execute(text("SELECT pg_advisory_xact_lock(723003)"))


def longer_parts(session: Session) -> set[str]:
    """Give those parts of three and more characters of which it is kept how many orders they occur in."""
    return set(session.scalars(select(SearchPart.part).where(func.length(SearchPart.part) > SHORT)))


def _add(session: Session, sums: Counter[str]) -> None:
    insert = sqlite_insert if _is_sqlite(session) else postgresql_insert
    rows = [{"part": part, "orders": orders} for part, orders in sorted(sums.items()) if orders]
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        added = insert(SearchPart).values(rows[start : start + _ROWS_A_STATEMENT])
        session.execute(
            added.on_conflict_do_update(
                index_elements=[SearchPart.part],
                set_={"orders": SearchPart.orders + added.excluded.orders},
            )
        )


def differences(session: Session) -> list[str]:
    """Count all parts afresh and describe where what is kept says otherwise, the first ones."""
    longer = longer_parts(session)
    wrong = count_parts(_texts(session), longer)
    wrong.subtract(dict(session.execute(select(SearchPart.part, SearchPart.orders)).all()))
    noted = session.execute(select(SearchChange.search_text, SearchChange.orders))
    wrong.subtract(count_parts(noted, longer))
    described = (f"parts of texts: {part!r}, {-orders}" for part, orders in sorted(wrong.items()) if orders)
    return [found for found, _ in zip(described, range(_MOST_SHOWN), strict=False)]


def rebuild(session: Session) -> None:
    """Throw away what is kept and count all parts afresh.

    The session must see one state of the store throughout: what others add meanwhile stays noted.
    """
    longer = longer_parts(session)
    for table in (SearchPart, SearchChange):
        session.execute(delete(table))
    _add(session, count_parts(_texts(session), longer))


def _texts(session: Session) -> Iterator[tuple[str, int]]:
    for searched in session.scalars(select(Order.search_text).execution_options(yield_per=BATCH)):
        yield searched, 1


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
