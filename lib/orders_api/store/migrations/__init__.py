"""Brings the store's schema up to date by Alembic, and tells whether it is."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import NewerSchemaError
from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.store.engine import create_store_engine

__all__ = ["UNFINISHED", "is_current", "is_known", "is_unfinished", "refuse_newer", "upgrade"]

UNFINISHED = "unfinished_restore"
"""While a table of this name is there, the store is being made of a backup, and nobody may serve it."""

Progress = Callable[[str, int, int], None]
_HERE = Path(__file__).parent


def upgrade(database_url: str, on_progress: Progress | None = None, sealer: Sealer | None = None) -> None:
    """Bring the database at `database_url` to the current schema; a current one is left as it is.

    What takes long tells `on_progress` what it is, how far it is, and how much there is. Without `sealer`
    the audit log of a new store is not sealed from its beginning on, and its check says so.

    Raises:
        NewerSchemaError: it has the schema of a newer version.
    """
    engine = create_store_engine(database_url, patient=True)
    try:
        with engine.connect() as connection:
            refuse_newer(connection)
            connection.commit()  # the migrations begin transactions of their own
            config = _config(connection)
            config.attributes.update({"on_progress": on_progress, "sealer": sealer})
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def refuse_newer(connection: Connection) -> None:
    """Refuse a schema that this version does not know.

    Raises:
        NewerSchemaError: so it is.
    """
    applied = MigrationContext.configure(connection).get_current_heads()
    if not all(map(is_known, applied)):
        raise NewerSchemaError


def is_current(session: Session) -> bool:
    """Return whether the schema is the current one, and all of the store is there."""
    applied = MigrationContext.configure(session.connection()).get_current_heads()
    return set(applied) == _heads() and not is_unfinished(session)


def is_unfinished(session: Session) -> bool:
    """Return whether the store is being made of a backup, or that was cut off."""
    return inspect(session.connection()).has_table(UNFINISHED)


def is_known(revision: str) -> bool:
    """Return whether a schema is the current one or an older one, and not a newer one."""
    return revision in _revisions()


@cache
def _revisions() -> set[str]:
    """Return all revisions; once a process, because all migrations are imported for it."""
    return {each.revision for each in ScriptDirectory(str(_HERE)).walk_revisions()}


@cache
def _heads() -> set[str]:
    """Return the newest revision; once a process, as above."""
    return set(ScriptDirectory(str(_HERE)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    # Alembic reads its options with %-interpolation, which a folder's name must not trip over.
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
