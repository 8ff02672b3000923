"""Machines share through the store: dashboards accounts and links to exports, the API its ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "dashboard_records",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), index=True),
    )
    op.create_table("ledger_lines", sa.Column("line", sa.String(120), primary_key=True))
