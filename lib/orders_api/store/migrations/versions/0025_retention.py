"""Rows of the audit log up to a closed period may be cut off; strangers' addresses stand apart from them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)
CUT = "coalesce((SELECT max(last_entry) FROM audit_periods), 0)"

SQLITE = (
    "DROP TRIGGER IF EXISTS audit_log_no_delete",
    "DROP TRIGGER IF EXISTS audit_log_next",
    f"CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log WHEN OLD.id > {CUT}"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END",
    # INSERT OR REPLACE would delete without asking the trigger above.
    "CREATE TRIGGER audit_log_next BEFORE INSERT ON audit_log"  # noqa: S608 - constants
    f" WHEN NEW.id <> coalesce((SELECT max(id) FROM audit_log), {CUT}) + 1"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END",
    "CREATE TRIGGER audit_periods_no_update BEFORE UPDATE ON audit_periods"
    " BEGIN SELECT RAISE(ABORT, 'the audit log keeps its periods'); END",
    "CREATE TRIGGER audit_periods_no_delete BEFORE DELETE ON audit_periods"
    " BEGIN SELECT RAISE(ABORT, 'the audit log keeps its periods'); END",
)
POSTGRESQL = (
    "DROP TRIGGER IF EXISTS audit_log_append_only ON audit_log",
    f"""CREATE FUNCTION refuse_audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF OLD.id <= {CUT} THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'the audit log is append only' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR TRUNCATE ON audit_log"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER audit_log_cut_by_periods BEFORE DELETE ON audit_log"
    " FOR EACH ROW EXECUTE FUNCTION refuse_audit_delete()",
    "CREATE TRIGGER audit_periods_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_periods"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
)


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "audit_periods",
        sa.Column("last_entry", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.Column("period_seal", sa.String(64), nullable=False),
    )
    op.create_table(
        "stranger_addresses",
        sa.Column("entry_id", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
    )
    op.create_index("ix_stranger_addresses_at", "stranger_addresses", ["at"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
