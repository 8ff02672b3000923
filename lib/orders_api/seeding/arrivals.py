"""Decides when the sample orders arrive: by hour, weekday and season, growing over two years."""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from itertools import accumulate

SPAN = timedelta(days=730)
_HOUR = timedelta(hours=1)

_BY_HOUR = (3, 2, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 14, 13, 12, 12, 13, 15, 18, 21, 22, 18, 12, 6)
_BY_WEEKDAY = (1.12, 1.05, 1.0, 1.0, 0.95, 0.8, 1.08)
_BY_MONTH = (0.85, 0.8, 0.9, 0.95, 1.0, 0.95, 0.85, 0.85, 0.95, 1.05, 1.4, 1.5)
_GROWTH = 1.0
"""By how much more is ordered at the end of the span than at its beginning."""


class Arrivals:
    """When each of `count` orders arrives in the two years before `until`; the first at their start."""

    def __init__(self, until: datetime, count: int) -> None:
        self._start = until - SPAN
        self._count = count
        hours = SPAN // _HOUR
        self._up_to = list(
            accumulate(_weight(self._start + hour * _HOUR, hour / hours) for hour in range(hours))
        )

    def at(self, number: int, jitter: float) -> datetime:
        """Return when order `number`, from 0, arrives; never before the ones with smaller numbers.

        Args:
            number: which order.
            jitter: 0 to 1, where within its share of the span.
        """
        if number == 0:
            return self._start
        wanted = (number + jitter) / self._count * self._up_to[-1]
        hour = min(bisect_right(self._up_to, wanted), len(self._up_to) - 1)
        before = self._up_to[hour - 1] if hour else 0.0
        share = (wanted - before) / (self._up_to[hour] - before)
        return self._start + hour * _HOUR + timedelta(seconds=int(min(share, 0.999) * 3600))


def _weight(at: datetime, progress: float) -> float:
    weight = _BY_HOUR[at.hour] * _BY_WEEKDAY[at.weekday()] * _BY_MONTH[at.month - 1]
    return weight * (1 + _GROWTH * progress) * _sales(at.date())


def _sales(day: date) -> float:
    if day.month == 11 and 23 <= day.day <= 30:
        return 1.6
    return 0.55 if day.month == 12 and day.day > 20 else 1.0
