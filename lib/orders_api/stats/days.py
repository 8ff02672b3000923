"""Cuts a range of time into stretches of one offset from UTC, to count by the days of any zone; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_LONGEST_SHIFT = timedelta(hours=2)
"""Where clocks go back over midnight, a day begins before the one before has ended."""


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


def cut_into_days(first: date, last: date, zone: ZoneInfo) -> list[tuple[date, datetime, datetime]]:
    """Return the days from `first` to `last` of a zone, each with its half-open range of time.

    A day that begins twice, because clocks go back over midnight, comes in two pieces.
    """
    start = datetime.combine(first, time(), zone).astimezone(UTC) - _LONGEST_SHIFT
    end = datetime.combine(last + DAY, time(), zone).astimezone(UTC) + _LONGEST_SHIFT
    cut = []
    for piece in stretches(start, end, zone):
        for number in range(day_number(piece.start, piece), day_number(piece.end - _INSTANT, piece) + 1):
            midnight = EPOCH + number * DAY - timedelta(seconds=piece.offset)
            cut.append((day_of(number), max(midnight, piece.start), min(midnight + DAY, piece.end)))
    return [each for each in cut if first <= each[0] <= last]


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
