"""Counts of orders by what they are filtered by, kept by the database in the transaction of each change."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FACETS = ("status", "payment_status", "fulfillment_status", "shipping_country", "currency")
COLUMNS = ", ".join(FACETS)


def _count(row: str, orders: int) -> str:
    values = ", ".join(f"{row}.{facet}" for facet in FACETS)
    return f"INSERT INTO order_counts ({COLUMNS}, orders) VALUES ({values}, {orders});"  # noqa: S608 - constants


SQLITE = (
    f"CREATE TRIGGER order_counts_insert AFTER INSERT ON orders BEGIN {_count('new', 1)} END",
    f"CREATE TRIGGER order_counts_delete AFTER DELETE ON orders BEGIN {_count('old', -1)} END",
    f"CREATE TRIGGER order_counts_update AFTER UPDATE OF {COLUMNS} ON orders"
    f" BEGIN {_count('old', -1)} {_count('new', 1)} END",
)

POSTGRESQL = (
    # Counting over a range takes as long as the index is wide, and the sorting indexes hold many columns.
    "CREATE INDEX ix_orders_created_alone ON orders (created_at)",
    "CREATE INDEX ix_orders_total_alone ON orders (total_sort)",
    f"""CREATE FUNCTION count_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN {_count("old", -1)} END IF;
        IF TG_OP <> 'DELETE' THEN {_count("new", 1)} END IF;
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER order_counts_rows AFTER INSERT OR DELETE ON orders"
    " FOR EACH ROW EXECUTE FUNCTION count_order()",
    f"CREATE TRIGGER order_counts_update AFTER UPDATE OF {COLUMNS} ON orders"
    " FOR EACH ROW EXECUTE FUNCTION count_order()",
)


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "order_counts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), primary_key=True
        ),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("payment_status", sa.String(20), nullable=False),
        sa.Column("fulfillment_status", sa.String(20), nullable=False),
        sa.Column("shipping_country", sa.String(2), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
