"""Lets the rows of some orders alone through a CSV export, while it is being downloaded; it keeps nothing."""

from __future__ import annotations

import csv
import io
from codecs import iterdecode
from collections.abc import Collection, Generator, Iterator

from lib.orders_client import CsvExport

GUARD = "'"
"""What the API writes before a cell that a spreadsheet would take for a formula."""


def only_orders(export: CsvExport, numbers: Collection[str], delimiter: str) -> Generator[bytes, None, None]:
    """Return the header row and the rows of these orders, whose number stands first."""
    rows = csv.reader(_lines(iterdecode(export, "utf-8-sig")), delimiter=delimiter)
    wanted = set(numbers)
    with export:
        for place, row in enumerate(rows):
            if place == 0 or row[0] in wanted or row[0].removeprefix(GUARD) in wanted:
                line = io.StringIO()
                csv.writer(line, delimiter=delimiter).writerow(row)
                yield line.getvalue().encode()


def _lines(chunks: Iterator[str]) -> Iterator[str]:
    kept = ""
    for chunk in chunks:
        *whole, kept = (kept + chunk).split("\n")
        yield from (f"{line}\n" for line in whole)
    if kept:
        yield kept
