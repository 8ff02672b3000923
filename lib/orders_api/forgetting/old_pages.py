"""Rids a database of what it keeps of rows that were changed or deleted; what they say it does not know."""

from __future__ import annotations

import time
from contextlib import suppress

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from lib.orders_api.store.tables.base import Base

CHECKPOINTS, BETWEEN_SECONDS = 50, 0.1
"""For five seconds a reader of an older state is waited for."""
_EMPTIED = {
    "access_codes": ["email_key"],
    "access_tokens": ["email_key"],
    "idempotency_keys": ["caller", "key"],
}
"""Tables that may have no row left, and their columns of text."""


def leave_no_old_pages(engine: Engine) -> int:
    """Do so, and return how many pages can't go yet.

    SQLite's log is moved into its file. That can't be while somebody reads an older state, who is waited for
    by turns: others write meanwhile. PostgreSQL's dead rows go, and the values that its statistics keep.
    """
    if engine.dialect.name == "postgresql":
        _vacuum(engine)
        return 0
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        for turn in range(CHECKPOINTS):
            if turn:
                time.sleep(BETWEEN_SECONDS)
            busy, pages, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return 0
        return max(int(pages), 1)
    finally:
        raw.close()


def _vacuum(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (ANALYZE) {', '.join(Base.metadata.tables)}"))
    # ANALYZE leaves the statistics of a table without rows as they were. A new type for a column ends them.
    for table, columns in _EMPTIED.items():
        with suppress(OperationalError), engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            if connection.scalar(text(f"SELECT NOT EXISTS (SELECT FROM {table})")):  # noqa: S608 - constants
                for column in columns:
                    connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE text"))
