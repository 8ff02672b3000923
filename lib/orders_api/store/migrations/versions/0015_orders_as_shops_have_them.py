"""Orders without email or address, what other systems know beside ours, and numbers alike in any writing."""

import logging

import sqlalchemy as sa
from alembic import op

from lib.orders_api.domain.text import order_number_key

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PART = "CASE extra_digits WHEN 1 THEN 10 WHEN 2 THEN 100 WHEN 3 THEN 1000 ELSE 10000 END"
CHECKS = {
    "orders": {
        "money_not_negative": "subtotal >= 0 AND discount_total >= 0 AND shipping_total >= 0"
        " AND tax_total >= 0 AND grand_total >= 0 AND coalesce(duties_total, 0) >= 0"
        " AND coalesce(refunded_total, 0) >= 0",
        "grand_total_adds_up": "grand_total = subtotal - discount_total + shipping_total"
        " + coalesce(duties_total, 0) + adjustment + CASE WHEN tax_included THEN 0 ELSE tax_total END",
        "source_known": "source IN ('api', 'import', 'shop')",
        "email_has_key": "(email IS NULL) = (email_key IS NULL)",
    },
    "line_items": {
        "extra_digits_known": "extra_digits BETWEEN 0 AND 4",
        "line_total_adds_up": "unit_price >= 0 AND total >= 0 AND CASE extra_digits"
        " WHEN 0 THEN total = unit_price * quantity"
        f" ELSE 2 * abs(total * {PART} - unit_price * quantity) <= quantity + {PART} END",
    },
}
OLD_CHECKS = {
    "money_not_negative": "subtotal >= 0 AND discount_total >= 0 AND shipping_total >= 0 AND tax_total >= 0"
    " AND grand_total >= 0",
    "grand_total_adds_up": "grand_total = subtotal - discount_total + shipping_total"
    " + CASE WHEN tax_included THEN 0 ELSE tax_total END",
    "line_total_adds_up": "unit_price >= 0 AND total = unit_price * quantity",
}
LOOSENED = {"email": "TEXT", "email_key": "VARCHAR"}

# An order may have come to an email, or lost it.
EMAIL_CHANGED = {
    "sqlite": "old.email IS NOT new.email OR old.email_key IS NOT new.email_key",
    "postgresql": "old.email IS DISTINCT FROM new.email OR old.email_key IS DISTINCT FROM new.email_key",
}
END_ACCESS = (
    "DELETE FROM access_tokens WHERE order_id = old.id;"
    " UPDATE access_codes SET state = 'DEAD' WHERE order_id = old.id AND state = 'LIVE';"
    " UPDATE outbox SET state = 'EXPIRED', sealed_body = NULL"
    " WHERE order_id = old.id AND kind = 'ACCESS_CODE' AND state = 'WAITING';"
)
AT_ONCE = 1000

_log = logging.getLogger("orders_api.migrations")


def upgrade() -> None:
    """Apply this change, and make the keys of order numbers anew."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        # In the order in which whoever changes an order takes them, and at once as strict as it will be.
        op.execute("LOCK TABLE orders, line_items IN ACCESS EXCLUSIVE MODE")
    _add_columns()
    if sqlite:
        _rewrite_schema(connection)
    else:
        _alter_schema()
    _watch_emails(connection.dialect.name)
    op.execute(
        "UPDATE orders SET source = 'import' WHERE id IN"
        " (SELECT order_id FROM timeline WHERE kind = 'CREATED' AND actor = 'import')"
    )
    _make_keys_anew(connection)


def _add_columns() -> None:
    for column in (
        sa.Column("duties_total", sa.BigInteger(), nullable=True),
        sa.Column("adjustment", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("refunded_total", sa.BigInteger(), nullable=True),
        sa.Column("shipping_method", sa.Text(), nullable=True),
        sa.Column("customer_note", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False, server_default=""),
        sa.Column("source", sa.String(10), nullable=False, server_default="api"),
    ):
        op.add_column("orders", column)
    extra_digits = sa.Column("extra_digits", sa.SmallInteger(), nullable=False, server_default="0")
    op.add_column("line_items", extra_digits)


def _alter_schema() -> None:
    for column in LOOSENED:
        op.alter_column("orders", column, nullable=True)
    for table, checks in CHECKS.items():
        for name, rule in checks.items():
            if name in OLD_CHECKS:
                op.drop_constraint(name, table)
            op.create_check_constraint(name, table, rule)


def _rewrite_schema(connection: sa.Connection) -> None:
    """Change constraints as SQLite's own documentation says (lang_altertable, 7): by the schema's text.

    To make the table anew would delete, by their foreign keys, all rows that belong to orders.
    """
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, checks in CHECKS.items():
        found = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
        schema = str(connection.scalar(found, {"table": table}))
        for column, kind in LOOSENED.items() if table == "orders" else ():
            schema = _replaced(schema, f"\t{column} {kind} NOT NULL", f"\t{column} {kind}")
        for name, rule in checks.items():
            new = f"CONSTRAINT {name} CHECK ({rule})"
            if name in OLD_CHECKS:
                schema = _replaced(schema, f"CONSTRAINT {name} CHECK ({OLD_CHECKS[name]})", new)
            else:
                head, end, _ = schema.rpartition(")")
                schema = f"{head}, {new}{end}"
        changed = sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table")
        connection.execute(changed, {"sql": schema, "table": table})
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _replaced(schema: str, old: str, new: str) -> str:
    if schema.count(old) != 1:
        raise RuntimeError(f"not the schema that was expected: {old!r} is not in it once")
    return schema.replace(old, new)


def _watch_emails(dialect: str) -> None:
    when = f"WHEN ({EMAIL_CHANGED[dialect]})"
    change = "CREATE TRIGGER orders_email_changed AFTER UPDATE OF email, email_key ON orders"
    if dialect == "sqlite":
        op.execute("DROP TRIGGER orders_email_changed")
        op.execute(f"{change} {when} BEGIN {END_ACCESS} END")
    else:
        op.execute("DROP TRIGGER orders_email_changed ON orders")
        op.execute(f"{change} FOR EACH ROW {when} EXECUTE FUNCTION end_guest_access()")


def _make_keys_anew(connection: sa.Connection) -> None:
    """Give each order the key of its number; of several alike, one has it and the others keep their old one.

    It is the one whose number needs no likeness, or the oldest. The others are found by their exact writing,
    and their timeline says so.
    """
    rows = connection.execute(sa.text("SELECT id, order_number, order_number_key FROM orders ORDER BY id"))
    holders: dict[str, int] = {}
    moving: list[tuple[int, str, str]] = []
    for order_id, number, key in rows:
        new = order_number_key(number) or key
        if new == key:
            holders[key] = order_id
        else:
            moving.append((order_id, number, new))
    moved, alike = [], []
    for order_id, number, new in moving:
        holder = holders.setdefault(new, order_id)
        if holder == order_id:
            moved.append({"id": order_id, "key": new})
        else:
            alike.append((order_id, number, holder))
    if moved:
        connection.execute(sa.text("UPDATE orders SET order_number_key = :key WHERE id = :id"), moved)
    for order_id, number, holder in alike:
        _say_alike(connection, order_id, number, holder)


def _say_alike(connection: sa.Connection, order_id: int, number: str, holder: int) -> None:
    other = connection.scalar(sa.text("SELECT order_number FROM orders WHERE id = :id"), {"id": holder})
    _log.warning("order %s is found by exactly this writing; any other means order %s", number, other)
    note = f"This order's number reads like that of order {other}: it is found only as it is written here"
    connection.execute(
        sa.text(
            "INSERT INTO timeline (order_id, at, actor, kind, detail)"
            " VALUES (:id, CURRENT_TIMESTAMP, 'system', 'NOTE', :note)"
        ),
        {"id": order_id, "note": note},
    )
