"""Figures are counted in indexes; what was kept for them goes, and the counts of orders get their sums."""
# ruff: noqa: S608 - every name in these statements is a constant

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
FACETS = ("status", "payment_status", "fulfillment_status", "shipping_country", "currency")
COUNTED = ", ".join(FACETS)
FIGURES = {"insert": "came", "update": "changed", "delete": "gone", "move": "moved", "step": "step"}
TABLES = ("figure_changes", "figures", "step_changes", "step_figures", "stay_figures", "order_stays")
OF_ORDERS = {
    "ix_orders_created": ("created_at", "id", *FACETS, "total_sort", "grand_total"),
    "ix_orders_status": ("status", "created_at", "id", *FACETS[1:], "total_sort", "status_since"),
}
OF_TIMELINE = {
    "ix_timeline_change": ("to_status", "from_status", "at", "reason", "status_hours", "order_id"),
    # An order has so few rows that they need not be sorted in an index.
    "ix_timeline_order": ("order_id",),
}


def upgrade() -> None:
    """Apply this change."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        # In the order in which whoever changes an order takes them, and at once as strict as it will be.
        op.execute("LOCK TABLE orders, timeline, order_counts IN ACCESS EXCLUSIVE MODE")
    _drop_triggers(sqlite)
    _add_times(sqlite)
    for table in TABLES:
        op.drop_table(table)
    _add_sums(sqlite)
    for table, indexes in (("orders", OF_ORDERS), ("timeline", OF_TIMELINE)):
        for name, columns in indexes.items():
            op.drop_index(name, table)
            op.create_index(name, table, columns)
    for table in ("orders", "timeline", "order_counts"):
        op.execute(f"ANALYZE {table}")


def _drop_triggers(sqlite: bool) -> None:
    for name, function in FIGURES.items():
        op.execute(
            f"DROP TRIGGER figures_{name}" if sqlite else f"DROP FUNCTION figures_{function}() CASCADE"
        )
    if sqlite:
        for name in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER order_counts_{name}")
    else:
        op.execute("DROP FUNCTION count_order() CASCADE")


def _add_times(sqlite: bool) -> None:
    """Add since when each order is in its status, and how long each was in the status before a change."""
    # SQLite asks for a default. Whoever makes an order names the time.
    start = sa.text("'1970-01-01 00:00:00.000000'")
    op.add_column("orders", sa.Column("status_since", UTC_TIME, nullable=False, server_default=start))
    if not sqlite:
        op.alter_column("orders", "status_since", server_default=None)
    op.execute(
        "UPDATE orders SET status_since ="
        " coalesce((SELECT since FROM order_stays WHERE order_id = orders.id), created_at)"
    )
    op.add_column("timeline", sa.Column("status_hours", sa.Integer()))
    hours = f"({_seconds('timeline.at', sqlite)} - {_seconds('before.since', sqlite)} + 3599) / 3600"
    op.execute(
        f"""
        UPDATE timeline SET status_hours = CASE WHEN {hours} > 0 THEN {hours} ELSE 0 END
        FROM (
            SELECT id, lag(at) OVER (PARTITION BY order_id ORDER BY id) AS since
            FROM timeline WHERE to_status IS NOT NULL
        ) AS before
        WHERE before.id = timeline.id AND before.since IS NOT NULL
        """
    )


def _seconds(time: str, sqlite: bool) -> str:
    return (
        f"CAST(strftime('%s', {time}) AS INTEGER)" if sqlite else f"floor(extract(epoch FROM {time}))::bigint"
    )


def _add_sums(sqlite: bool) -> None:
    """Count the orders afresh, with what they come to."""
    total = sa.Column("total", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("order_counts", total)
    op.execute("DELETE FROM order_counts")
    op.execute(
        f"INSERT INTO order_counts ({COUNTED}, orders, total)"
        f" SELECT {COUNTED}, count(*), sum(grand_total) FROM orders GROUP BY {COUNTED}"
    )
    for statement in _sqlite_triggers() if sqlite else _postgresql_triggers():
        op.execute(statement)


def _count(row: str, sign: str) -> str:
    facets = ", ".join(f"{row}.{facet}" for facet in FACETS)
    values = f"{facets}, {sign}1, {sign}{row}.grand_total"
    return f"INSERT INTO order_counts ({COUNTED}, orders, total) VALUES ({values});"


def _sqlite_triggers() -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER order_counts_insert AFTER INSERT ON orders BEGIN {_count('new', '')} END",
        f"CREATE TRIGGER order_counts_delete AFTER DELETE ON orders BEGIN {_count('old', '-')} END",
        f"CREATE TRIGGER order_counts_update AFTER UPDATE OF {COUNTED}, grand_total ON orders"
        f" BEGIN {_count('old', '-')} {_count('new', '')} END",
    )


def _postgresql_triggers() -> tuple[str, ...]:
    return (
        f"""CREATE FUNCTION count_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP <> 'INSERT' THEN {_count("old", "-")} END IF;
            IF TG_OP <> 'DELETE' THEN {_count("new", "")} END IF;
            RETURN NULL;
        END $$""",
        "CREATE TRIGGER order_counts_rows AFTER INSERT OR DELETE ON orders"
        " FOR EACH ROW EXECUTE FUNCTION count_order()",
        f"CREATE TRIGGER order_counts_update AFTER UPDATE OF {COUNTED}, grand_total ON orders"
        " FOR EACH ROW EXECUTE FUNCTION count_order()",
    )
