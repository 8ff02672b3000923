"""Times what the budgets name on SQLite, with a million orders."""

from __future__ import annotations

from bench import budgets
from bench.stores import sqlite_store
from bench.table import Row


def measure() -> list[Row]:
    """Fill a store, and time all calls."""
    return budgets.measure(sqlite_store(budgets.MOST, filled=False))
