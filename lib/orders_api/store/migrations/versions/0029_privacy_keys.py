"""A customer's request says under which key it knows them: without that key nobody can say they are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change. Of older requests nobody knows the key: none of them closes unless it finds whom."""
    op.add_column("privacy_requests", sa.Column("who_key", sa.String(8), nullable=False, server_default=""))
