"""Keeps what an import must remember in a temporary file that vanishes with it; memory stays flat."""

import json
import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Any, NamedTuple, Self

MAX_REASON = 500

_SCHEMA = """
CREATE TABLE rows (key TEXT, line INTEGER, is_full INTEGER, raw TEXT, PRIMARY KEY (key, line)) WITHOUT ROWID;
CREATE TABLE repeats (key TEXT PRIMARY KEY, line INTEGER NOT NULL, times INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rejected (line INTEGER PRIMARY KEY, reason TEXT, raw TEXT);
"""


class SpooledRow(NamedTuple):
    """A record of an order: a row's cells, or a JSON value. `is_full`: it holds the order's own data."""

    line: int
    is_full: bool
    raw: Any


class RejectedRow(NamedTuple):
    """A row that was not taken, and why."""

    line: int
    reason: str
    raw: Any


class Spool:
    """The rows of a file by order, the keys seen in it, and its rejected rows. Nobody else can open it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # SQLite deletes it even after kill -9
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")
        self._rejected = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return self._rejected

    def add_row(self, key: str, row: SpooledRow) -> None:
        """Keep a row for the order with this key."""
        self._database.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?)", (key, row.line, row.is_full, _as_text(row.raw))
        )

    def count_orders(self) -> int:
        """Count the orders that rows were kept for."""
        return int(self._database.execute("SELECT count(DISTINCT key) FROM rows").fetchone()[0])

    def keys(self) -> Iterator[str]:
        """Yield the key of each order, as they first appear in the file."""
        for (key,) in self._database.execute("SELECT key FROM rows GROUP BY key ORDER BY min(line)"):
            yield key

    def rows_of(self, key: str, limit: int) -> list[SpooledRow]:
        """Return the first rows of an order, in the order of the file."""
        found = self._database.execute(
            "SELECT line, is_full, raw FROM rows WHERE key = ? ORDER BY line LIMIT ?", (key, limit)
        )
        return [SpooledRow(line, bool(is_full), json.loads(raw)) for line, is_full, raw in found]

    def repeat(self, key: str, line: int) -> tuple[int, int]:
        """Count a key; return the line where it was first seen, and how often it was seen with this time."""
        row = self._database.execute(
            "INSERT INTO repeats VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
            " RETURNING line, times",
            (key, line),
        ).fetchone()
        return int(row[0]), int(row[1])

    def reject(self, row: RejectedRow) -> None:
        """Remember a row that was not taken."""
        self._rejected += self._database.execute(
            "INSERT OR IGNORE INTO rejected VALUES (?, ?, ?)",
            (row.line, _one_line(row.reason), _as_text(row.raw)),
        ).rowcount

    def reject_order(self, key: str, reason: str) -> None:
        """Remember all rows of an order as not taken; a row that was rejected before keeps its reason."""
        self._rejected += self._database.execute(
            "INSERT OR IGNORE INTO rejected SELECT line, ?, raw FROM rows WHERE key = ?",
            (_one_line(reason), key),
        ).rowcount

    def rejected_rows(self) -> Iterator[RejectedRow]:
        """Return the rows that were not taken, by their lines."""
        for line, reason, raw in self._database.execute("SELECT * FROM rejected ORDER BY line"):
            yield RejectedRow(line, reason, json.loads(raw))


def _one_line(reason: str) -> str:
    """Return a reason without what a hostile field name may bring into it."""
    return "".join(character if character.isprintable() else "\ufffd" for character in reason[:MAX_REASON])


def _as_text(raw: Any) -> str:
    return json.dumps(raw)
