"""No counts of parts of texts any more: what 0012 made goes."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQLITE = (
    "DROP TRIGGER search_changes_insert",
    "DROP TRIGGER search_changes_delete",
    "DROP TRIGGER search_changes_update",
)
POSTGRESQL = (
    # In the order in which whoever changes an order takes them.
    "LOCK TABLE orders, timeline IN SHARE ROW EXCLUSIVE MODE",
    "DROP TRIGGER search_changes_rows ON orders",
    "DROP TRIGGER search_changes_update ON orders",
    "DROP FUNCTION note_search_text()",
)


def upgrade() -> None:
    """Apply this change."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.drop_table("search_changes")
    op.drop_table("search_parts")
