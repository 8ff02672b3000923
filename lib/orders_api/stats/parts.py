"""Says in which tables the rows of a range of time are, so that they are few however many orders; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lib.orders_api.stats.days import DAY, EPOCH, cut, minute_of
from lib.orders_api.stats.streams import EVER, Stream

QUARTER = 15
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_ALWAYS = (-(2**40), 2**40)


class Wanted(NamedTuple):
    """A half-open range of time; without a start it is all before its end, without an end all that comes."""

    start: datetime | None = None
    end: datetime | None = None
    offset: int | None = None
    """Days are those of clocks so many seconds ahead of UTC, whole quarter hours; without, all is day 0."""


class Part(NamedTuple):
    """Rows of a table that lie together, from where and up to where."""

    wanted: int
    """Which range they are of: its place among those asked for."""
    table: str
    first: int | datetime
    last: int | datetime
    minutes: int = EVER
    offset: int | None = None
    """None where the day need not be read in the rows: it is `day`."""
    day: int = 0
    sign: str = ""


def parts_of(stream: Stream, place: int, wanted: Wanted, by_country: bool) -> Iterator[Part]:
    """Return the parts of a range: whole spans, changes that are not folded yet, and its edges."""
    if wanted.start is not None:
        yield from _within(stream, place, wanted, by_country)
        return
    yield Part(place, stream.figures, 0, 1)
    yield Part(place, stream.changes, *_ALWAYS)
    if wanted.end is not None:
        # The past is long and what comes after a recent moment is short.
        for part in _within(stream, place, Wanted(wanted.end), by_country):
            yield part._replace(sign="-")


def _within(stream: Stream, place: int, wanted: Wanted, by_country: bool) -> Iterator[Part]:
    offset = wanted.offset
    kept = stream.country_spans if by_country else stream.spans
    spans = [span for span in kept if span != EVER and (offset or 0) % (span * 60) == 0]
    found = cut(wanted.start or EPOCH, wanted.end or _NEVER, spans)
    for edge in found.edges if stream.edges else []:
        for since, until in _quarters(*edge):
            day = 0 if offset is None else (since - EPOCH + timedelta(seconds=offset)) // DAY
            yield Part(place, stream.edges, since, until, day=day)
    for minutes, first, last in found.wholes:
        yield Part(place, stream.figures, first, last, minutes, offset)
    if found.wholes:
        first = min(first for _, first, _ in found.wholes) // QUARTER
        last = max(last for _, _, last in found.wholes) // QUARTER
        yield Part(place, stream.changes, first, last, offset=offset)


def _quarters(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut an edge where a quarter hour begins within it, for a day may begin there."""
    while start < end:
        until = min(end, EPOCH + timedelta(minutes=(minute_of(start) // QUARTER + 1) * QUARTER))
        yield start, until
        start = until
