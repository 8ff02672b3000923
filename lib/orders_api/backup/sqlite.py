"""Copies an SQLite store while it is served, and puts a copy in an empty store's place."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from lib.orders_api.backup.container import BackupError, sync_folder

LOGS = ("-wal", "-shm", "-journal")


def path_of(url: str) -> Path:
    """Return the file of an SQLite store."""
    return Path(make_url(url).database or "").absolute()


@contextmanager
def copied(url: str, draft: Path) -> Iterator[IO[bytes]]:
    """Return the store as it is at one instant, without holding up who writes; its copy is beside `draft`."""
    copy = draft.with_name(f"{draft.name}.store")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"{path_of(url).as_uri()}?mode=rw", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)  # at one go: in steps it would begin anew after each write of others
            target.execute("PRAGMA journal_mode = DELETE")
        with open(copy, "rb") as file:
            yield file
    finally:
        copy.unlink()


def refuse_full(url: str) -> None:
    """Refuse a store in which there is something.

    Raises:
        BackupError: so it is.
    """
    path = path_of(url)
    if path.exists() and path.stat().st_size:
        with closing(sqlite3.connect(path)) as store:
            if store.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise BackupError(f"the store is not empty: move {path} away first")


def write_draft(url: str, source: IO[bytes]) -> Path:
    """Write a store beside where it is to be served; return where.

    Raises:
        BackupError: SQLite finds it damaged.
    """
    path = path_of(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.restoring")
    draft.unlink(missing_ok=True)
    _remove_logs(draft)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(source, file)
    try:
        with closing(sqlite3.connect(draft)) as store:
            sound = store.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise BackupError("the store in the backup is damaged")
    return draft


def put_in_place(draft: Path, url: str) -> None:
    """Rename a whole store to the name under which it is served, in one step."""
    refuse_full(url)
    with closing(sqlite3.connect(draft)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute("PRAGMA journal_mode = DELETE")
    path = path_of(url)
    _remove_logs(draft)
    _remove_logs(path)
    with open(draft, "rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path)


def _remove_logs(path: Path) -> None:
    """Remove what SQLite left beside a file that is there no more."""
    for suffix in LOGS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
