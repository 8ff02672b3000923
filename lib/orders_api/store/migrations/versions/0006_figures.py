"""Figures of orders and their changes of status, kept by the database in the transaction of each change."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ORDER_KEYS = ("status", "payment_status", "fulfillment_status", "shipping_country", "currency")
STEP_KEYS = ("from_status", "to_status", "reason", "shipping_country", "currency")
MOVES = ("shipping_country", "currency", "cancel_reason")
CHANGED = ", ".join((*ORDER_KEYS, "grand_total", "created_at"))


def _order_change(row: str, quarter: str, sign: str) -> str:
    keys = ", ".join(f"{row}.{key}" for key in ORDER_KEYS)
    return (
        f"INSERT INTO figure_changes (quarter, {', '.join(ORDER_KEYS)}, orders, total)"  # noqa: S608 - constants
        f" VALUES ({quarter}, {keys}, {sign}1, {sign}{row}.grand_total);"
    )


def _seconds(time: str, sqlite: bool) -> str:
    return (
        f"CAST(strftime('%s', {time}) AS INTEGER)" if sqlite else f"floor(extract(epoch FROM {time}))::bigint"
    )


def _quarter(time: str, sqlite: bool) -> str:
    return f"{_seconds(time, sqlite)} / 900"


def _hours(start: str, end: str, sqlite: bool) -> str:
    """Return whole hours from start to end, a part of one counting as one; none for clocks that went back."""
    hours = f"({_seconds(end, sqlite)} - {_seconds(start, sqlite)} + 3599) / 3600"
    return f"max({hours}, 0)" if sqlite else f"greatest({hours}, 0)"


def _status(row: str, sqlite: bool) -> str:
    """Read the status out of a row of the timeline: `PENDING`, or `PENDING → CANCELLED: …`."""
    if not sqlite:
        after = f"split_part(split_part({row}.detail, ' → ', 2), ':', 1)"
        return f"CASE {row}.kind WHEN 'CREATED' THEN {row}.detail ELSE {after} END"
    after = f"substr({row}.detail, instr({row}.detail, ' → ') + 3)"
    return (
        f"CASE {row}.kind WHEN 'CREATED' THEN {row}.detail"
        f" ELSE substr({after}, 1, instr({after} || ':', ':') - 1) END"
    )


def _step(sqlite: bool) -> str:
    """Count a change of status, and note since when the order has its new one."""
    status = _status("new", sqlite)
    return f"""
        INSERT INTO step_changes (quarter, {", ".join(STEP_KEYS)}, hours, steps)
            SELECT {_quarter("new.at", sqlite)}, coalesce(s.status, ''), {status}, {_reason(status, "o")},
                o.shipping_country, o.currency, coalesce({_hours("s.since", "new.at", sqlite)}, 0), 1
            FROM orders o LEFT JOIN order_stays s ON s.order_id = o.id WHERE o.id = new.order_id;
        INSERT INTO order_stays (order_id, status, since) VALUES (new.order_id, {status}, new.at)
            ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, since = excluded.since;
    """  # noqa: S608 - constants


def _reason(status: str, order: str) -> str:
    return f"CASE {status} WHEN 'CANCELLED' THEN coalesce({order}.cancel_reason, '') ELSE '' END"


def _all_steps(which: str, order: str, sign: str, sqlite: bool) -> str:
    """Count the changes of status that the timeline holds, read afresh."""
    return f"""
        INSERT INTO step_changes (quarter, {", ".join(STEP_KEYS)}, hours, steps)
        SELECT quarter, coalesce(from_status, ''), to_status, {_reason("to_status", order)},
            {order}.shipping_country, {order}.currency, coalesce(hours, 0), {sign}1
        FROM (
            SELECT order_id, {_quarter("at", sqlite)} AS quarter, {_status("t", sqlite)} AS to_status,
                lag({_status("t", sqlite)}) OVER w AS from_status,
                {_hours("lag(at) OVER w", "at", sqlite)} AS hours
            FROM timeline t WHERE kind IN ('CREATED', 'STATUS_CHANGED') {which}
            WINDOW w AS (PARTITION BY order_id ORDER BY id)
        ) AS steps
    """  # noqa: S608 - constants


def _moved(sqlite: bool) -> str:
    """Take an order's changes of status from one country, currency or reason to another."""
    which = "AND order_id = new.id"
    return f"{_all_steps(which, 'old', '-', sqlite)}; {_all_steps(which, 'new', '', sqlite)};"


def _gone(sqlite: bool) -> str:
    return _all_steps("AND order_id = old.id", "old", "-", sqlite) + ";"


IS_STEP = "new.kind IN ('CREATED', 'STATUS_CHANGED')"


def _sqlite() -> tuple[str, ...]:
    came = _order_change("new", _quarter("new.created_at", sqlite=True), "")
    went = _order_change("old", _quarter("old.created_at", sqlite=True), "-")
    return (
        f"CREATE TRIGGER figures_insert AFTER INSERT ON orders BEGIN {came} END",
        f"CREATE TRIGGER figures_update AFTER UPDATE OF {CHANGED} ON orders BEGIN {went} {came} END",
        # Before: afterwards the order's timeline is gone.
        f"CREATE TRIGGER figures_delete BEFORE DELETE ON orders BEGIN {went} {_gone(sqlite=True)} END",
        f"CREATE TRIGGER figures_move AFTER UPDATE OF {', '.join(MOVES)} ON orders"
        f" WHEN {' OR '.join(f'old.{each} IS NOT new.{each}' for each in MOVES)}"
        f" BEGIN {_moved(sqlite=True)} END",
        f"CREATE TRIGGER figures_step AFTER INSERT ON timeline WHEN {IS_STEP} BEGIN {_step(sqlite=True)} END",
    )


def _postgresql() -> tuple[str, ...]:
    came = _order_change("new", _quarter("new.created_at", sqlite=False), "")
    went = _order_change("old", _quarter("old.created_at", sqlite=False), "-")
    head = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    each = "FOR EACH ROW EXECUTE FUNCTION"
    return (
        f"CREATE FUNCTION figures_came() {head} {came} RETURN NULL; END $$",
        f"CREATE FUNCTION figures_changed() {head} {went} {came} RETURN NULL; END $$",
        f"CREATE FUNCTION figures_gone() {head} {went} {_gone(sqlite=False)} RETURN old; END $$",
        f"CREATE FUNCTION figures_moved() {head} {_moved(sqlite=False)} RETURN NULL; END $$",
        f"CREATE FUNCTION figures_step() {head} {_step(sqlite=False)} RETURN NULL; END $$",
        f"CREATE TRIGGER figures_insert AFTER INSERT ON orders {each} figures_came()",
        f"CREATE TRIGGER figures_update AFTER UPDATE OF {CHANGED} ON orders {each} figures_changed()",
        f"CREATE TRIGGER figures_delete BEFORE DELETE ON orders {each} figures_gone()",
        f"CREATE TRIGGER figures_move AFTER UPDATE OF {', '.join(MOVES)} ON orders FOR EACH ROW"
        f" WHEN ({' OR '.join(f'old.{each} IS DISTINCT FROM new.{each}' for each in MOVES)})"
        " EXECUTE FUNCTION figures_moved()",
        f"CREATE TRIGGER figures_step AFTER INSERT ON timeline FOR EACH ROW WHEN ({IS_STEP})"
        " EXECUTE FUNCTION figures_step()",
    )


def _figures_table(name: str, keys: tuple[str, ...], *sums: str) -> None:
    op.create_table(
        name,
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        *(sa.Column(key, sa.String(30), nullable=False) for key in keys),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in sums),
        sa.PrimaryKeyConstraint(
            "minutes", "shipping_country", "starts", *(k for k in keys if k != "shipping_country")
        ),
        sqlite_with_rowid=False,
    )
    # Kinds of which none is left are cleared away, and found by this.
    empty = sa.text(f"{sums[0]} = 0")
    op.create_index(f"ix_{name}_empty", name, [sums[0]], sqlite_where=empty, postgresql_where=empty)


def _changes_table(name: str, keys: tuple[str, ...], *sums: str) -> None:
    op.create_table(
        name,
        sa.Column("id", BIG, sa.Identity(), primary_key=True),
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        *(sa.Column(key, sa.String(30), nullable=False) for key in keys),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in sums),
    )


def upgrade() -> None:
    """Apply this change, and count what there is."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        # What others commit between the counting and the triggers would be in neither.
        op.execute("LOCK TABLE orders, timeline IN SHARE ROW EXCLUSIVE MODE")
    _changes_table("figure_changes", ORDER_KEYS, "orders", "total")
    _figures_table("figures", ORDER_KEYS, "orders", "total")
    _changes_table("step_changes", STEP_KEYS, "hours", "steps")
    _figures_table("step_figures", STEP_KEYS, "steps")
    op.create_table(
        "stay_figures",
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(30), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("stays", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "status", "hours"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_stays",
        sa.Column(
            "order_id",
            BIG,
            sa.ForeignKey("orders.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("status", sa.String(30), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_order_stays_since", "order_stays", ["status", "since", "order_id"])
    keys = ", ".join(ORDER_KEYS)
    op.execute(
        f"INSERT INTO figure_changes (quarter, {keys}, orders, total)"  # noqa: S608 - constants
        f" SELECT {_quarter('created_at', sqlite)}, {keys}, 1, grand_total FROM orders"
    )
    steps = _all_steps("", "o", "", sqlite)
    op.execute(f"{steps} JOIN orders o ON o.id = steps.order_id")
    last = "SELECT max(id) FROM timeline WHERE kind IN ('CREATED', 'STATUS_CHANGED') GROUP BY order_id"
    op.execute(
        "INSERT INTO order_stays (order_id, status, since)"  # noqa: S608 - constants
        f" SELECT order_id, {_status('t', sqlite)}, at FROM timeline t WHERE id IN ({last})"
    )
    for statement in _sqlite() if sqlite else _postgresql():
        op.execute(statement)
