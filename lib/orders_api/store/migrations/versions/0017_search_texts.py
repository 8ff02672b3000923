"""Orders are searched in two texts beside them, in a folded form, and found by email and parcel."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from lib.orders_api.domain.phones import phone_key
from lib.orders_api.domain.search_texts import Addressee, search_texts

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TEXT = sa.String(collation="C").with_variant(sa.String(), "sqlite")
AT_ONCE = 2000
PARCEL = "(lower(replace(replace(tracking_number, ' ', ''), '-', '')))"
SENT = sa.text("tracking_number IS NOT NULL")

# Without the places of the trigrams: each text that has all of them is looked at.
SQLITE = (
    """CREATE VIRTUAL TABLE order_search USING fts5(shown, contact, content = 'order_texts',
        content_rowid = 'order_id', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1')""",
    "INSERT INTO order_search(order_search) VALUES ('rebuild')",
    """CREATE TRIGGER order_texts_insert AFTER INSERT ON order_texts BEGIN
        INSERT INTO order_search(rowid, shown, contact) VALUES (new.order_id, new.shown, new.contact);
    END""",
    """CREATE TRIGGER order_texts_delete AFTER DELETE ON order_texts BEGIN
        INSERT INTO order_search(order_search, rowid, shown, contact)
            VALUES ('delete', old.order_id, old.shown, old.contact);
    END""",
    """CREATE TRIGGER order_texts_update AFTER UPDATE ON order_texts BEGIN
        INSERT INTO order_search(order_search, rowid, shown, contact)
            VALUES ('delete', old.order_id, old.shown, old.contact);
        INSERT INTO order_search(rowid, shown, contact) VALUES (new.order_id, new.shown, new.contact);
    END""",
)
POSTGRESQL = tuple(
    f"CREATE INDEX ix_order_texts_{column} ON order_texts USING gin ({column} gin_trgm_ops)"
    for column in ("shown", "contact")
)


def upgrade() -> None:
    """Apply this change, and write the texts of the orders that there are."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute("LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE")
    op.create_table(
        "order_texts",
        sa.Column(
            "order_id",
            BIG_KEY,
            sa.ForeignKey("orders.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("shown", KEY_TEXT, nullable=False),
        sa.Column("contact", KEY_TEXT, nullable=False),
    )
    _write_texts(op.get_bind())
    if sqlite:
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER order_search_{event}")
        op.execute("DROP TABLE order_search")
        op.drop_index("ix_orders_search_text", "orders")
    op.drop_column("orders", "search_text")
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)
    op.create_index("ix_orders_email", "orders", ["email_key"])
    op.create_index("ix_orders_parcel", "orders", [sa.text(PARCEL)], sqlite_where=SENT, postgresql_where=SENT)
    op.execute("ANALYZE order_texts")


def _write_texts(connection: sa.Connection) -> None:
    told = context.config.attributes.get("on_progress")
    count = connection.scalar(sa.text("SELECT count(*) FROM orders")) or 0
    written = 0
    for rows in _batches(connection):
        texts, phones = [], []
        for row, addresses in rows:
            made = _texts(row, addresses)
            texts.append({"order_id": row.id, "shown": made.shown, "contact": made.contact})
            phone = phone_key(row.phone, addresses[0].country if addresses else None) if row.phone else None
            if phone != row.phone_reversed:
                phones.append({"order": row.id, "phone": phone})
        connection.execute(sa.text("INSERT INTO order_texts VALUES (:order_id, :shown, :contact)"), texts)
        if phones:
            connection.execute(sa.text("UPDATE orders SET phone_reversed = :phone WHERE id = :order"), phones)
        written += len(texts)
        if told is not None:
            told("Search texts", written, count)


def _batches(connection: sa.Connection) -> Iterator[list[tuple[Any, list[Any]]]]:
    """Return the orders by their ids, so many at once, each with its shipping and billing address."""
    orders = sa.text(
        "SELECT id, order_number_key, customer_name, email, phone, phone_reversed FROM orders"
        " WHERE id > :after ORDER BY id LIMIT :some"
    )
    addresses = sa.text(
        "SELECT * FROM order_addresses WHERE order_id BETWEEN :first AND :last ORDER BY order_id, kind DESC"
    )
    after = 0
    while rows := connection.execute(orders, {"after": after, "some": AT_ONCE}).all():
        after = rows[-1].id
        by_order: dict[int, list[Any]] = {}
        for address in connection.execute(addresses, {"first": rows[0].id, "last": after}):
            by_order.setdefault(address.order_id, []).append(address)
        yield [(row, by_order.get(row.id, [])) for row in rows]


def _texts(row: Any, addresses: list[Any]) -> Any:
    addressees = [
        Addressee(
            f"{each.first_name} {each.last_name}".strip(),
            each.city,
            each.postal_code,
            f"{each.line1} {each.line2 or ''}",
        )
        for each in addresses
    ]
    country = addresses[0].country if addresses else ""
    names = [row.customer_name] if row.customer_name else []
    return search_texts(row.order_number_key, row.email, row.phone, country, addressees, names)
