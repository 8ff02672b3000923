"""On SQLite times of orders are numbers (as text a sixth of a file), and addresses stand in their key."""
# ruff: noqa: S608 - every name in these statements is a constant

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TIMES = {"orders": ("created_at", "status_since", "updated_at"), "timeline": ("at",)}
INDEXES = sa.text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql <> ''"
)
SCHEMA = sa.text(
    "UPDATE sqlite_master SET sql = substr(sql, 1, length(sql) - 1) || :check WHERE name = :table"
)


def upgrade() -> None:
    """Apply this change. PostgreSQL's times have eight bytes anyway."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for table, columns in TIMES.items():
        # Made anew afterwards, each in one go: that takes less time than to change each of their rows.
        indexes = connection.execute(INDEXES, {"table": table}).all()
        for name, _ in indexes:
            op.execute(f"DROP INDEX {name}")
        op.execute(f"UPDATE {table} SET {', '.join(f'{each} = {_seconds(each)}' for each in columns)}")
        for _, statement in indexes:
            connection.exec_driver_sql(statement)
        op.execute(f"ANALYZE {table}")
    _refuse_texts(connection)
    _keep_addresses_in_their_key(connection)


def _seconds(column: str) -> str:
    """Return the seconds since 1970 of a time such as 2026-11-28 10:00:00.000000, as an integer if whole."""
    fraction = f"CASE substr({column}, 20, 1) WHEN '.' THEN substr({column}, 21, 6) / 1000000.0 ELSE 0 END"
    return f"CAST(strftime('%s', substr({column}, 1, 19)) AS INTEGER) + {fraction}"


def _refuse_texts(connection: sa.Connection) -> None:
    """Add a constraint by the schema's text, as 0015 does: whoever serves an older version writes nothing."""
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, columns in TIMES.items():
        rule = " AND ".join(f"typeof({each}) <> 'text'" for each in columns)
        check = f", CONSTRAINT times_are_numbers CHECK ({rule}))"
        connection.execute(SCHEMA, {"check": check, "table": table})
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _keep_addresses_in_their_key(connection: sa.Connection) -> None:
    """Make the table of addresses anew, ordered by its key: an index beside it held that a second time."""
    schema = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'order_addresses'"))
    op.execute("CREATE TABLE addresses_before AS SELECT * FROM order_addresses")
    op.execute("DROP TABLE order_addresses")
    connection.exec_driver_sql(f"{schema} WITHOUT ROWID")
    op.execute("INSERT INTO order_addresses SELECT * FROM addresses_before ORDER BY order_id, kind")
    op.execute("DROP TABLE addresses_before")
    op.execute("ANALYZE order_addresses")
