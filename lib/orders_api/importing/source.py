"""Reads a file line by line with bounded memory and says where it is; it knows no format."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lib.orders_api.importing.errors import ImportFileError

MAX_LINE_BYTES = 1024 * 1024
LINES_BETWEEN_REPORTS = 1000
_BEGINNING = 4096

_NOT_TEXT = {
    codecs.BOM_UTF16_LE: "is UTF-16, not UTF-8: save it as UTF-8",
    codecs.BOM_UTF16_BE: "is UTF-16, not UTF-8: save it as UTF-8",
    b"PK\x03\x04": "is an archive or a spreadsheet, not text",
    b"\x1f\x8b": "is compressed: unpack it first",
}


@dataclass(frozen=True)
class Line:
    """A line of the file with its end; `content` is None where it is longer than MAX_LINE_BYTES."""

    number: int
    content: bytes | None


class Source:
    """The lines of an open file, without a byte order mark."""

    def __init__(self, path: Path, file: BinaryIO, on_progress: Callable[[int, int], None]) -> None:
        self.path = path
        self._file = file
        self._total = path.stat().st_size
        self._done = 0
        self._on_progress = on_progress

    def lines(self) -> Iterator[Line]:
        """Return each line once, from the first, and report how far the reading is.

        Raises:
            ImportFileError: the file can't be read any further.
        """
        number = 0
        while content := self._read():
            number += 1
            whole = len(content) <= MAX_LINE_BYTES
            if not whole:
                self._skip_rest(content)
            if number == 1:
                content = content.removeprefix(codecs.BOM_UTF8)
            yield Line(number, content if whole else None)
            if number % LINES_BETWEEN_REPORTS == 0:
                self._on_progress(self._done, self._total)
        self._on_progress(self._total, self._total)

    def _read(self) -> bytes:
        try:
            content = self._file.readline(MAX_LINE_BYTES + 1)
        except OSError as error:
            raise _unreadable(self.path, error) from None
        self._done = min(self._done + len(content), self._total)
        return content

    def _skip_rest(self, content: bytes) -> None:
        while content and not content.endswith(b"\n"):
            content = self._read()


@contextmanager
def open_source(path: Path, on_progress: Callable[[int, int], None]) -> Iterator[Source]:
    """Open a file for reading.

    Raises:
        ImportFileError: it is missing, unreadable, empty, or no text in UTF-8 at all.
    """
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    with file:
        try:
            beginning = file.read(_BEGINNING)
            file.seek(0)
        except OSError as error:
            raise _unreadable(path, error) from None
        _refuse_what_is_no_text(path, beginning, whole=len(beginning) < _BEGINNING)
        yield Source(path, file, on_progress)


def _unreadable(path: Path, error: Exception) -> ImportFileError:
    if isinstance(error, FileNotFoundError):
        return ImportFileError(f"{path}: there is no such file")
    why = error.strerror if isinstance(error, OSError) and error.strerror else "not a plain file"
    return ImportFileError(f"{path}: can't be read: {why}")


def _refuse_what_is_no_text(path: Path, beginning: bytes, whole: bool) -> None:
    if whole and not beginning.removeprefix(codecs.BOM_UTF8).strip():
        raise ImportFileError(f"{path}: is empty")
    for mark, meaning in _NOT_TEXT.items():
        if beginning.startswith(mark):
            raise ImportFileError(f"{path}: {meaning}")
