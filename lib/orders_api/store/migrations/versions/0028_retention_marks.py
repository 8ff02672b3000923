"""The store knows how long it has had its orders: imported ones do not lose their customers at once."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "retention_marks",
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("last_order", sa.BigInteger(), nullable=False),
    )
