"""Wrong codes counted in the 24 hours that end now: their moments in place of a count and its beginning."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOCKS = sa.table(
    "guest_locks",
    sa.column("order_id", sa.BigInteger()),
    sa.column("window_started_at", UTC_TIME),
    sa.column("wrong_in_window", sa.Integer()),
    sa.column("locked_until", UTC_TIME),
    sa.column("wrong_at", sa.Text()),
)


def upgrade() -> None:
    """Apply this change."""
    for table in ("guest_locks", "decoy_locks"):
        op.add_column(table, sa.Column("wrong_at", sa.Text(), nullable=False, server_default=""))
    connection, now = op.get_bind(), datetime.now(UTC)
    # Those that led to a lock which still holds are done with: it ends later than they count.
    is_free = sa.or_(LOCKS.c.locked_until.is_(None), LOCKS.c.locked_until <= now)
    counted = sa.select(LOCKS).where(LOCKS.c.wrong_in_window > 0, is_free)
    for lock in connection.execute(counted).mappings().all():
        # When exactly is not known any more: as late as can be, so that nobody gets more than ten.
        began = lock["window_started_at"]
        began = began if began.tzinfo else began.replace(tzinfo=UTC)
        latest = (min(now, began + timedelta(days=1)) - EPOCH) // timedelta(microseconds=1)
        connection.execute(
            sa.update(LOCKS)
            .where(LOCKS.c.order_id == lock["order_id"])
            .values(wrong_at=" ".join([str(latest)] * lock["wrong_in_window"]))
        )
    for table in ("guest_locks", "decoy_locks"):
        op.drop_column(table, "window_started_at")
        op.drop_column(table, "wrong_in_window")
