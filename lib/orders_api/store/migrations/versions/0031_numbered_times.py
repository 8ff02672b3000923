"""On SQLite the times of orders and of their timelines are numbers: as text they were a sixth of a file."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TIMES = {"orders": ("created_at", "status_since", "updated_at"), "timeline": ("at",)}


def upgrade() -> None:
    """Apply this change. PostgreSQL's times have eight bytes anyway."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    made = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql <> ''")
    for table, columns in TIMES.items():
        # Made anew afterwards, each in one go: that takes less time than to change each of their rows.
        indexes = connection.execute(made, {"table": table}).all()
        for name, _ in indexes:
            op.execute(f"DROP INDEX {name}")
        op.execute(f"UPDATE {table} SET {', '.join(f'{each} = {_seconds(each)}' for each in columns)}")  # noqa: S608
        for _, statement in indexes:
            op.execute(statement)
        op.execute(f"ANALYZE {table}")


def _seconds(column: str) -> str:
    """Return the seconds since 1970 of a time such as 2026-11-28 10:00:00.000000, as an integer if whole."""
    fraction = f"CASE substr({column}, 20, 1) WHEN '.' THEN substr({column}, 21, 6) / 1000000.0 ELSE 0 END"
    return f"CAST(strftime('%s', substr({column}, 1, 19)) AS INTEGER) + {fraction}"
