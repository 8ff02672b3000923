"""Calls the Orders API's command line to make the store, and its sample orders once; it reads no order."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import IO

from lib.settings import DATA_DIR, Settings, SettingsError

SAMPLE_ORDERS = 5_000
ROOT = Path(__file__).parents[1]
_MIGRATIONS = ROOT / "lib" / "orders_api" / "store" / "migrations" / "versions"
_SEEDING = DATA_DIR / ".seeding"  # there while sample orders are being made: a later run has to finish them
# `-m` would need this folder to be the current one, which data/ is kept under, not the code.
_RUN_MODULE = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module('lib.orders_api', run_name='__main__', alter_sys=True)"
)


class StoreError(SettingsError):
    """The store could not be made; the command's own words stand on the terminal."""


def prepare_store(settings: Settings) -> None:
    """Bring the database to the current schema; in the demonstration, fill an empty one with sample orders.

    A run that was cut off in the middle is finished by the next one.

    Raises:
        StoreError: a command failed.
    """
    store = Path(settings.database_url.removeprefix("sqlite:///"))
    schema = _look(store, "SELECT version_num FROM alembic_version") if settings.is_sqlite else None
    is_empty = not store.exists() or _look(store, "SELECT NOT EXISTS (SELECT 1 FROM orders)")
    if settings.demo_mode and (is_empty or _SEEDING.exists()):
        _SEEDING.touch()
        _run_to_its_end("seed", "--orders", str(SAMPLE_ORDERS))  # migrates, too
        _SEEDING.unlink(missing_ok=True)
    elif schema != _newest_schema():
        _run_to_its_end("migrate")


def run_orders_api(*arguments: str, log: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start `python -m lib.orders_api` with our settings: a pipe as its input, `log` as its output.

    It stands in a session of its own, so that Ctrl-C in a terminal reaches us alone.
    """
    return subprocess.Popen(  # noqa: S603  # our own program and words
        [sys.executable, "-c", _RUN_MODULE, str(ROOT), *arguments],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        start_new_session=log is not None,
    )


def _run_to_its_end(*arguments: str) -> None:
    with run_orders_api(*arguments) as process:
        try:
            status = process.wait()
        except BaseException:
            process.kill()
            raise
    if status != 0:
        raise StoreError(f"`python -m lib.orders_api {arguments[0]}` failed (status {status}).")


def _newest_schema() -> str:
    """Read it off the names of the migrations: starting a process that finds nothing to do takes seconds."""
    return max(path.name[:4] for path in _MIGRATIONS.glob("[0-9]*.py"))


def _look(store: Path, statement: str) -> object:
    """Return what an SQLite file answers, None where it can't: the commands will say why."""
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            return next(iter(connection.execute(statement).fetchone() or ()), None)
    except sqlite3.Error:
        return None
