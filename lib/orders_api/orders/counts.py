"""Keeps the counts of orders short: triggers add a row for each change, and this sums them up."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.orders import FACETS
from lib.orders_api.store.tables.stats import OrderCount

WORTH_FOLDING = 2_000


def worth_folding(session: Session) -> bool:
    """Return whether so many changes came together that reading the counts takes long."""
    counted = select(OrderCount.id).limit(WORTH_FOLDING).subquery()
    return (session.scalar(select(func.count()).select_from(counted)) or 0) >= WORTH_FOLDING


def fold_counts(session: Session) -> None:
    """Replace the rows of each kind of order by their sum; what others add meanwhile stays as it is."""
    columns = [getattr(OrderCount, facet) for facet in FACETS]
    changes = session.execute(delete(OrderCount).returning(*columns, OrderCount.orders)).all()
    sums: dict[tuple[str, ...], int] = {}
    for *kind, orders in changes:
        sums[tuple(kind)] = sums.get(tuple(kind), 0) + orders
    rows = [
        {**dict(zip(FACETS, kind, strict=True)), "orders": orders} for kind, orders in sums.items() if orders
    ]
    if rows:
        session.execute(insert(OrderCount), rows)
