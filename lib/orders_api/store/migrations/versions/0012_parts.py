"""In how many orders each part of a text occurs: triggers note each text that comes or goes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# As in the orders: compared byte by byte on both databases.
TEXT = sa.String(collation="C").with_variant(sa.String(), "sqlite")


def _note(row: str, orders: int) -> str:
    values = f"{row}.search_text, {row}.created_at, {orders}"
    return f"INSERT INTO search_changes (search_text, created_at, orders) VALUES ({values});"  # noqa: S608 - constants


SQLITE = (
    f"CREATE TRIGGER search_changes_insert AFTER INSERT ON orders BEGIN {_note('new', 1)} END",
    f"CREATE TRIGGER search_changes_delete AFTER DELETE ON orders BEGIN {_note('old', -1)} END",
    "CREATE TRIGGER search_changes_update AFTER UPDATE OF search_text, created_at ON orders"
    f" BEGIN {_note('old', -1)} {_note('new', 1)} END",
)

POSTGRESQL = (
    f"""CREATE FUNCTION note_search_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN {_note("old", -1)} END IF;
        IF TG_OP <> 'DELETE' THEN {_note("new", 1)} END IF;
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER search_changes_rows AFTER INSERT OR DELETE ON orders"
    " FOR EACH ROW EXECUTE FUNCTION note_search_text()",
    "CREATE TRIGGER search_changes_update AFTER UPDATE OF search_text, created_at ON orders"
    " FOR EACH ROW EXECUTE FUNCTION note_search_text()",
)


def upgrade() -> None:
    """Apply this change, and note the texts that there are."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        # What others commit between the noting and the triggers would be missing.
        op.execute("LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE")
    op.create_table(
        "search_changes",
        sa.Column("id", BIG, sa.Identity(), primary_key=True),
        sa.Column("search_text", TEXT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
    )
    op.create_table(
        "search_parts",
        sa.Column("part", TEXT, primary_key=True),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("oldest", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newest", sa.DateTime(timezone=True), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO search_changes (search_text, created_at, orders)"
        " SELECT search_text, created_at, 1 FROM orders"
    )
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)
