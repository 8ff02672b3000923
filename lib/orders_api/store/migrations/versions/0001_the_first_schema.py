"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FACETS = ("status", "payment_status", "fulfillment_status", "shipping_country", "currency")
UTC_TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TEXT = sa.String(collation="C").with_variant(sa.String(), "sqlite")


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "access_requests",
        sa.Column(
            "id",
            BIG_KEY,
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("requested_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("started_at", UTC_TIME, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("caller", "key"),
    )
    op.create_index(op.f("ix_idempotency_keys_started_at"), "idempotency_keys", ["started_at"], unique=False)
    op.create_table(
        "order_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "orders",
        sa.Column(
            "id",
            BIG_KEY,
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("order_number_key", KEY_TEXT, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("payment_status", sa.String(length=20), nullable=False),
        sa.Column("fulfillment_status", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("currency_digits", sa.SmallInteger(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount_total", sa.BigInteger(), nullable=False),
        sa.Column("shipping_total", sa.BigInteger(), nullable=False),
        sa.Column("tax_total", sa.BigInteger(), nullable=False),
        sa.Column("tax_included", sa.Boolean(), nullable=False),
        sa.Column("grand_total", sa.BigInteger(), nullable=False),
        sa.Column("total_sort", sa.BigInteger(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", KEY_TEXT, nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_reversed", KEY_TEXT, nullable=True),
        sa.Column("shipping_city", sa.Text(), nullable=False),
        sa.Column("shipping_country", sa.String(length=2), nullable=False),
        sa.Column("search_text", KEY_TEXT, nullable=False),
        sa.Column("tracking_token", sa.String(length=36), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=30), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.CheckConstraint(
            "cancel_reason IS NULL OR cancel_reason IN ('CUSTOMER_REQUEST', 'PAYMENT_NOT_RECEIVED',"
            " 'FRAUD_SUSPECTED', 'OUT_OF_STOCK', 'DUPLICATE', 'OTHER')",
            name="cancel_reason_known",
        ),
        sa.CheckConstraint(
            "fulfillment_status IN ('UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'RETURNED')",
            name="fulfillment_status_known",
        ),
        sa.CheckConstraint(
            "payment_status IN ('PENDING', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'FAILED', 'VOIDED')",
            name="payment_status_known",
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED',"
            " 'REFUNDED')",
            name="status_known",
        ),
        sa.CheckConstraint("currency_digits BETWEEN 0 AND 4", name="currency_digits_known"),
        sa.CheckConstraint(
            "grand_total = subtotal - discount_total + shipping_total"
            " + CASE WHEN tax_included THEN 0 ELSE tax_total END",
            name="grand_total_adds_up",
        ),
        sa.CheckConstraint("item_count > 0", name="has_items"),
        sa.CheckConstraint(
            "total_sort = grand_total * CASE currency_digits"
            " WHEN 0 THEN 10000 WHEN 1 THEN 1000 WHEN 2 THEN 100 WHEN 3 THEN 10 ELSE 1 END",
            name="total_sort_agrees",
        ),
        sa.CheckConstraint(
            "subtotal >= 0 AND discount_total >= 0 AND shipping_total >= 0 AND tax_total >= 0"
            " AND grand_total >= 0",
            name="money_not_negative",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_number_key"),
        sa.UniqueConstraint("tracking_token"),
    )
    op.create_index("ix_orders_country", "orders", ["shipping_country", "created_at", "id"], unique=False)
    op.create_index("ix_orders_created", "orders", ["created_at", "id", *FACETS, "total_sort"], unique=False)
    op.create_index("ix_orders_currency", "orders", ["currency", "created_at", "id"], unique=False)
    op.create_index("ix_orders_customer", "orders", ["customer_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_orders_fulfillment", "orders", ["fulfillment_status", "created_at", "id"], unique=False
    )
    op.create_index("ix_orders_payment", "orders", ["payment_status", "created_at", "id"], unique=False)
    op.create_index("ix_orders_phone", "orders", ["phone_reversed"], unique=False)
    op.create_index("ix_orders_status", "orders", ["status", "created_at", "id"], unique=False)
    op.create_index("ix_orders_total", "orders", ["total_sort", "id", *FACETS, "created_at"], unique=False)
    op.create_table(
        "access_codes",
        sa.Column(
            "id",
            BIG_KEY,
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("order_id", BIG_KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("wrong_attempts", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.CheckConstraint("state IN ('LIVE', 'USED', 'DEAD')", name="state_known"),
        sa.CheckConstraint("wrong_attempts BETWEEN 0 AND 5", name="wrong_attempts_bounded"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_access_codes_issued", "access_codes", ["order_id", "issued_at"], unique=False)
    op.create_index(
        "uq_access_codes_live",
        "access_codes",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("state = 'LIVE'"),
        postgresql_where=sa.text("state = 'LIVE'"),
    )
    op.create_table(
        "access_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("order_id", BIG_KEY, nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_access_tokens_expires_at"), "access_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_access_tokens_order_id"), "access_tokens", ["order_id"], unique=False)
    op.create_table(
        "audit_log",
        sa.Column(
            "id",
            BIG_KEY,
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("order_id", BIG_KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"], unique=False)
    op.create_index(op.f("ix_audit_log_order_id"), "audit_log", ["order_id"], unique=False)
    op.create_table(
        "contact_unlocks",
        sa.Column(
            "order_id",
            BIG_KEY,
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id", "staff"),
    )
    op.create_table(
        "guest_locks",
        sa.Column(
            "order_id",
            BIG_KEY,
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("window_started_at", UTC_TIME, nullable=False),
        sa.Column("wrong_in_window", sa.Integer(), nullable=False),
        sa.Column("wrong_in_a_row", sa.Integer(), nullable=False),
        sa.Column("locked_until", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_table(
        "line_items",
        sa.Column(
            "id",
            BIG_KEY,
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("order_id", BIG_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("sku_key", KEY_TEXT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("unit_price >= 0 AND total = unit_price * quantity", name="line_total_adds_up"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "position", name="uq_line_items_position"),
    )
    op.create_index("ix_line_items_sku", "line_items", ["sku_key", "order_id"], unique=False)
    op.create_table(
        "order_addresses",
        sa.Column("order_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("line1", sa.Text(), nullable=False),
        sa.Column("line2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.CheckConstraint("kind IN ('shipping', 'billing')", name="kind_known"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id", "kind"),
    )
    op.create_table(
        "timeline",
        sa.Column(
            "id",
            BIG_KEY,
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("order_id", BIG_KEY, nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('CREATED', 'STATUS_CHANGED', 'NOTE', 'GUEST_VERIFIED', 'CONTACT_REVEALED')",
            name="kind_known",
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_timeline_order", "timeline", ["order_id", "at", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column(
            "id",
            BIG_KEY,
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("order_id", BIG_KEY, nullable=False),
        sa.Column("access_code_id", BIG_KEY, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=True),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name="sent_has_time"),
        sa.CheckConstraint("(state = 'WAITING') = (sealed_body IS NOT NULL)", name="body_only_while_waiting"),
        sa.CheckConstraint("kind IN ('CONFIRMATION', 'CANCELLATION', 'ACCESS_CODE')", name="kind_known"),
        sa.CheckConstraint("state IN ('WAITING', 'SENT', 'EXPIRED', 'DEAD')", name="state_known"),
        sa.ForeignKeyConstraint(["access_code_id"], ["access_codes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index(op.f("ix_outbox_access_code_id"), "outbox", ["access_code_id"], unique=False)
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_outbox_order_id"), "outbox", ["order_id"], unique=False)
