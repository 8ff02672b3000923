"""Finds and wipes what the store holds about an email address; the only place with SQL about it."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, Select, String, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.store.order_numbers import exact_first, is_named
from lib.orders_api.store.sealed_texts import sealed_texts
from lib.orders_api.store.tables.audit import AuditEntry, StrangerAddress
from lib.orders_api.store.tables.base import Base
from lib.orders_api.store.tables.guest import AccessCode, AccessRequest, AccessToken, ContactUnlock
from lib.orders_api.store.tables.idempotency import IdempotencyRecord
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.orders_api.store.tables.orders import Order, TimelineEntry
from lib.orders_api.store.tables.preferences import StaffPreference
from lib.orders_api.store.tables.privacy import LedgerLine

_WITHOUT_SYNC = {"synchronize_session": False}

_INDEXES = ("order_search", "order_contacts")
MERGE_PAGES = 500
_STATISTICS = text(
    "SELECT concat(most_common_vals, histogram_bounds) FROM pg_stats WHERE schemaname = current_schema()"
)

Opened = Callable[[bytes], str]
Names = Callable[[str], bool]
"""Returns whether a text names the customer."""
CHECKPOINTS, BETWEEN_SECONDS = 50, 0.1
"""For five seconds a reader of an older state is waited for."""
_EMPTIED = {
    "access_codes": ["email_key"],
    "access_tokens": ["email_key"],
    "idempotency_keys": ["caller", "key"],
}
"""Tables that may have no row left, and their columns of text."""


def orders_of(session: Session, email_key: str, until: datetime | None = None) -> Sequence[Order]:
    """Return the whole orders of an address, perhaps up to a time, locked until the transaction ends."""
    theirs = _whole_orders().where(Order.email_key == email_key).order_by(Order.id)
    return session.scalars(theirs if until is None else theirs.where(Order.created_at <= until)).all()


def addresses(session: Session) -> Sequence[str]:
    """Return all addresses of orders, in the form in which they are compared."""
    keys = select(Order.email_key).where(Order.email_key.is_not(None)).distinct()
    return [key for key in session.scalars(keys) if key]


def numbers_without_email(session: Session) -> Sequence[str]:
    """Return the numbers of all orders without an email, as they are compared."""
    return session.scalars(select(Order.order_number_key).where(Order.email_key.is_(None))).all()


def order_named(session: Session, number: str) -> Order | None:
    """Return the whole order with this number, locked until the transaction ends."""
    return session.scalar(_whole_orders().where(is_named(number)).order_by(exact_first(number)).limit(1))


def ledger_lines(session: Session) -> set[str]:
    """Return what the ledgers of all machines say, as far as they were united."""
    return set(session.scalars(select(LedgerLine.line)))


def keep_ledger_lines(session: Session, lines: Collection[str]) -> None:
    """Keep what a ledger says for those of other machines; several processes may do so at once."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    # In one order, lest two wait for each other.
    values = [{"line": line} for line in sorted(lines)]
    session.execute(insert(LedgerLine).on_conflict_do_nothing(), values)


def _whole_orders() -> Select[Order]:
    parts = (selectinload(Order.items), selectinload(Order.addresses), selectinload(Order.texts))
    return select(Order).options(*parts).with_for_update(key_share=True)


def timeline_of(session: Session, order_ids: Collection[int]) -> Sequence[TimelineEntry]:
    """Return all that happened to these orders."""
    return session.scalars(select(TimelineEntry).where(TimelineEntry.order_id.in_(order_ids))).all()


def end_access(session: Session, order_ids: Collection[int], spellings: Collection[str]) -> int:
    """Delete the codes, tokens and unlocks of these orders, or of an address; return how many there were.

    The emails with codes go first: they would otherwise go unseen, along with their codes.
    """
    theirs = {
        table: or_(table.order_id.in_(order_ids), table.email_key.in_(spellings))
        for table in (AccessCode, AccessToken)
    }
    coded = OutboxMessage.access_code_id.in_(select(AccessCode.id).where(theirs[AccessCode]))
    session.execute(delete(OutboxMessage).where(coded))
    ended = 0
    for table, whose in (*theirs.items(), (ContactUnlock, ContactUnlock.order_id.in_(order_ids))):
        gone = session.execute(
            delete(table).where(whose).returning(table.order_id), execution_options=_WITHOUT_SYNC
        )
        ended += len(gone.all())
    return ended


def drop_addresses(session: Session, number_keys: Collection[str]) -> None:
    """Forget from where these orders' customers called, as far as it is still kept."""
    theirs = select(AuditEntry.id).where(AuditEntry.order_number_key.in_(number_keys))
    session.execute(
        delete(StrangerAddress).where(StrangerAddress.entry_id.in_(theirs)), execution_options=_WITHOUT_SYNC
    )


def wipe_mails(
    session: Session, order_ids: Collection[int], spellings: Collection[str], recipient: str
) -> int:
    """Take address and text out of the emails of these orders, and send none of them any more.

    So with emails that told the same address of an alarm, for a customer may be of the shop's own people, or
    that an order has another address now. What was written for an order that keeps the address stays.
    """
    keeping = select(Order.id).where(Order.email_key.in_(spellings))
    elsewhere = or_(OutboxMessage.order_id.is_(None), OutboxMessage.order_id.not_in(keeping))
    theirs = or_(
        OutboxMessage.order_id.in_(order_ids),
        and_(func.lower(OutboxMessage.recipient).in_(spellings), elsewhere),
    )
    session.execute(
        update(OutboxMessage)
        .where(theirs, OutboxMessage.state == "WAITING")
        .values(state="DEAD", sealed_body=None),
        execution_options=_WITHOUT_SYNC,
    )
    wiped = session.execute(
        update(OutboxMessage)
        .where(theirs)
        .values(recipient=recipient, last_error=None)
        .returning(OutboxMessage.id),
        execution_options=_WITHOUT_SYNC,
    )
    return len(wiped.all())


def drop_sealed(session: Session, opened: Opened, names: Names) -> int:
    """Delete kept answers and code requests that name the customer; return how many did."""
    dropped = 0
    for row in _sealed_rows(session):
        sealed = _sealed_part(row)
        if sealed and names(opened(sealed)):
            session.delete(row)
            dropped += 1
    return dropped


def drop_preferences(session: Session, names: Names) -> None:
    """Delete what staff had the dashboard remember, such as a view, where it names the customer."""
    for row in session.scalars(select(StaffPreference)).all():
        if names(f"{row.name} {row.value}"):
            session.delete(row)


def _sealed_rows(session: Session) -> Iterator[AccessRequest | IdempotencyRecord]:
    yield from session.scalars(select(AccessRequest)).all()
    yield from session.scalars(select(IdempotencyRecord)).all()


def places_with(session: Session, opened: Opened, names: Names, spellings: Collection[str]) -> dict[str, int]:
    """Count the rows that name the customer, by column, the sealed ones together; no place without any."""
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String):
                found[f"{table.name}.{column.name}"] = _count_with(session, column, names, spellings)
    found["sealed"] = sum(names(opened(each)) for each in sealed_texts(session))
    if session.get_bind().dialect.name == "postgresql":
        found["pg_stats"] = sum(names(each) for each in session.scalars(_STATISTICS))
    return {place: count for place, count in found.items() if count}


def _count_with(
    session: Session, column: ColumnElement[str], names: Names, spellings: Collection[str]
) -> int:
    values = select(column).where(column.is_not(None))
    # Neither database takes the case off every letter as Python does.
    if all(spelling.isascii() for spelling in spellings):
        lower = func.lower(column)
        values = values.where(or_(*(lower.contains(spelling, autoescape=True) for spelling in spellings)))
    return sum(map(names, session.scalars(values)))


def _sealed_part(row: AccessRequest | IdempotencyRecord) -> bytes | None:
    return row.sealed if isinstance(row, AccessRequest) else row.sealed_answer


def leave_no_search_text(session: Session) -> None:
    """Leave no text that an order no longer has: SQLite's search index only crosses them out."""
    session.flush()
    _tell_index(session, "optimize")


def merge_search_text(session: Session, step: int) -> bool:
    """Do the same in small steps, counted from 0; return whether there may be more to do."""
    if session.get_bind().dialect.name != "sqlite":
        return False
    changes = text("SELECT total_changes()")
    before = int(session.scalars(changes).one())
    _tell_index(session, "merge", MERGE_PAGES if step else -MERGE_PAGES)
    return int(session.scalars(changes).one()) - before > 2 * len(_INDEXES)


def _tell_index(session: Session, what: str, rank: int = 0) -> None:
    if session.get_bind().dialect.name == "sqlite":
        for index in _INDEXES:
            statement = f"INSERT INTO {index}({index}, rank) VALUES (:what, :rank)"  # noqa: S608 - constants
            session.execute(text(statement), {"what": what, "rank": rank})


def leave_no_old_pages(engine: Engine) -> int:
    """Do so, and return how many pages can't go yet.

    SQLite's log is moved into its file. That can't be while somebody reads an older state, who is waited for
    by turns: others write meanwhile. PostgreSQL's dead rows go, and the values that its statistics keep.
    """
    if engine.dialect.name == "postgresql":
        _vacuum(engine)
        return 0
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        for turn in range(CHECKPOINTS):
            if turn:
                time.sleep(BETWEEN_SECONDS)
            busy, pages, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return 0
        return max(int(pages), 1)
    finally:
        raw.close()


def _vacuum(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (ANALYZE) {', '.join(Base.metadata.tables)}"))
    # ANALYZE leaves the statistics of a table without rows as they were. A new type for a column ends them.
    for table, columns in _EMPTIED.items():
        with suppress(OperationalError), engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            if connection.scalar(text(f"SELECT NOT EXISTS (SELECT FROM {table})")):  # noqa: S608 - constants
                for column in columns:
                    connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE text"))
