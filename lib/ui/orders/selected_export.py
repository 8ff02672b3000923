"""Lets the rows of some orders alone through a CSV export, while it is being downloaded; it keeps nothing."""

import csv
import io
from codecs import iterdecode
from collections.abc import Collection, Generator, Iterator

from lib.orders_client import CsvExport
from lib.ui.shared.format import plural

GUARD = "'"
"""What the API writes before a cell that a spreadsheet would take for a formula."""


def only_orders(export: CsvExport, numbers: Collection[str], delimiter: str) -> Generator[bytes, None, None]:
    """Return the header row, the rows of these orders, whose number stands first, and how many have none."""
    rows = csv.reader(_lines(iterdecode(export, "utf-8-sig")), delimiter=delimiter)
    wanted, missing = set(numbers), set(numbers)
    with export:
        for place, row in enumerate(rows):
            found = wanted & {each for cell in row[:1] for each in (cell, cell.removeprefix(GUARD))}
            missing -= found
            if place == 0 or found:
                yield _line(row, delimiter)
    if missing:
        yield _line([f"{plural(len(missing), 'selected order')} not found any more"], delimiter)


def _line(row: list[str], delimiter: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter).writerow(row)
    return line.getvalue().encode()


def _lines(chunks: Iterator[str]) -> Iterator[str]:
    kept = ""
    for chunk in chunks:
        *whole, kept = (kept + chunk).split("\n")
        yield from (f"{line}\n" for line in whole)
    if kept:
        yield kept
