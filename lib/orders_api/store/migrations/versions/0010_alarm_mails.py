"""Mails about alarms belong to no order; which alarm was told, so that each incident is mailed once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)
KINDS = "kind IN ('CONFIRMATION', 'CANCELLATION', 'ACCESS_CODE', 'ALARM')"
ORDER_RULE = "(kind = 'ALARM') = (order_id IS NULL)"
COLUMNS = (
    "id, message_id, order_id, access_code_id, kind, state, recipient, subject, sealed_body, created_at,"
    " expires_at, due_at, attempts, sent_at, last_error"
)


def upgrade() -> None:
    """Apply this change."""
    if op.get_bind().dialect.name == "sqlite":
        _make_outbox_anew()
    else:
        op.alter_column("outbox", "order_id", nullable=True)
        op.drop_constraint("kind_known", "outbox")
        op.create_check_constraint("kind_known", "outbox", KINDS)
        op.create_check_constraint("alarms_have_no_order", "outbox", ORDER_RULE)
    op.create_table(
        "raised_alarms",
        sa.Column("alarm", sa.String(40), primary_key=True),
        sa.Column("last_raised_at", UTC_TIME, nullable=False),
    )


def _make_outbox_anew() -> None:
    """SQLite can't loosen a column. Nothing is renamed: a trigger on orders names the outbox."""
    op.execute(f"CREATE TABLE outbox_before AS SELECT {COLUMNS} FROM outbox")  # noqa: S608 - constants
    op.drop_table("outbox")
    op.create_table(
        "outbox",
        sa.Column("id", BIG_KEY, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("order_id", BIG_KEY, nullable=True),
        sa.Column("access_code_id", BIG_KEY, nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=True),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name="sent_has_time"),
        sa.CheckConstraint("(state = 'WAITING') = (sealed_body IS NOT NULL)", name="body_only_while_waiting"),
        sa.CheckConstraint(KINDS, name="kind_known"),
        sa.CheckConstraint(ORDER_RULE, name="alarms_have_no_order"),
        sa.CheckConstraint("state IN ('WAITING', 'SENT', 'EXPIRED', 'DEAD')", name="state_known"),
        sa.ForeignKeyConstraint(["access_code_id"], ["access_codes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.execute(f"INSERT INTO outbox ({COLUMNS}) SELECT {COLUMNS} FROM outbox_before")  # noqa: S608 - constants
    op.drop_table("outbox_before")
    op.create_index("ix_outbox_access_code_id", "outbox", ["access_code_id"])
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_order_id", "outbox", ["order_id"])
