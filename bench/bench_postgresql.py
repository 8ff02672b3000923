"""Times what the budgets name on PostgreSQL, with 200,000 orders."""

from __future__ import annotations

from bench import budgets
from bench.stores import postgresql_store
from bench.table import Row


def measure() -> list[Row]:
    """Fill a store, and time all calls."""
    with postgresql_store(budgets.MANY, filled=False) as store:
        return budgets.measure(store)
