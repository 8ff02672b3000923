"""The rules of backups: what goes into one, and that a store made of one is whole, or never served."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lib.orders_api.backup import postgresql, repository, sqlite
from lib.orders_api.backup.container import BackupError, Manifest, pack, store_in, verified, written_whole
from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.forgetting import Ledger, forget_again
from lib.orders_api.staff_sessions.service import end_all
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import record
from lib.orders_api.store.migrations import is_known, upgrade
from lib.settings import Settings


@dataclass(frozen=True)
class Restored:
    """What a store was made of, and how many of its customers were forgotten again."""

    manifest: Manifest
    forgotten: int


def back_up(api: Api, path: Path) -> Manifest:
    """Write the store, as it is at one instant, to a new file; it is served meanwhile.

    Raises:
        BackupError: the file is there, or the store can't be copied.
        LedgerError: the ledger of forgotten customers can't be read.
    """
    url, sqlite_store = api.settings.database_url, api.database.is_sqlite
    forgotten = Ledger.of(api.settings, api.sealer).count()
    with api.database.reading() as session:
        schema = repository.schema_of(session)
    engine = "sqlite" if sqlite_store else "postgresql"
    manifest = Manifest(engine, schema, api.clock().isoformat(), api.sealer.key_names[0], forgotten)
    with written_whole(path) as draft:
        with sqlite.copied(url, draft) if sqlite_store else postgresql.copied(url) as source:
            pack(draft, source, manifest, compress=sqlite_store)
        with api.database.writing() as session:
            record(session, api.own_act(), "store.backup", "OK")
    return verified(path)


def restore(settings: Settings, path: Path) -> Restored:
    """Make the empty store that `settings` names of a backup, and forget in it whoever was forgotten since.

    Raises:
        BackupError: the file is no whole backup, or not for this store; or the store is not empty.
        LedgerError: the ledger of forgotten customers can't be read.
    """
    settings = settings.with_secrets()
    url = settings.database_url
    place = sqlite if settings.is_sqlite else postgresql
    place.refuse_full(url)
    manifest = verified(path)
    _refuse_foreign(settings, path, manifest)
    with store_in(path) as source:
        if not settings.is_sqlite:
            postgresql.load(url, source)
            restored = _finish(settings, manifest)
            postgresql.finish(url)
            return restored
        # All work is done on a draft, which takes the store's name at the end: nobody serves half of it.
        draft = sqlite.write_draft(url, source)
    kept = {"database_url": f"sqlite:///{draft}", "forgotten_file": settings.ledger_path}
    restored = _finish(settings.model_copy(update=kept), manifest)
    sqlite.put_in_place(draft, url)
    return restored


def _refuse_foreign(settings: Settings, path: Path, manifest: Manifest) -> None:
    sealer = Sealer(*settings.code_keys)
    engine = "sqlite" if settings.is_sqlite else "postgresql"
    if manifest.engine != engine:
        raise BackupError(f"{path} is of {manifest.engine}, and ORDERS_DATABASE_URL names {engine}")
    if not is_known(manifest.schema):
        raise BackupError(f"{path} was made by a newer Order Desk, whose schema is {manifest.schema}")
    if manifest.key not in sealer.key_names:
        raise BackupError(f"{path} needs the key {manifest.key} in ORDERS_CODE_KEY, too")
    ledger = Ledger.of(settings, sealer)
    if len(ledger.entries()) < manifest.forgotten:
        raise BackupError(
            f"the ledger {ledger.path} names fewer forgotten customers than there were at the backup "
            f"({manifest.forgotten}): put the right one there, or they come back"
        )


def _finish(settings: Settings, manifest: Manifest) -> Restored:
    """Bring a restored store up to date, and let nothing live on in it that has ended since."""
    upgrade(settings.database_url, sealer=Sealer(*settings.code_keys))
    api = Api.from_settings(settings, patient=True)
    with closing(api.database):
        with api.database.writing() as session:
            repository.end_all_access(session)
            end_all(session, api.clock())
            record(session, api.own_act(), "store.restore", "OK", detail=f"as of {manifest.made_at}")
        return Restored(manifest, forget_again(api))
