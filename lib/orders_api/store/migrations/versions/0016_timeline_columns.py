"""Changes of status stand in columns of the timeline; until now they stood in its words alone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATUSES = "'PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED'"
REASONS = (
    "'CUSTOMER_REQUEST', 'PAYMENT_NOT_RECEIVED', 'FRAUD_SUSPECTED', 'OUT_OF_STOCK', 'DUPLICATE', 'OTHER'"
)
CHECKS = {
    "from_status_known": f"from_status IS NULL OR from_status IN ('NEW', {STATUSES})",
    "to_status_known": f"to_status IS NULL OR to_status IN ({STATUSES})",
    "reason_known": f"reason IS NULL OR reason IN ('', {REASONS})",
    "changes_have_statuses": "CASE WHEN kind IN ('CREATED', 'STATUS_CHANGED')"
    " THEN from_status IS NOT NULL AND to_status IS NOT NULL AND reason IS NOT NULL"
    " ELSE from_status IS NULL AND to_status IS NULL AND reason IS NULL END",
}
KINDS = "kind IN ('CREATED', 'STATUS_CHANGED', 'NOTE', 'GUEST_VERIFIED', 'CONTACT_REVEALED')"


def upgrade() -> None:
    """Apply this change: read the words `PENDING`, or `PENDING → CANCELLED: …`, for the last time."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        _add_columns()
    op.create_index(
        "ix_timeline_change", "timeline", ["to_status", "from_status", "at", "reason", "order_id"]
    )
    op.execute("ANALYZE timeline")


def _rebuild() -> None:
    """Make the table anew: SQLite adds no constraint. Nothing is renamed: triggers on orders name it."""
    op.execute("CREATE TABLE timeline_before AS SELECT id, order_id, at, actor, kind, detail FROM timeline")
    triggers = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'timeline'")
    made = op.get_bind().scalars(triggers).all()
    op.drop_table("timeline")
    op.create_table(
        "timeline",
        sa.Column("id", BIG, sa.Identity(), primary_key=True),
        sa.Column("order_id", BIG, sa.ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("from_status", sa.String(20)),
        sa.Column("to_status", sa.String(20)),
        sa.Column("reason", sa.String(30)),
        sa.CheckConstraint(KINDS, name="kind_known"),
        *(sa.CheckConstraint(rule, name=name) for name, rule in CHECKS.items()),
    )
    rest = "substr(detail, instr(detail, ' → ') + 3)"
    op.execute(
        f"""
        INSERT INTO timeline (id, order_id, at, actor, kind, detail, from_status, to_status, reason)
        SELECT id, order_id, at, actor, kind, detail, from_status, to_status, {_reason("t")}
        FROM (
            SELECT *,
                CASE kind WHEN 'CREATED' THEN 'NEW'
                    WHEN 'STATUS_CHANGED' THEN substr(detail, 1, instr(detail, ' → ') - 1) END AS from_status,
                CASE kind WHEN 'CREATED' THEN detail
                    WHEN 'STATUS_CHANGED' THEN substr({rest}, 1, instr({rest} || ':', ':') - 1) END
                    AS to_status
            FROM timeline_before
        ) AS t ORDER BY id
        """  # noqa: S608 - constants
    )
    op.drop_table("timeline_before")
    op.create_index("ix_timeline_order", "timeline", ["order_id", "at", "id"])
    for statement in made:
        op.execute(statement)


def _add_columns() -> None:
    # Later migrations lock the orders, too; whoever changes an order locks it before its timeline.
    op.execute("LOCK TABLE orders, timeline IN SHARE ROW EXCLUSIVE MODE")
    for name, length in (("from_status", 20), ("to_status", 20), ("reason", 30)):
        op.add_column("timeline", sa.Column(name, sa.String(length)))
    op.execute(
        """
        UPDATE timeline SET
            from_status = CASE kind WHEN 'CREATED' THEN 'NEW' ELSE split_part(detail, ' → ', 1) END,
            to_status = CASE kind WHEN 'CREATED' THEN detail
                ELSE split_part(split_part(detail, ' → ', 2), ':', 1) END
        WHERE kind IN ('CREATED', 'STATUS_CHANGED')
        """
    )
    op.execute(f"UPDATE timeline SET reason = {_reason('timeline')} WHERE to_status IS NOT NULL")  # noqa: S608 - constants
    op.drop_index("ix_timeline_step", "timeline")
    for name, rule in CHECKS.items():
        op.create_check_constraint(name, "timeline", rule)


def _reason(row: str) -> str:
    """Take why an order was cancelled from the order: its words hold what people wrote, too."""
    cancelled = f"SELECT coalesce(cancel_reason, '') FROM orders WHERE orders.id = {row}.order_id"  # noqa: S608 - constants
    return (
        f"CASE WHEN {row}.to_status = 'CANCELLED' AND {row}.kind = 'STATUS_CHANGED' THEN ({cancelled})"
        f" WHEN {row}.to_status IS NOT NULL THEN '' END"
    )
