"""Tells the database what a bulk of new rows looks like, so that it plans well; it changes no row."""

from sqlalchemy import text

from lib.orders_api.store.db import Database

_TABLES = ("orders", "line_items", "order_addresses", "order_texts", "timeline")


def refresh_statistics(database: Database) -> None:
    """Refresh the planner's statistics; worth its seconds after a large import or seed run."""
    if database.is_sqlite:
        with database.writing() as session:
            session.execute(text("ANALYZE"))
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _TABLES:
            connection.execute(text(f"VACUUM (ANALYZE) {table}"))
