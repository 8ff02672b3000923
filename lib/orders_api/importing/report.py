"""Says what came of an import, and lists the rejected rows beside the file; it decides nothing."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.spool import RejectedRow

REJECTED_COLUMNS = ("line", "reason")


@dataclass(frozen=True)
class ImportReport:
    """What came of an import: orders added, orders that were there already, and rows that were rejected."""

    added: int
    already_there: int
    rejected: int
    rejected_path: Path | None


def rejected_path(path: Path) -> Path:
    """Return the file in which the rejected rows of another are listed."""
    return path.with_name(path.name + ".rejected.csv")


def write_rejected(path: Path, columns: list[str], rows: Iterable[RejectedRow]) -> Path:
    """List rejected rows beside the file that they came from, whole or not at all, for its owner only.

    The cells stand as they were, so that a mended list can be imported; only bytes that are not UTF-8 are
    written as `\\xe9`.

    Raises:
        ImportFileError: the list can't be written there.
    """
    target = rejected_path(path)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".rejected-", suffix=".csv")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow([*REJECTED_COLUMNS, *map(_readable, columns)])
                for row in rows:
                    writer.writerow([row.line, row.reason, *map(_readable, row.cells)])
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ImportFileError(f"{target}: can't be written: {error.strerror}") from None
    return target


def remove_rejected(path: Path) -> None:
    """Remove the list of an earlier import of the same file.

    Raises:
        ImportFileError: it can't be removed.
    """
    try:
        rejected_path(path).unlink(missing_ok=True)
    except OSError as error:
        raise ImportFileError(f"{rejected_path(path)}: can't be removed: {error.strerror}") from None


def _readable(cell: str) -> str:
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
