"""Contact data are found by whole words, in an index of these; parts of words only in what is shown."""

import string

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Every sign but spaces belongs to a word.
_SIGNS = string.punctuation.replace("'", "''").replace('"', '""')
# Without places, an index is a third as large: each text that has all trigrams is looked at.
_KIND = "content = 'order_texts', content_rowid = 'order_id', columnsize = 0, detail = none"
SQLITE = (
    *(f"DROP TRIGGER order_texts_{event}" for event in ("insert", "delete", "update")),
    "DROP TABLE order_search",
    f"CREATE VIRTUAL TABLE order_search USING fts5(shown, {_KIND}, tokenize = 'trigram case_sensitive 1')",
    f"CREATE VIRTUAL TABLE order_contacts USING fts5(contact, {_KIND},"
    f" tokenize = \"ascii tokenchars '{_SIGNS}'\")",
    "INSERT INTO order_search(order_search) VALUES ('rebuild')",
    "INSERT INTO order_contacts(order_contacts) VALUES ('rebuild')",
)
ADD = (
    "INSERT INTO order_search(rowid, shown) VALUES (new.order_id, new.shown);"
    " INSERT INTO order_contacts(rowid, contact) VALUES (new.order_id, new.contact);"
)
DROP = (
    "INSERT INTO order_search(order_search, rowid, shown) VALUES ('delete', old.order_id, old.shown);"
    " INSERT INTO order_contacts(order_contacts, rowid, contact)"
    " VALUES ('delete', old.order_id, old.contact);"
)
TRIGGERS = {"insert": ADD, "delete": DROP, "update": f"{DROP} {ADD}"}
POSTGRESQL = (
    "DROP INDEX ix_order_texts_contact",
    "CREATE INDEX ix_order_texts_words ON order_texts USING gin (string_to_array(contact, ' '))",
    "ANALYZE order_texts",
)


def upgrade() -> None:
    """Apply this change."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
    for event, work in TRIGGERS.items() if sqlite else ():
        op.execute(f"CREATE TRIGGER order_texts_{event} AFTER {event} ON order_texts BEGIN {work} END")
