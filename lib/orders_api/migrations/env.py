"""Alembic's entry: runs the migrations on the connection that it is handed, one process at a time."""

from alembic import context
from sqlalchemy import Connection, text

from lib.orders_api import service_models, staff_models
from lib.orders_api.guest import models as guest_models
from lib.orders_api.models import Base
from lib.orders_api.orders import part_models
from lib.orders_api.stats import models as stats_models

assert service_models  # noqa: S101 - imported so that its tables are known
assert staff_models  # noqa: S101 - and so is this one
assert guest_models  # noqa: S101 - and these
assert part_models  # noqa: S101 - and these
assert stats_models  # noqa: S101 - and these


def run(connection: Connection) -> None:
    """Run the migrations in one transaction; of several processes at once, the others wait."""
    connection = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(723001)"))
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        context.run_migrations()


run(context.config.attributes["connection"])
