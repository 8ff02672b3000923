"""Says what came of an import, and lists the rejected records beside the file; it decides nothing."""

import csv
import os
import stat
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Self

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.spool import Spool

REJECTED_COLUMNS = ("line", "reason")


@dataclass
class Outcome:
    """What became of the orders of a file: how many were added, were there as they are, were updated.

    Those that differ, and were not updated, are named with what differs; so are those that were updated
    although it was a step back.
    """

    added: int = 0
    already_there: int = 0
    updated: int = 0
    differing: list[str] = field(default_factory=list)
    stepped_back: list[str] = field(default_factory=list)

    def add(self, other: Self) -> None:
        """Count another outcome in."""
        self.added += other.added
        self.already_there += other.already_there
        self.updated += other.updated
        self.differing += other.differing
        self.stepped_back += other.stepped_back


@dataclass(frozen=True)
class ImportReport:
    """What came of an import."""

    kind: str
    """What the file was."""
    outcome: Outcome
    rejected: int
    """How many rows or values were rejected."""
    rejected_path: Path | None
    hints: list[str]

    @property
    def added(self) -> int:
        """Return how many orders were added."""
        return self.outcome.added

    @property
    def already_there(self) -> int:
        """Return how many orders were there already, as they are in the file or not."""
        return self.outcome.already_there + len(self.outcome.differing)


def list_rejected(path: Path, columns: list[str], spool: Spool) -> Path | None:
    """List what was rejected beside the file that it came from, whole or not at all, for its owner only.

    The cells stand as they were, so that a mended list can be imported; only bytes that are not UTF-8 are
    written as `\\xe9`. An older list is replaced, or removed where nothing was rejected; what somebody else
    put there stays, and the list goes beside it.

    Raises:
        ImportFileError: the list can't be written there, or the older one not be removed.
    """
    target = _target(path)
    try:
        if not spool.rejected:
            target.unlink(missing_ok=True)
            return None
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".rejected-", suffix=".csv")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow([*REJECTED_COLUMNS, *map(_readable, columns)])
                for row in spool.rejected_rows():
                    writer.writerow([row.line, row.reason, *(map(_readable, row.raw) if columns else ())])
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ImportFileError(f"{target}: can't be written: {error.strerror}") from None
    return target


def _target(path: Path) -> Path:
    """Return the first name for a list at which there is nothing, or a list of an earlier import."""
    # What comes through a pipe of the shell's, such as /dev/stdin, has no folder.
    folder = Path.cwd() if path.is_absolute() and path.parts[1] in ("dev", "proc") else path.parent
    for number in count(1):
        ending = ".rejected.csv" if number == 1 else f".rejected-{number}.csv"
        target = folder / (path.name + ending)
        if not target.is_symlink() and (not target.exists() or _is_ours(target)):
            return target
    raise AssertionError  # count never ends


def _is_ours(target: Path) -> bool:
    """Return whether a file is as this module leaves its lists; whoever mends one saves it otherwise."""
    try:
        seen = target.stat()
        if not stat.S_ISREG(seen.st_mode) or stat.S_IMODE(seen.st_mode) != 0o600:
            return False
        with target.open("rb") as file:
            return file.readline(100).startswith(",".join(REJECTED_COLUMNS).encode())
    except OSError:
        return False


def _readable(cell: str) -> str:
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
