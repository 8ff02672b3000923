"""Changes of status are found by what they led to, when, and from what."""

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IS_STEP = text("kind IN ('CREATED', 'STATUS_CHANGED')")


def upgrade() -> None:
    """Apply this change."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        # Later migrations lock the orders, too; whoever changes an order locks it before its timeline.
        op.execute("LOCK TABLE orders, timeline IN SHARE ROW EXCLUSIVE MODE")
    before, after = _statuses(sqlite)
    op.create_index(
        "ix_timeline_step",
        "timeline",
        [text(f"({after})"), "at", text(f"({before})"), "order_id"],
        sqlite_where=IS_STEP,
        postgresql_where=IS_STEP,
    )
    # Of an expression, the planners know no more than this tells them.
    op.execute("ANALYZE ix_timeline_step" if sqlite else "ANALYZE timeline")


def _statuses(sqlite: bool) -> tuple[str, str]:
    """Read the statuses out of a row of the timeline: `PENDING`, or `PENDING → CANCELLED: …`."""
    if not sqlite:
        return (
            "CASE kind WHEN 'CREATED' THEN 'NEW' ELSE split_part(detail, ' → ', 1) END",
            "CASE kind WHEN 'CREATED' THEN detail ELSE split_part(split_part(detail, ' → ', 2), ':', 1) END",
        )
    rest = "substr(detail, instr(detail, ' → ') + 3)"
    return (
        "CASE kind WHEN 'CREATED' THEN 'NEW' ELSE substr(detail, 1, instr(detail, ' → ') - 1) END",
        f"CASE kind WHEN 'CREATED' THEN detail ELSE substr({rest}, 1, instr({rest} || ':', ':') - 1) END",
    )
