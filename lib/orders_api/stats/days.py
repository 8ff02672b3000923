"""Cuts a range of time into stretches of one offset from UTC, to count by the days of any zone; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
DAY_SECONDS = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Stretch:
    """A half-open range of time, both ends in UTC, in which clocks are ahead of UTC by `offset` seconds."""

    start: datetime
    end: datetime
    offset: int = 0


def stretches(start: datetime, end: datetime, zone: ZoneInfo) -> list[Stretch]:
    """Cut a half-open range where the zone's clocks are put forward or back; none for an empty range.

    A day of the zone need not be one piece: where clocks go back just after midnight, it begins twice.
    """
    pieces: list[Stretch] = []
    while start < end:
        change = _next_change(start, end, zone)
        pieces.append(Stretch(start, change, _offset(start, zone)))
        start = change
    return pieces


def days_of(pieces: Iterable[Stretch]) -> list[date]:
    """Return the days that have a moment in these stretches, in their order."""
    numbers: set[int] = set()
    for piece in pieces:
        numbers.update(range(day_number(piece.start, piece), day_number(piece.end - _INSTANT, piece) + 1))
    return [day_of(number) for number in sorted(numbers)]


def day_number(at: datetime, piece: Stretch) -> int:
    """Return which day it is by the clocks of a stretch, counted from 1970-01-01."""
    return (at - EPOCH + timedelta(seconds=piece.offset)) // DAY


def day_of(number: int) -> date:
    """Return the day that `day_number` counted."""
    return (EPOCH + number * DAY).date()


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    return 0 if offset is None else offset // _SECOND


def _next_change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """Return when the zone's offset next changes, or the end: looked for day by day, then by halves."""
    held = _offset(start, zone)
    for before, after in _steps(start, end):
        if _offset(after, zone) == held:
            continue
        while after - before > _SECOND:
            middle = before + (after - before) // _SECOND // 2 * _SECOND
            before, after = (middle, after) if _offset(middle, zone) == held else (before, middle)
        # Offsets change on whole seconds, wherever the range began within one.
        return after.replace(microsecond=0) if after > start else after
    return end


def _steps(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        after = min(start + DAY, end)
        yield start, after
        start = after


@dataclass(frozen=True)
class Cut:
    """A half-open range, cut into whole spans and what is left at its edges."""

    edges: list[tuple[datetime, datetime]]
    """Half-open ranges of time."""
    wholes: list[tuple[int, int, int]]
    """Of which length in minutes, from which minute since 1970, and up to which."""


def cut(start: datetime, end: datetime, spans: Iterable[int]) -> Cut:
    """Cut a range into as few whole spans as can be, of lengths in minutes of which each divides the next."""
    low, high, found = start, end, Cut([], [])
    finer: int | None = None
    for span in spans:
        length = timedelta(minutes=span)
        first, last = EPOCH - (EPOCH - low) // length * length, EPOCH + (high - EPOCH) // length * length
        if first >= last:
            break
        _keep(found, finer, low, first)
        _keep(found, finer, last, high)
        low, high, finer = first, last, span
    _keep(found, finer, low, high)
    return found


def _keep(found: Cut, minutes: int | None, start: datetime, end: datetime) -> None:
    if start < end:
        if minutes is None:
            found.edges.append((start, end))
        else:
            found.wholes.append((minutes, minute_of(start), minute_of(end)))


def minute_of(at: datetime) -> int:
    """Return a time in minutes since 1970."""
    return (at - EPOCH) // timedelta(minutes=1)
