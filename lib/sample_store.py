"""Calls the Orders API's command line to make the store, and its sample orders once; it reads no order."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import IO

from lib.settings import DATA_DIR, DEFAULT_DATABASE_URL, Settings, SettingsError

SAMPLE_ORDERS = 5_000
ROOT = Path(__file__).parents[1]
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
    _run_to_its_end("migrate")
    if settings.demo_mode and (_SEEDING.exists() or _has_no_orders()):
        _SEEDING.touch()
        _run_to_its_end("seed", "--orders", str(SAMPLE_ORDERS))
        _SEEDING.unlink(missing_ok=True)


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


def _has_no_orders() -> bool:
    """Look into the demonstration's database, which is always the default SQLite file."""
    path = Path(DEFAULT_DATABASE_URL.removeprefix("sqlite:///")).absolute()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
        return connection.execute("SELECT 1 FROM orders LIMIT 1").fetchone() is None
