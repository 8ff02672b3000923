"""Says which constraint a statement broke, on either database."""

import sqlite3

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError


def unique_constraint(error: IntegrityError) -> str:
    """Return the unique constraint that was broken, on SQLite by its columns; empty for any other."""
    cause = error.orig
    if isinstance(cause, UniqueViolation):
        return cause.diag.constraint_name or ""
    if isinstance(cause, sqlite3.IntegrityError) and cause.sqlite_errorname == "SQLITE_CONSTRAINT_UNIQUE":
        # "UNIQUE constraint failed: orders.order_number_key"
        return str(cause).rpartition(": ")[2]
    return ""
