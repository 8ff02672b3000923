"""Alembic's entry: runs the migrations on the connection that it is handed, one process at a time."""

from alembic import context
from sqlalchemy import Connection, text

from lib.orders_api.store.tables import Base


def run(connection: Connection) -> None:
    """Run the migrations in one transaction; of several processes at once, the others wait."""
    connection = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(723001)"))
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        context.run_migrations()


run(context.config.attributes["connection"])
