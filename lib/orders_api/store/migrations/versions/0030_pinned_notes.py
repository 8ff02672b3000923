"""A note may be pinned: it stands on top of its order's page."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.add_column("timeline", sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false()))
