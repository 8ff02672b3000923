"""What the commands of the Orders API share: the store, and one clear line for what can't be done."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DatabaseError

from lib.orders_api.app.server import CannotServeError
from lib.orders_api.backup import BackupError
from lib.orders_api.domain.errors import NewerSchemaError, StoreUnavailableError
from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.forgetting import LedgerError
from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.store.api import Api
from lib.orders_api.store.db import Database
from lib.orders_api.store.migrations import is_current, is_unfinished, refuse_newer, upgrade
from lib.settings import Settings, SettingsError


def fail(reason: str) -> typer.Exit:
    """Say in one line why a command can't be done; raise what this gives."""
    typer.echo(f"Error: {reason}", err=True)
    return typer.Exit(1)


def progress_bars() -> Progress:
    """Return what shows on the error stream how far a command is; to be used as a context manager."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=False)


@contextmanager
def one_clear_line() -> Iterator[None]:
    """Turn what may be wrong with settings, files and the store into one line, and a non-zero status."""
    try:
        yield
    except (SettingsError, CannotServeError, ImportFileError, BackupError, LedgerError) as error:
        raise fail(str(error)) from None
    except NewerSchemaError:
        raise fail(
            "the database was made by a newer version of Order Desk: install that one, or restore a backup"
        ) from None
    except (StoreUnavailableError, DatabaseError, sqlite3.Error):
        raise fail("the database can't be reached or read; see ORDERS_DATABASE_URL") from None
    except OSError as error:
        raise fail(": ".join(filter(None, (error.strerror, error.filename)))) from None


def sealer_of(settings: Settings) -> Sealer:
    """Return what seals the audit log of a store that is migrated.

    Raises:
        SettingsError: the key is missing.
    """
    known = settings.with_secrets() if settings.is_sqlite else settings
    return Sealer(*known.code_keys)


@contextmanager
def open_store(settings: Settings) -> Iterator[Database]:
    """Open the store, migrated: an SQLite file by itself, a server by `migrate` only."""
    if settings.is_sqlite:
        upgrade(settings.database_url, sealer=sealer_of(settings))
    database = Database(settings.database_url, patient=True)
    try:
        with database.reading() as session:
            if is_unfinished(session):
                raise fail("a restore was cut off in this database: run it again, into a new, empty one")
            refuse_newer(session.connection())
            current = is_current(session)
        if not current:
            raise fail("the database's schema is not current: run `python -m lib.orders_api migrate` first")
        yield database
    finally:
        database.close()


@contextmanager
def open_api() -> Iterator[Api]:
    """Open the store, migrated, with clock and keys, for a command that takes its time."""
    with one_clear_line():
        settings = Settings.from_env()
        with open_store(settings):
            pass
        api = Api.from_settings(settings, patient=True)
        try:
            yield api
        finally:
            api.database.close()
