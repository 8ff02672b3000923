"""The timeline tells changes of contact data and confirmations sent again from notes; a mail tells of one."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STEPS = "'CREATED', 'STATUS_CHANGED', 'NOTE', 'GUEST_VERIFIED', 'CONTACT_REVEALED'"
MAILS = "'CONFIRMATION', 'CANCELLATION', 'ACCESS_CODE', 'ALARM'"
KINDS = {
    "timeline": (STEPS, f"{STEPS}, 'EMAIL_CHANGED', 'PHONE_CHANGED', 'CONFIRMATION_SENT'"),
    "outbox": (MAILS, f"{MAILS}, 'EMAIL_CHANGED'"),
    "decoy_outbox": (MAILS, f"{MAILS}, 'EMAIL_CHANGED'"),
}


def upgrade() -> None:
    """Apply this change."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rewrite_schema(connection)
        return
    # In the order in which whoever changes an order takes them.
    op.execute("LOCK TABLE orders, timeline, outbox, decoy_outbox IN ACCESS EXCLUSIVE MODE")
    for table, (_, kinds) in KINDS.items():
        op.drop_constraint("kind_known", table)
        op.create_check_constraint("kind_known", table, f"kind IN ({kinds})")


def _rewrite_schema(connection: sa.Connection) -> None:
    """Change the constraints by the schema's text, as 0015 does: no row is looser for it."""
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, (before, after) in KINDS.items():
        found = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
        schema = str(connection.scalar(found, {"table": table}))
        if schema.count(f"kind IN ({before})") != 1:
            raise RuntimeError(f"not the schema of {table} that was expected")
        changed = sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table")
        schema = schema.replace(f"kind IN ({before})", f"kind IN ({after})")
        connection.execute(changed, {"sql": schema, "table": table})
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
