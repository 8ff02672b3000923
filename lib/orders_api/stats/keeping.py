"""Folds the changes that triggers note into figures, checks them by a recount, and mends them."""
# ruff: noqa: S608 - every name in these statements is a constant of streams.py

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lib.orders_api.stats import streams
from lib.orders_api.stats.streams import ORDERS, STEPS, Stream
from lib.orders_api.store.db import Database

WORTH_FOLDING = 2_000
BATCH = 20_000
_TABLES = (ORDERS.figures, ORDERS.changes, STEPS.figures, STEPS.changes, "stay_figures", "order_stays")
_MOST_SHOWN = 20


def fold_figures(database: Database, least: int = WORTH_FOLDING) -> None:
    """Add the changes to the figures, if there are so many at least; readers see the same sums all the while.

    A batch is a transaction, so that nobody has to wait long for a turn to write.
    """
    with database.reading() as session:
        most = max(_scalar(session, _count(stream.changes, least)) for stream in (ORDERS, STEPS))
    batches = database.write_by_turns(_fold_batch) if most >= least else 0
    if batches > 1:
        # So many rows at once are more than the planner knows of.
        with database.writing() as session:
            _analyze(session)


def _fold_batch(session: Session) -> bool:
    """Fold the oldest changes; return whether there may be more."""
    if not _is_sqlite(session):
        # Two that fold at once would wait for each other's figures in turn.
        session.execute(text("SELECT pg_advisory_xact_lock(723002)"))
    taken = max(_fold(session, stream) for stream in (ORDERS, STEPS))
    for figures, orders in ((ORDERS.figures, "orders"), (STEPS.figures, "steps")):
        session.execute(text(f"DELETE FROM {figures} WHERE {orders} = 0"))
    return taken >= BATCH


def _fold(session: Session, stream: Stream) -> int:
    """Move a stream's oldest changes into its figures; return how many these were."""
    changes = stream.changes
    oldest = f"SELECT count(*), max(id) FROM (SELECT id FROM {changes} ORDER BY id LIMIT {BATCH}) AS c"
    taken, last = session.execute(text(oldest)).one()
    if not taken:
        return 0
    if _is_sqlite(session):
        source = f"(SELECT * FROM {changes} WHERE id <= {last})"
        session.execute(text(stream.fold(source)))
        if stream is STEPS:
            session.execute(text(streams.fold_stays(source)))
        session.execute(text(f"DELETE FROM {changes} WHERE id <= {last}"))
        return int(taken)
    # What others add with a smaller number meanwhile is neither deleted nor folded: one statement does both.
    moved = f"WITH moved AS (DELETE FROM {changes} WHERE id <= {last} RETURNING *)"
    if stream is STEPS:
        moved = f"{moved}, folded AS ({stream.fold('moved')})"
        session.execute(text(f"{moved} {streams.fold_stays('moved')}"))
    else:
        session.execute(text(f"{moved} {stream.fold('moved')}"))
    return int(taken)


def differences(session: Session) -> list[str]:
    """Count everything afresh and describe where the figures say otherwise, the first of each sort."""
    return list(_differences(session, _is_sqlite(session)))


def rebuild(session: Session) -> None:
    """Throw the figures away and count everything afresh.

    The session must see one state of the store throughout: what others add meanwhile stays noted.
    """
    sqlite = _is_sqlite(session)
    for statement in (
        *(f"DELETE FROM {table}" for table in _TABLES),
        ORDERS.fold(f"({streams.recounted_orders(sqlite)})"),
        STEPS.fold(f"({streams.recounted_steps(sqlite)})"),
        streams.fold_stays(f"({streams.recounted_steps(sqlite)})"),
        f"INSERT INTO order_stays (order_id, status, since) {streams.recounted_stays()}",
    ):
        session.execute(text(statement))
    _analyze(session)


def _analyze(session: Session) -> None:
    for table in _TABLES:
        session.execute(text(f"ANALYZE {table}"))


def see_one_state(session: Session) -> None:
    """Have a new writing session see one state of the store throughout; SQLite's do so anyway."""
    if not _is_sqlite(session):
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _differences(session: Session, sqlite: bool) -> Iterator[str]:
    steps = streams.recounted_steps(sqlite)
    for what, statement in (
        ("orders", ORDERS.differences(streams.recounted_orders(sqlite))),
        ("changes of status", STEPS.differences(steps)),
        ("stays", streams.stay_differences(steps)),
        ("present status", _wrong_stays()),
    ):
        rows = session.execute(text(f"SELECT * FROM ({statement}) AS d LIMIT {_MOST_SHOWN}")).mappings()
        yield from (f"{what}: {_shown(row)}" for row in rows)


def _wrong_stays() -> str:
    told = f"SELECT order_id, status, since FROM ({streams.recounted_stays()}) AS t"
    kept = "SELECT order_id, status, since FROM order_stays"
    return f"SELECT * FROM ({told} EXCEPT {kept}) AS a UNION ALL SELECT * FROM ({kept} EXCEPT {told}) AS b"


def _count(table: str, most: int) -> str:
    return f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {most}) AS c"


def _shown(row: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value != "")


def _scalar(session: Session, statement: str) -> int:
    return int(session.scalar(text(statement)) or 0)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
