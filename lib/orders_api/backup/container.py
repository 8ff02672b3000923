"""The file of a backup: a ZIP with the store and, written last, what it is; it knows no database."""

import fcntl
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

AT_ONCE = 1 << 20
STORE, MANIFEST = "store", "manifest.json"
FORMAT = 1


class BackupError(Exception):
    """A backup can't be made or used; the text says why, in one line."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is: of which engine and schema, from when, under which key, with what check."""

    engine: str
    schema: str
    made_at: str
    key: str
    forgotten: int
    """How many entries the ledger of forgotten customers had."""
    size: int = 0
    sha256: str = ""
    format: int = FORMAT


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Return the name of a draft beside `path`, which becomes `path` at the end, or never.

    Raises:
        BackupError: there is something at `path` already, or another process is writing it.
    """
    if path.exists():
        raise BackupError(f"{path} is there already: nothing is overwritten")
    draft = path.with_name(f"{path.name}.part")
    with open(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupError(f"another process is writing {draft}") from None
        file.truncate()
        try:
            yield draft
            os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            draft.unlink()
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Have the disk keep the name of a file, too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def pack(draft: Path, source: IO[bytes], manifest: Manifest, *, compress: bool) -> None:
    """Write a backup; what is cut off on the way is no ZIP, whose list of contents comes last."""
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(draft, "w", method, compresslevel=1) as archive:
        with archive.open(STORE, "w", force_zip64=True) as target:
            size, digest = _copy(source, target)
        whole = Manifest(**{**asdict(manifest), "size": size, "sha256": digest})
        archive.writestr(MANIFEST, json.dumps(asdict(whole), indent=1))


def verified(path: Path) -> Manifest:
    """Read a whole backup, and return what it is.

    Raises:
        BackupError: it is no backup of ours, not whole, or changed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            with archive.open(STORE) as source:
                found = _copy(source, None)
    except FileNotFoundError:
        raise BackupError(f"there is no {path}") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, EOFError):
        raise BackupError(f"{path} is no whole backup: it was cut off, changed, or never was one") from None
    if manifest.format != FORMAT or found != (manifest.size, manifest.sha256):
        raise BackupError(f"{path} is not as it was written: its checksum differs")
    return manifest


@contextmanager
def store_in(path: Path) -> Iterator[IO[bytes]]:
    """Return the store in a verified backup, to be read."""
    with zipfile.ZipFile(path) as archive, archive.open(STORE) as source:
        yield source


def _copy(source: IO[bytes], target: IO[bytes] | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(AT_ONCE):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return size, digest.hexdigest()
