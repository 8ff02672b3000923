"""Counts afresh in how many orders each part of a text occurs, to check what is kept or to mend it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lib.orders_api.orders import parts
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.search_parts import SearchChange, SearchPart

_MOST_SHOWN = 20


def differences(session: Session) -> list[str]:
    """Count all parts afresh and describe where what is kept says otherwise, the first ones."""
    longer = parts.longer_parts(session)
    counted = parts.count_parts(_texts(session), longer)
    changes = select(SearchChange.search_text, SearchChange.orders, SearchChange.created_at)
    noted = parts.count_parts(
        (parts.Change(*row) for row in session.execute(changes.order_by(SearchChange.created_at))), longer
    )
    rows = session.execute(select(SearchPart.part, SearchPart.orders, SearchPart.oldest, SearchPart.newest))
    known = {row[0]: parts.Holding(row[1], row[2], row[3]) for row in rows}
    wrong: list[str] = []
    for part in sorted({*counted, *noted, *known}):
        held = known.get(part, parts.NONE).joined(noted.get(part, parts.NONE))
        right = counted.get(part, parts.NONE)
        if held.orders != right.orders:
            wrong.append(f"parts of texts: {part!r}, {held.orders - right.orders}")
        elif right.orders and held.joined(right)[1:] != held[1:]:
            wrong.append(f"parts of texts: {part!r}, times")
    return wrong[:_MOST_SHOWN]


def rebuild(session: Session) -> None:
    """Throw away what is kept and count all parts afresh.

    The session must see one state of the store throughout, and have read nothing of it yet: what others add
    meanwhile stays noted.
    """
    parts.take_turn(session)
    longer = parts.longer_parts(session)
    for table in (SearchPart, SearchChange):
        session.execute(delete(table))
    parts.add(session, parts.count_parts(_texts(session), longer))


def _texts(session: Session) -> Iterator[parts.Change]:
    texts = select(Order.search_text, Order.created_at).order_by(Order.created_at)
    for searched, created_at in session.execute(texts.execution_options(yield_per=parts.BATCH)):
        yield parts.Change(searched, 1, created_at)
