"""Tells what kind of file it is by its first lines, and gives what it holds record by record."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from lib.orders_api.importing import strangers
from lib.orders_api.importing.countries import country_code
from lib.orders_api.importing.documents import open_json
from lib.orders_api.importing.errors import ImportFileError, RowRejectedError
from lib.orders_api.importing.kinds.fields import TimeReader
from lib.orders_api.importing.kinds.shopify_csv import ShopifyCsv, SquarespaceCsv
from lib.orders_api.importing.kinds.woocommerce_csv import WooCommerceCsv
from lib.orders_api.importing.reading.csv_rows import CsvRows, NamedCells, places_of
from lib.orders_api.importing.reading.decoding import BEGINNING, Lines, encoding_of
from lib.orders_api.importing.sources import CUT_OFF, GUESSED_ZONE, Options, Record, Source, check, stranger

TableKind = ShopifyCsv | WooCommerceCsv
# Countries for whose languages Windows has cp1252, and an old Mac Mac Roman.
_CODES = (
    "AD AR AT AU AX BE BO BR BZ CA CH CL CO CR DE DK DO EC ES FI FO FR GB GF GG GI GL GP GT GY HN IE IM IS "
    "IT JE LI LU MC MQ MX NI NL NO NZ PA PE PM PR PT PY RE SE SM SV US UY VA VE"
)
_WESTERN = frozenset(_CODES.split())


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


def open_table(lines: Lines, path: Path, now: datetime, options: Options) -> Source:
    """Return the rows of a table.

    Raises:
        ImportFileError: it is none, or of a kind that can't be imported.
    """
    rows = CsvRows(iter(lines)).rows()
    header = next(rows, None)
    if header is None or header.problem is not None:
        raise stranger(path, "no table: its first line is not readable as CSV")
    places = places_of(header.cells)
    kind = kind_of(places, now, options)
    if kind is None:
        raise stranger(path, strangers.table(places))
    check(path, kind, options)
    missing = next((names for names in kind.needed if not _has_any(places, names)), None)
    if missing is not None:
        raise ImportFileError(
            f"{path}: looks like {kind.name}, but the column {' or '.join(missing)} is missing:"
            " export it again with all its columns"
        )
    return Source(
        kind,
        (Record(row.line, row.cells, row.problem) for row in rows),
        header.cells,
        lambda cells: NamedCells(places, cells),
        lambda: [*([GUESSED_ZONE] if kind.reader.guessed else []), *([] if lines.ended else [CUT_OFF])],
    )


def kind_of(columns: Collection[str], now: datetime, options: Options) -> TableKind | None:
    """Return the kind of table that has such columns, in lower case."""
    if "lineitem name" in columns:
        made = SquarespaceCsv if "order id" in columns and "name" not in columns else ShopifyCsv
        return made(TimeReader(now, None, needs_zone=True))
    if "order_id" in columns and not {"line_item_1", "order_total"}.isdisjoint(columns):
        return WooCommerceCsv(TimeReader(now, options.zone), options.statuses)
    return None


def is_western(file: BinaryIO, encoding: str, path: Path) -> bool:
    """Return whether the rows of a table with letters beyond ASCII name Western countries, and no other.

    Where such rows name none, all rows are looked at.
    """
    lines = Lines(file, encoding, path)
    try:
        rows = CsvRows(iter(lines)).rows()
        header = next(rows, None)
        columns = header.cells if header else []
        at = [place for place, name in enumerate(columns) if name.strip().casefold().endswith("country")]
        named: dict[bool, set[str]] = {True: set(), False: set()}
        for row in rows:
            beyond = not all(cell.isascii() for cell in row.cells)
            named[beyond].update(row.cells[place].strip() for place in at)
    finally:
        lines.close()
    found = (named[True] - {""}) or (named[False] - {""})
    return bool(found) and all(_is_western_country(country) for country in found)


def _is_western_country(text: str) -> bool:
    try:
        return country_code(text, "country") in _WESTERN
    except RowRejectedError:
        return False


def _has_any(columns: Collection[str], names: Collection[str]) -> bool:
    return any(name.casefold() in columns for name in names)
