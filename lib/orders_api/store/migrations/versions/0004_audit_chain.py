"""The audit log becomes a chain to which rows are only ever added; they outlive their orders."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)

SQLITE = (
    "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END",
    "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END",
    # INSERT OR REPLACE would delete without asking the trigger above.
    "CREATE TRIGGER audit_log_next BEFORE INSERT ON audit_log"
    " WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit_log)"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END",
    "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head"
    " BEGIN SELECT RAISE(ABORT, 'the audit log keeps its head'); END",
)

POSTGRESQL = (
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'the audit log is append only' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
)


def upgrade() -> None:
    """Apply this change."""
    op.execute(
        "CREATE TABLE audit_before AS SELECT row_number() OVER (ORDER BY a.id) AS id, a.at, a.actor, a.role,"
        " a.action, a.outcome, o.order_number, o.order_number_key, a.reason, a.client, a.request_id"
        " FROM audit_log a LEFT JOIN orders o ON o.id = a.order_id"
    )
    op.drop_table("audit_log")
    op.create_table(
        "audit_log",
        sa.Column("id", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("order_number", "order_number_key")),
        *(sa.Column(name, sa.Text()) for name in ("reason", "detail", "client")),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("entries", BIG_KEY, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("head_seal", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="one_head"),
    )
    # Unsealed, because the key is not at hand here; the chain begins behind them.
    op.execute(
        "INSERT INTO audit_log (id, at, actor, role, action, outcome, order_number, order_number_key, reason,"
        " client, request_id, seal) SELECT id, at, actor, role, action, outcome, order_number,"
        " order_number_key, reason, client, request_id, '' FROM audit_before"
    )
    op.execute("INSERT INTO audit_head SELECT 1, count(*), '', '' FROM audit_log")
    op.drop_table("audit_before")
    op.create_index("ix_audit_log_at", "audit_log", ["at", "id"])
    for what, column in (("order", "order_number_key"), ("actor", "actor"), ("action", "action")):
        op.create_index(f"ix_audit_log_{what}", "audit_log", [column, "at", "id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
