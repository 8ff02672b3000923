"""What customers ask about their own data has a register."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "privacy_requests",
        sa.Column("id", BIG_KEY, sa.Identity(), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("asked_at", UTC_TIME, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("done_at", UTC_TIME),
        sa.Column("still_found", sa.Text()),
        sa.CheckConstraint("kind IN ('COPY', 'FORGET')", name="kind_known"),
        sa.CheckConstraint("state IN ('OPEN', 'CONFIRMED', 'DONE')", name="state_known"),
        sa.CheckConstraint("(state = 'DONE') = (done_at IS NOT NULL)", name="done_has_time"),
    )
