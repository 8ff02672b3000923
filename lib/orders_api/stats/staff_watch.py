"""Raises alarms where one staff member looks at far more than their team usually does; no SQL.

The method: how many orders somebody looks at in an hour of work scatters more than chance alone would have
it, for people and hours differ. So the counts of the team's hours of the last four weeks are taken as
negative binomial, with their own mean and variance. An hour is alarming where one as high would come up less
than once in ten thousand hours. Whoever is looked at is left out: nobody gets the team used to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.orders_api.audit.repository import StaffHour
from lib.orders_api.stats.alarms import SELDOM, alarming_from
from lib.orders_api.stats.insight_schemas import Alarm

HOUR = timedelta(hours=1)
USUAL_OVER = timedelta(days=28)
LEAST_HOURS = 40
"""With fewer hours of others, one's own count as well: a team of one has nobody else's."""


@dataclass(frozen=True)
class Watched:
    """What is counted of an hour of work, and below which number nothing is alarming, however rare."""

    alarm: str
    what: str
    least: int
    words: str


WATCHED = (
    Watched(
        "LOOKS_WITHOUT_ACT",
        "looks_without_act",
        20,
        "Orders that one staff member looked at in this hour without doing anything with them. Usual is the "
        "mean of the others' hours in four weeks. Whose, the audit log says.",
    ),
    Watched(
        "REVEALS",
        "reveals",
        8,
        "Times that one staff member had contact data shown in this hour. Usual is the mean of the others' "
        "hours in four weeks. Whose, the audit log says.",
    ),
)


def staff_alarms(hours: Sequence[StaffHour], now: datetime) -> list[Alarm]:
    """Compare each staff member's last hour with their team's hours before."""
    return [_most_unusual(each, hours, now) for each in WATCHED]


def _most_unusual(watched: Watched, hours: Sequence[StaffHour], now: datetime) -> Alarm:
    before: dict[str, _Sums] = defaultdict(_Sums)
    found = {"": 0}
    for each in hours:
        count = getattr(each, watched.what)
        if each.hours_ago:
            before[each.actor].add(count)
        else:
            found[each.actor] = count
    team = sum(before.values(), _Sums())
    judged = [
        (count, *_usual(team, before.get(actor, _Sums()), watched.least)) for actor, count in found.items()
    ]
    count, usual, limit = max(judged, key=lambda each: (each[0] / each[2], each[0]))
    return Alarm(
        alarm=watched.alarm,
        raised=count >= limit,
        found=count,
        usual=round(usual, 2),
        limit=limit,
        from_=now - HOUR,
        to=now,
        words=watched.words,
    )


@dataclass
class _Sums:
    """How many counts there are, their sum, and the sum of their squares."""

    number: int = 0
    sum: int = 0
    squares: int = 0

    def add(self, count: int) -> None:
        self.number += 1
        self.sum += count
        self.squares += count * count

    def __add__(self, other: _Sums) -> _Sums:
        return _Sums(self.number + other.number, self.sum + other.sum, self.squares + other.squares)

    def __sub__(self, other: _Sums) -> _Sums:
        return _Sums(self.number - other.number, self.sum - other.sum, self.squares - other.squares)


def _usual(team: _Sums, own: _Sums, least: int) -> tuple[float, int]:
    """Return the mean of the others' hours, and from which number on one's own is alarming."""
    others = team - own
    judged = others if others.number >= LEAST_HOURS else team
    if not judged.number:
        return 0.0, least
    mean = judged.sum / judged.number
    variance = judged.squares / judged.number - mean * mean
    return mean, max(alarming_from(mean, variance, SELDOM), least)
