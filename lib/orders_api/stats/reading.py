"""Writes and runs the one statement that adds up figures of many ranges of time; it holds no rule."""
# ruff: noqa: S608 - names in these statements are constants of streams.py; every value is bound

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from lib.orders_api.stats.days import DAY_SECONDS
from lib.orders_api.stats.parts import QUARTER, Part, Wanted, parts_of
from lib.orders_api.stats.streams import EVER, Stream
from lib.orders_api.store.tables.base import UtcDateTime

MOST_PARTS = 200
"""SQLite takes 500 in a statement at most."""
_KNOWN = f"SELECT DISTINCT shipping_country FROM figures WHERE minutes = {EVER} AND shipping_country <> ''"
"""The countries that figures are kept of, so that an index can be asked for each."""


class Sum(NamedTuple):
    """What came of a range, on a day, of a kind."""

    wanted: int
    """Which range: its place among those asked for."""
    day: int
    kinds: tuple[str, ...]
    sums: tuple[int, ...]


def add_up(
    session: Session,
    stream: Stream,
    ranges: Sequence[Wanted],
    kinds: Sequence[str],
    filters: Mapping[str, Sequence[str]],
) -> list[Sum]:
    """Add up ranges by the columns `kinds`, of what has one of the values of each column in `filters`.

    The same kind may come more than once. Where a stream has no edges, ranges are of whole quarter hours.
    """
    query = _Query(stream, kinds, filters)
    parts = [part for number, each in enumerate(ranges) for part in query.parts(number, each)]
    found: list[Sum] = []
    for begin in range(0, len(parts), MOST_PARTS):
        rows = session.execute(*query.statement(parts[begin : begin + MOST_PARTS]))
        middle = 2 + len(kinds)
        found += [Sum(row[0], row[1], tuple(row[2:middle]), tuple(row[middle:])) for row in rows]
    return found


class _Query:
    """One statement: a SELECT for each part, all put together."""

    def __init__(self, stream: Stream, kinds: Sequence[str], filters: Mapping[str, Sequence[str]]) -> None:
        self._stream, self._kinds = stream, kinds
        self._filters = {
            column: sorted({str(each) for each in values}) for column, values in filters.items() if values
        }
        self._by_country = not {*kinds, *self._filters}.isdisjoint(stream.by_country_only)

    def parts(self, number: int, wanted: Wanted) -> Iterator[Part]:
        """Return the parts of a range."""
        return parts_of(self._stream, number, wanted, self._by_country)

    def statement(self, parts: Sequence[Part]) -> tuple[TextClause, dict[str, object]]:
        """Write the statement, and return the values that are bound in it."""
        values: dict[str, object] = {
            f"{column}_{number}": value
            for column, wanted in self._filters.items()
            for number, value in enumerate(wanted)
        }
        times = []
        for number, part in enumerate(parts):
            values |= {f"first_{number}": part.first, f"last_{number}": part.last}
            if part.table == self._stream.edges:
                times += [f"first_{number}", f"last_{number}"]
        selects = " UNION ALL ".join(self._select(number, part) for number, part in enumerate(parts))
        known = f"WITH known AS ({_KNOWN}) " if "FROM known" in selects else ""
        statement = text(known + selects)
        return statement.bindparams(*(bindparam(name, type_=UtcDateTime()) for name in times)), values

    def _select(self, number: int, part: Part) -> str:
        """Add up the rows of a part, a kind and day by itself."""
        stream = self._stream
        sums = (
            f"{part.sign}CAST(sum({each}) AS BIGINT)"
            for each in (stream.edge_sums if part.table == stream.edges else stream.sums)
        )
        columns = ", ".join((f"{part.wanted:d}", self._day(part), *self._kinds, *sums))
        places = ", ".join(str(place + 1) for place in range(2 + len(self._kinds)))
        checks = " AND ".join(self._checks(number, part))
        return f"SELECT {columns} FROM {part.table} WHERE {checks} GROUP BY {places}"

    def _day(self, part: Part) -> str:
        if part.offset is None:
            return f"{part.day:d}"
        seconds = "starts * 60" if part.table == self._stream.figures else f"quarter * {QUARTER * 60}"
        # A day is added and taken off again, because databases round what is below zero upwards.
        return f"({seconds} + {part.offset + DAY_SECONDS:d}) / {DAY_SECONDS} - 1"

    def _checks(self, number: int, part: Part) -> Iterator[str]:
        for column, wanted in self._filters.items():
            yield f"{column} IN ({', '.join(f':{column}_{each}' for each in range(len(wanted)))})"
        if part.table == self._stream.figures:
            yield f"minutes = {part.minutes:d}"
            if not self._by_country:
                yield "shipping_country = ''"
            elif "shipping_country" not in self._filters:
                yield "shipping_country IN (SELECT shipping_country FROM known)"
            along = "starts"
        else:
            along = "created_at" if part.table == self._stream.edges else "quarter"
        yield f"{along} >= :first_{number}"
        yield f"{along} < :last_{number}"
