"""Part-of-a-word search over orders: trigrams, by each database's own means."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_orders_search ON orders USING gin (search_text gin_trgm_ops)",
)

SQLITE = (
    """CREATE VIRTUAL TABLE order_search USING fts5(
        search_text, content = 'orders', content_rowid = 'id', tokenize = 'trigram case_sensitive 1')""",
    """CREATE TRIGGER order_search_insert AFTER INSERT ON orders BEGIN
        INSERT INTO order_search(rowid, search_text) VALUES (new.id, new.search_text);
    END""",
    """CREATE TRIGGER order_search_delete AFTER DELETE ON orders BEGIN
        INSERT INTO order_search(order_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    END""",
    """CREATE TRIGGER order_search_update AFTER UPDATE OF search_text ON orders BEGIN
        INSERT INTO order_search(order_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
        INSERT INTO order_search(rowid, search_text) VALUES (new.id, new.search_text);
    END""",
)


def upgrade() -> None:
    """Apply this change."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
