"""Orders are found by the words of what was bought, too."""

from itertools import groupby

import sqlalchemy as sa
from alembic import context, op

from lib.orders_api.domain.search_texts import item_words

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

AT_ONCE = 2000
ITEMS = sa.text(
    "SELECT line_items.order_id, line_items.name, order_texts.contact FROM line_items"
    " JOIN order_texts USING (order_id)"
    " WHERE line_items.order_id > :after AND line_items.order_id <= :upto"
    " ORDER BY line_items.order_id, line_items.position"
)
WRITE = sa.text("UPDATE order_texts SET contact = :contact WHERE order_id = :order")


def upgrade() -> None:
    """Apply this change."""
    connection = op.get_bind()
    told = context.config.attributes.get("on_progress")
    last = connection.scalar(sa.text("SELECT max(id) FROM orders")) or 0
    for after in range(0, last, AT_ONCE):
        items = connection.execute(ITEMS, {"after": after, "upto": after + AT_ONCE}).all()
        written = [
            {"order": order, "contact": _with_items(contact, [name for _, name, _ in rows])}
            for (order, contact), rows in groupby(items, key=lambda row: (row[0], row[2]))
        ]
        if written:
            connection.execute(WRITE, written)
        if told is not None:
            told("Words of items", min(after + AT_ONCE, last), last)


def _with_items(contact: str, names: list[str]) -> str:
    words = dict.fromkeys(part for word in (contact, *item_words(names)) for part in word.split())
    return f" {' '.join(words)} "
