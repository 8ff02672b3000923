"""Tells what kind of file it is by its first lines, and gives what it holds record by record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from lib.orders_api.importing import strangers
from lib.orders_api.importing.documents import open_json
from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.reading.csv_rows import CsvRows, places_of
from lib.orders_api.importing.reading.decoding import BEGINNING, Lines, encoding_of
from lib.orders_api.importing.sources import Options, Source, stranger
from lib.orders_api.importing.tables import is_western, kind_of, open_table


@contextmanager
def recognised(file: BinaryIO, path: Path, now: datetime, options: Options) -> Iterator[tuple[Source, Lines]]:
    """Tell what a file is; give its orders, and the lines that they are read from.

    Raises:
        ImportFileError: it is nothing that can be imported, or not what was asked for.
    """
    if what := strangers.binary(file.read(BEGINNING)):
        raise stranger(path, what)
    encoding = encoding_of(file, path, partial(is_western, file, path=path))
    lines = Lines(file, encoding, path)
    try:
        yield _source(lines, path, now, options), lines
    finally:
        lines.close()


def _source(lines: Lines, path: Path, now: datetime, options: Options) -> Source:
    beginning = lines.beginning()
    if beginning.lstrip()[:1] in ("{", "["):
        return open_json(lines, path, now, options)
    if what := strangers.text(beginning):
        raise stranger(path, what)
    if options.format == "jsonl":
        return _lines_of_json(lines, path, now, options)
    return open_table(lines, path, now, options)


def _lines_of_json(lines: Lines, path: Path, now: datetime, options: Options) -> Source:
    """Take a file whose first line is broken for JSON Lines, as that was asked for, unless it is a table."""
    header = next(CsvRows(iter(lines)).rows(), None)
    columns = places_of(header.cells) if header else {}
    if len(columns) > 1:
        kind = kind_of(columns, now, options)
        what = kind.name if kind else strangers.table(columns)
        raise ImportFileError(f"{path}: not JSON Lines but a table, it looks like {what}: leave --format out")
    lines.rewind()
    return open_json(lines, path, now, options)
