"""Emails are compared without case, their domains as IDNA says, and no further: such keys are made anew."""

import sqlalchemy as sa
from alembic import op

from lib.orders_api.domain.text import email_key

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    """Apply this change. A trigger ends the access of those whose key changes: it may be another's."""
    connection = op.get_bind()
    not_ascii = "email GLOB '*[^ -~]*'" if connection.dialect.name == "sqlite" else "email ~ '[^ -~]'"
    chosen = f"SELECT id, email, email_key FROM orders WHERE {not_ascii}"  # noqa: S608 - constants
    rows = connection.execute(sa.text(chosen)).all()
    changed = [
        {"order": row.id, "key": key}
        for row in rows
        if (key := email_key(row.email)) is not None and key != row.email_key
    ]
    for start in range(0, len(changed), AT_ONCE):
        statement = sa.text("UPDATE orders SET email_key = :key WHERE id = :order")
        connection.execute(statement, changed[start : start + AT_ONCE])
