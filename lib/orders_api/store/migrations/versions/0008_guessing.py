"""Codes bound to the email they were sent to, decoys for wrong guesses, calls counted over all processes."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DECOYS = 64
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

# Whatever changes an order's email, be it a statement by hand, ends what the old mailbox had proven.
END_ACCESS = (
    "DELETE FROM access_tokens WHERE order_id = old.id;"
    " UPDATE access_codes SET state = 'DEAD' WHERE order_id = old.id AND state = 'LIVE';"
    " UPDATE outbox SET state = 'EXPIRED', sealed_body = NULL"
    " WHERE order_id = old.id AND kind = 'ACCESS_CODE' AND state = 'WAITING';"
)
SQLITE = (
    "CREATE TRIGGER orders_email_changed AFTER UPDATE OF email, email_key ON orders"
    " WHEN old.email <> new.email OR old.email_key <> new.email_key"
    f" BEGIN {END_ACCESS} END",
)
POSTGRESQL = (
    "CREATE FUNCTION end_guest_access() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN {END_ACCESS} RETURN NULL; END $$",
    "CREATE TRIGGER orders_email_changed AFTER UPDATE OF email, email_key ON orders FOR EACH ROW"
    " WHEN (old.email <> new.email OR old.email_key <> new.email_key)"
    " EXECUTE FUNCTION end_guest_access()",
)


def upgrade() -> None:
    """Apply this change."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("access_codes", sa.Column("email_key", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE access_codes SET email_key ="
        " (SELECT email_key FROM orders WHERE orders.id = access_codes.order_id)"
    )
    _make_decoys()
    op.create_table(
        "call_windows",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("calls", sa.Text(), nullable=False),
        sa.Column("ends_at", UTC_TIME, nullable=False),
        # Counts of a minute need not survive a crash of the server, nor wait for its disk.
        prefixes=[] if on_sqlite else ["UNLOGGED"],
    )
    op.create_index("ix_call_windows_ends_at", "call_windows", ["ends_at"])
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        op.execute(statement)


def _make_decoys() -> None:
    codes = op.create_table(
        "decoy_codes",
        sa.Column("order_id", BIG_KEY, autoincrement=False, primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("wrong_attempts", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
    )
    live = sa.text("state = 'LIVE'")
    op.create_index(
        "uq_decoy_codes_live",
        "decoy_codes",
        ["order_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    locks = op.create_table(
        "decoy_locks",
        sa.Column("order_id", BIG_KEY, autoincrement=False, primary_key=True),
        sa.Column("window_started_at", UTC_TIME, nullable=False),
        sa.Column("wrong_in_window", sa.Integer(), nullable=False),
        sa.Column("wrong_in_a_row", sa.Integer(), nullable=False),
        sa.Column("locked_until", UTC_TIME, nullable=True),
    )
    numbers = range(1, DECOYS + 1)
    op.bulk_insert(
        codes,
        [
            {
                "order_id": number,
                "state": "LIVE",
                "salt": secrets.token_bytes(16),
                "mac": secrets.token_bytes(32),
                "wrong_attempts": 0,
                "issued_at": LONG_AGO,
                "expires_at": NEVER,
            }
            for number in numbers
        ],
    )
    op.bulk_insert(
        locks,
        [
            {
                "order_id": number,
                "window_started_at": LONG_AGO,
                "wrong_in_window": 0,
                "wrong_in_a_row": 0,
                "locked_until": None,
            }
            for number in numbers
        ],
    )
