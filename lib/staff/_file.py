"""Reads and writes the staff file as it stands on disk; knows nothing of what an account means."""

import fcntl
import glob
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

from lib.staff.errors import StaffFileError

DRAFT_SECONDS = 3600.0
"""A draft that is older is nobody's any more."""


def read_raw(path: Path) -> dict[str, Any]:
    """Read the file's YAML, which has to be a mapping.

    Raises:
        StaffFileError: no file, unreadable, or not YAML; the text never quotes what the file holds.
    """
    text = read_text(path)
    if text is None:
        raise StaffFileError(f"{path} does not exist")
    return raw_of(text, path)


def read_text(path: Path) -> str | None:
    """Read the file as it stands; None where there is none.

    Raises:
        StaffFileError: it is unreadable.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise StaffFileError(f"{path} can't be read") from None


def raw_of(text: str, path: Path) -> dict[str, Any]:
    """Return the YAML of a staff file's text.

    Raises:
        StaffFileError: it is none; what is said names `path`, and never quotes what the text holds.
    """
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise StaffFileError(f"{path} is not YAML{f' (line {mark.line + 1})' if mark else ''}") from None
    if not isinstance(raw, dict):
        raise StaffFileError(f"{path} holds no accounts: it must have `credentials` and `cookie`")
    return raw


def text_of(raw: dict[str, Any]) -> str:
    """Return a staff file's text."""
    return yaml.safe_dump(raw, sort_keys=False, allow_unicode=True)


def write_text(
    path: Path, text: str, *, replace: bool = True, first: Callable[[], None] | None = None
) -> bool:
    """Write a file whole or not at all, mode 0600; with `replace` off leave one that exists alone.

    `first` is called once the text is safely on the disk beside it; if it raises, nothing has changed.

    Returns:
        Whether it was this call that wrote it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    _clear_away(path)
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if first is not None:
            first()
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _clear_away(path: Path) -> None:
    """Delete the drafts of processes that were killed while they wrote: they hold what the file holds."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.[0-9]*.*"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                draft.unlink()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock, so that of several commands at once none loses another's change."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
