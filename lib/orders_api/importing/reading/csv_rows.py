"""Cuts lines into rows of cells as spreadsheets write them, and finds its feet again after a broken one."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from lib.orders_api.importing.reading.decoding import Line
from lib.plain_text import without_unseen

MAX_LINES_PER_ROW = 500
SEPARATORS = ",;\t|"
_SEP_LINE = re.compile(r'"?sep=(.)"?[;,\t]*\s*', re.IGNORECASE)
_BROKEN = '"x"x\n'
"""What the parser is given in place of a line that is too long: it is sure to refuse it."""


@dataclass(frozen=True)
class Row:
    """A row, by the number of the line on which it begins; `problem` says why its cells can't be used."""

    line: int
    cells: list[str]
    problem: str | None = None


class CsvRows:
    """The rows of a table in CSV (RFC 4180), whatever separates its cells; broken UTF-8 is lone surrogates.

    Of a row whose quotation marks are broken only the first line is given up: what follows is read anew, so
    that a mark that is never closed does not swallow the good rows after it. A row that stands in one cell,
    as Excel writes what it opened with another separator, is taken out of it.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._consumed: list[Line] = []
        self._separator = self._find_separator()

    def rows(self) -> Iterator[Row]:
        """Yield the first row, whose length all others must have, then the others but the blank ones."""
        width = 0
        reader = self._reader()
        while True:
            self._consumed = []
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield self._taken_out_of_others(width) or self._give_up(width, str(error))
                reader = self._reader()
                continue
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != width:
                cells = _taken_out(cells, width) or cells
            width = width or len(cells)
            if len(cells) == width:
                yield Row(self._consumed[0].number, cells, _undecodable(cells))
            else:
                problem = f"not readable as CSV: has {len(cells)} columns instead of {width}"
                yield Row(self._consumed[0].number, _fitted(cells, width), problem)

    def _find_separator(self) -> str:
        """Look at the first line for what Excel calls `sep=`, or else for what parts it into most cells."""
        for line in self._lines:
            content = line.content or ""
            if named := _SEP_LINE.fullmatch(content):
                return named[1]
            self._again.append(line)
            if content.strip(SEPARATORS + '"\r\n '):
                return max(SEPARATORS, key=lambda separator: len(_cells_of(content, separator)))
        return SEPARATORS[0]

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), strict=True, delimiter=self._separator)

    def _feed(self) -> Iterator[str]:
        while len(self._consumed) < MAX_LINES_PER_ROW:
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                return
            self._consumed.append(line)
            yield _BROKEN if line.content is None else line.content

    def _taken_out_of_others(self, width: int) -> Row | None:
        """Return the row that stands in one cell of a line whose cells another separator parts."""
        first, *others = self._consumed
        for separator in SEPARATORS.replace(self._separator, ""):
            row = _taken_out(_cells_of(first.content or "", separator), width)
            if row is not None:
                self._again.extendleft(reversed(others))
                return Row(first.number, row, _undecodable(row))
        return None

    def _give_up(self, width: int, problem: str) -> Row:
        first, *others = self._consumed
        self._again.extendleft(reversed(others))
        if first.content is None:
            return Row(first.number, [""] * width, "the line is too long")
        return Row(
            first.number,
            _fitted(_cells_of(first.content, self._separator), width),
            f"not readable as CSV: {problem}",
        )


def _taken_out(cells: list[str], width: int) -> list[str] | None:
    """Return the row that stands in the first of these cells; None unless it has the table's width."""
    if not cells or any(cells[1:]):
        return None
    try:
        inner, *more = csv.reader(cells[0].splitlines(keepends=True), strict=True)
    except (csv.Error, ValueError):
        return None
    return inner if not more and len(inner) == (width or len(inner)) and len(inner) > 1 else None


def _fitted(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _cells_of(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []


def _undecodable(cells: list[str]) -> str | None:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return "not UTF-8"
    return None


class NamedCells(dict[str, str]):
    """A row's cells by column, whatever its case, without space around them or what nobody sees in them.

    An absent column is an empty cell.
    """

    def __init__(self, places: dict[str, int], cells: list[str]) -> None:
        super().__init__()
        self._places = places
        self._cells = cells

    def __missing__(self, column: str) -> str:
        at = self._places.get(column.casefold())
        self[column] = cell = "" if at is None else without_unseen(self._cells[at]).strip()
        return cell

    def __contains__(self, column: object) -> bool:
        """Return whether the table has a column."""
        return isinstance(column, str) and column.casefold() in self._places


def places_of(columns: list[str]) -> dict[str, int]:
    """Return where each column stands, in lower case; of columns of the same name the first."""
    places: dict[str, int] = {}
    for at, name in enumerate(columns):
        places.setdefault(name.strip().casefold(), at)
    return places
