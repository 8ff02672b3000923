"""Sign-in attempts, ended sessions and closed accounts of the dashboard's staff."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", BIG_KEY, sa.Identity(always=False), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_in_attempts_at", "sign_in_attempts", ["at"])
    op.create_index("ix_sign_in_attempts_account", "sign_in_attempts", ["account", "at"])
    op.create_index("ix_sign_in_attempts_address", "sign_in_attempts", ["address", "at"])
    op.create_table(
        "ended_staff_sessions",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_index("ix_ended_staff_sessions_until", "ended_staff_sessions", ["until"])
    op.create_table(
        "staff_standings",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("sessions_ended_at", UTC_TIME, nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
