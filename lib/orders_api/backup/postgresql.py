"""Copies a PostgreSQL store by pg_dump while it is served, and fills an empty one by pg_restore."""

import glob
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from sqlalchemy import inspect, make_url, text

from lib.orders_api.backup.container import BackupError
from lib.orders_api.store.engine import create_store_engine
from lib.orders_api.store.migrations import UNFINISHED


@contextmanager
def copied(url: str) -> Iterator[IO[bytes]]:
    """Return the store as it is at one instant, to be read, without holding up who writes.

    Raises:
        BackupError: pg_dump is missing, or can't.
    """
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-unlogged-table-data"]
    with _running(url, "pg_dump", *options) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        yield process.stdout


def refuse_full(url: str) -> None:
    """Refuse a database in which there is a table.

    Raises:
        BackupError: so it is.
    """
    engine = create_store_engine(url, patient=True)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
    engine.dispose()
    if tables - {UNFINISHED}:
        cut_off = ": a restore was cut off in it" if UNFINISHED in tables else ""
        raise BackupError(f"the store is not empty{cut_off}; give ORDERS_DATABASE_URL a new, empty database")


def load(url: str, source: IO[bytes]) -> None:
    """Fill an empty database, all or nothing, and mark it as unfinished, so that nobody serves it yet.

    Raises:
        BackupError: pg_restore is missing, or can't.
    """
    _do(url, f"CREATE TABLE IF NOT EXISTS {UNFINISHED} ()")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
    with _running(url, "pg_restore", *options) as process, suppress(BrokenPipeError):
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        shutil.copyfileobj(source, process.stdin)
        process.stdin.close()


def finish(url: str) -> None:
    """Mark a database as whole, so that it may be served."""
    _do(url, f"DROP TABLE {UNFINISHED}")


def _do(url: str, statement: str) -> None:
    """Run a statement of ours in a transaction of its own."""
    engine = create_store_engine(url, patient=True)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def _running(url: str, program: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of PostgreSQL's; the password goes by a file without a name, for its eyes only.

    Raises:
        BackupError: it is missing, or failed.
    """
    parsed = make_url(url)
    password = str(parsed.password or "").replace("\\", "\\\\").replace(":", "\\:")
    with tempfile.TemporaryFile() as passwords, tempfile.TemporaryFile() as said:
        passwords.write(f"*:*:*:*:{password}\n".encode())
        passwords.seek(0)
        query = {**parsed.query, "passfile": f"/dev/fd/{passwords.fileno()}"}
        address = parsed.set(drivername="postgresql", query=query)._replace(password=None)
        process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own, found on this machine
            [_found(program), f"--dbname={address.render_as_string()}", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            pass_fds=[passwords.fileno()],
        )
        with process:
            yield process
        if process.returncode:
            said.seek(0)
            line = said.readline().decode(errors="replace").strip()
            raise BackupError(line or f"{program} failed")


def _found(program: str) -> str:
    """Return the newest of the programs of this name: an older one than the server refuses to work."""
    places = glob.glob(f"/usr/lib/postgresql/*/bin/{program}") + glob.glob(f"/usr/pgsql-*/bin/{program}")
    newest = sorted(places, key=lambda place: [int(part) for part in place.split("/") if part.isdigit()])
    found = newest[-1] if newest else shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is missing: install PostgreSQL's client programs")
    return found
