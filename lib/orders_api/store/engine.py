"""Opens the store's two databases, set so that an acknowledged write is kept; it knows no table."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from lib.orders_api.store.deadline import LOCK_WAIT_SECONDS, request_id, seconds_left

FRESH_SECONDS = 1.0
"""A younger request waits as long as any connection does by itself: that spares most a statement."""
MOST_CONNECTIONS = 20
"""So many a process has: four processes stay below the 100 that PostgreSQL takes by default."""
_POOL = {"pool_size": 8, "max_overflow": MOST_CONNECTIONS - 8, "pool_use_lifo": True}
_IMPATIENT = " ".join(
    f"-c {name}={seconds}s"
    for name, seconds in (
        ("lock_timeout", int(LOCK_WAIT_SECONDS)),
        ("statement_timeout", 60),
        ("idle_in_transaction_session_timeout", 120),
    )
)
"""PostgreSQL's own patience: nobody waits for ever behind a transaction or a query that hangs."""


def create_store_engine(url: str, patient: bool = False) -> Engine:
    """Return an engine for an SQLite file or a PostgreSQL server, set so that an acknowledged write is kept.

    A `patient` one lets a statement take as long as it needs, as migrations must.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        # Compiling a query takes longer than any of ours runs; a plan made without looking at what is
        # searched for takes ten times as long where most orders share it.
        options = f"-c jit=off -c plan_cache_mode=force_custom_plan {'' if patient else _IMPATIENT}"
        connect_args = {"connect_timeout": 3, "options": options}
        engine = create_engine(
            parsed, pool_pre_ping=True, connect_args=connect_args, hide_parameters=True, **_POOL
        )
        event.listen(engine, "before_cursor_execute", _wait_no_longer_than_the_request_may)
        event.listen(engine, "begin", _name_the_request)
        return engine
    assert parsed.database  # noqa: S101 - the settings take no store in memory
    path = Path(parsed.database).absolute()
    _make_private(path)
    engine = create_engine(parsed, creator=partial(_open_sqlite, path), hide_parameters=True, **_POOL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "connect", partial(_note_file, path))
    event.listen(engine, "checkout", partial(_refuse_another_file, path))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: Path) -> None:
    """Make the file, for its owner's eyes only, before SQLite would make it for everybody's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _open_sqlite(path: Path) -> sqlite3.Connection:
    """Open a file that is there: one that was deleted must not come back empty."""
    uri = f"{path.as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=LOCK_WAIT_SECONDS, check_same_thread=False)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -65536",
        "mmap_size = 1073741824",
        "temp_store = MEMORY",
        # What is deleted would otherwise lie on in the file, a forgotten customer's address among it.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(seconds_left() * 1000)}")
    connection.exec_driver_sql(begin)


def _note_file(path: Path, _connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    record.info["file"] = _identity(path)


def _refuse_another_file(
    path: Path, _connection: sqlite3.Connection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Refuse a connection to a file that is no longer the one at the path: what is written there is lost.

    Raises:
        DisconnectionError: so it is; the pool then opens what is at the path now.
    """
    if record.info["file"] != _identity(path):
        raise DisconnectionError("the store's file was deleted or replaced")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _wait_no_longer_than_the_request_may(connection: Connection, *_: Any) -> None:
    """Shorten PostgreSQL's patience once a request has used up some of its own."""
    if (left := seconds_left()) < LOCK_WAIT_SECONDS - FRESH_SECONDS:
        # Not by the statement's own cursor: an export's is the server's, and declares whatever it is given.
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {max(int(left * 1000), 1)}")


def _name_the_request(connection: Connection) -> None:
    """Have PostgreSQL's log and pg_stat_activity say for which request a transaction is.

    A comment in each statement would say it too, but no statement would then be prepared: five of them took
    a tenth more processor time.
    """
    if named := request_id.get():
        connection.exec_driver_sql(f"SET LOCAL application_name = '{named}'")
