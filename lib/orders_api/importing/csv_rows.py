"""Cuts lines into rows of CSV, and finds its feet again after a broken one; it knows no columns' meaning."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.source import Line

MAX_LINES_PER_ROW = 500
_BROKEN = '"x"x\n'
"""What the parser is given in place of a line that is too long: it is sure to refuse it."""


@dataclass(frozen=True)
class Row:
    """A row, by the number of the line on which it begins; `problem` says why its cells can't be used."""

    line: int
    cells: list[str]
    problem: str | None = None


class NamedCells(dict[str, str]):
    """A row's cells by column, whatever its case, stripped of space; an absent column is an empty cell."""

    def __init__(self, place: dict[str, int], cells: list[str]) -> None:
        super().__init__()
        self._place = place
        self._cells = cells

    def __missing__(self, column: str) -> str:
        at = self._place.get(column.casefold())
        return "" if at is None else self._cells[at].strip()


class Header:
    """The first row of a shop's orders export."""

    def __init__(self, path: Path, shop: str, needed: Iterable[str], row: Row | None) -> None:
        """Read the header.

        Raises:
            ImportFileError: it is not that of an orders export of `shop`, which has the columns `needed`.
        """
        if row is None or row.problem is not None:
            raise ImportFileError(
                f"{path}: not an orders export of {shop}: its first line is not readable as CSV"
            )
        self.columns = row.cells
        self._place = {name.strip().casefold(): at for at, name in reversed(list(enumerate(row.cells)))}
        missing = next((column for column in needed if column.casefold() not in self._place), None)
        if missing is not None:
            raise ImportFileError(f"{path}: not an orders export of {shop}: the column {missing} is missing")

    def named(self, cells: list[str]) -> NamedCells:
        """Return a row's cells by column."""
        return NamedCells(self._place, cells)


class CsvRows:
    """The rows of a file of CSV (RFC 4180), with bytes that are not UTF-8 kept as lone surrogates.

    Of a row whose quotation marks are broken only the first line is given up: what follows is read anew, so
    that a mark that is never closed does not swallow the good rows after it.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._consumed: list[Line] = []

    def rows(self) -> Iterator[Row]:
        """Return the first row, whose length all others must have, then the others but the blank ones."""
        width = 0
        reader = csv.reader(self._feed(), strict=True)
        while True:
            self._consumed = []
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield self._give_up(width, str(error))
                reader = csv.reader(self._feed(), strict=True)
                continue
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                continue
            width = width or len(cells)
            if len(cells) == width:
                yield Row(self._consumed[0].number, cells, _undecodable(cells))
            else:
                problem = f"not readable as CSV: has {len(cells)} columns instead of {width}"
                yield Row(self._consumed[0].number, _fitted(cells, width), problem)

    def _feed(self) -> Iterator[str]:
        while len(self._consumed) < MAX_LINES_PER_ROW:
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                return
            self._consumed.append(line)
            yield _BROKEN if line.content is None else line.content.decode("utf-8", "surrogateescape")

    def _give_up(self, width: int, problem: str) -> Row:
        first, *others = self._consumed
        self._again.extendleft(reversed(others))
        if first.content is None:
            return Row(first.number, [""] * width, "the line is too long")
        cells = _cells_of_broken(first.content.decode("utf-8", "surrogateescape"))
        return Row(first.number, _fitted(cells, width), f"not readable as CSV: {problem}")


def _fitted(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _cells_of_broken(text: str) -> list[str]:
    try:
        return next(csv.reader([text]), [])
    except csv.Error:
        return []


def _undecodable(cells: list[str]) -> str | None:
    try:
        for cell in cells:
            cell.encode()
    except UnicodeEncodeError:
        return "not UTF-8"
    return None
