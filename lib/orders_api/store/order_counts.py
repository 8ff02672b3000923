"""Keeps the table of counts short, checks it by a recount, and mends it (docs/adr/0005)."""

from typing import Any

from sqlalchemy import BigInteger, Select, cast, delete, func, insert, literal, or_, select, text, union_all
from sqlalchemy.orm import Session

from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.orders import FACETS, Order
from lib.orders_api.store.tables.stats import OrderCount

WORTH_FOLDING = 2_000
BATCH = 20_000
_COLUMNS = (*FACETS, "orders", "total")


def fold(database: Database, least: int = WORTH_FOLDING) -> None:
    """Sum the rows up, if there are so many at least; readers see the same counts all the while.

    A batch is a transaction, so that nobody has to wait long for a turn to write.
    """
    with database.reading() as session:
        some = select(OrderCount.id).limit(least).subquery()
        is_long = session.scalar(select(func.count()).select_from(some)) == least
    if is_long:
        database.write_by_turns(fold_batch)


def fold_batch(session: Session) -> bool:
    """Replace the oldest rows by the sums of each kind of order; return whether there may be more."""
    oldest = select(OrderCount.id).order_by(OrderCount.id).limit(BATCH)
    columns = [getattr(OrderCount, name) for name in _COLUMNS]
    folded = session.execute(
        delete(OrderCount).where(OrderCount.id.in_(oldest)).returning(*columns),
        execution_options={"synchronize_session": False},
    ).all()
    sums: dict[tuple[str, ...], tuple[int, int]] = {}
    for *kind, orders, total in folded:
        before = sums.get(tuple(kind), (0, 0))
        sums[tuple(kind)] = (before[0] + orders, before[1] + total)
    rows = [dict(zip(_COLUMNS, (*kind, *both), strict=True)) for kind, both in sums.items() if any(both)]
    if rows:
        session.execute(insert(OrderCount), rows)
    # Where nearly each row is of a kind of its own, there is nothing to sum up.
    return len(folded) == BATCH and len(rows) < BATCH // 2


def differences(session: Session) -> list[str]:
    """Recount the orders, and describe each kind of which the table says otherwise."""
    kept = select(*(getattr(OrderCount, name) for name in _COLUMNS))
    counted = select(*_facets(), literal(-1), -1 * Order.grand_total)
    rows = union_all(kept, counted).subquery()
    orders, total = func.sum(rows.c.orders), func.sum(rows.c.total)
    kinds = [rows.c[facet] for facet in FACETS]
    wrong = select(*kinds, orders, total).group_by(*kinds).having(or_(orders != 0, total != 0))
    return [f"{', '.join(kind)}: {n:+} orders, {sum_:+}" for *kind, n, sum_ in session.execute(wrong)]


def rebuild(session: Session) -> None:
    """Throw the table away and count everything afresh; who changes orders waits until this has ended."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE order_counts IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(OrderCount))
    session.execute(insert(OrderCount).from_select(_COLUMNS, _recount()))


def _recount() -> Select[Any]:
    total = cast(func.sum(Order.grand_total), BigInteger)
    return select(*_facets(), func.count(), total).group_by(*_facets())


def _facets() -> list[Any]:
    return [getattr(Order, facet) for facet in FACETS]
