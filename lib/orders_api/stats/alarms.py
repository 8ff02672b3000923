"""Says when a number is so far from the usual that somebody should look; it counts nothing, and has no SQL.

The method: orders and cancellations come one by one and mostly apart from each other, so how many come in
some hours scatters around the usual as a Poisson distribution says. A number is alarming where one as far off
would come up less than once in a thousand times if all were as usual.

How many orders a staff member looks at in an hour of work scatters more than that, for people and hours
differ. So the counts of the team's hours of the last four weeks are taken as negative binomial, with their
own mean and variance. An hour is alarming where one as high would come up less than once in ten thousand
hours. Whoever is looked at is left out: nobody gets the team used to them.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from lib.orders_api.audit.repository import StaffHour
from lib.orders_api.stats.schemas import Alarm

CHANCE, SELDOM = 0.001, 0.0001
BELL = {CHANCE: 3.1, SELDOM: 3.72}
"""How many standard deviations above the mean as little is left of a bell."""
LEAST_USUAL = 0.5
"""What is more seldom than this is taken for as frequent, so that two of a rare kind are no alarm."""
HOUR = timedelta(hours=1)
USUAL_OVER = timedelta(days=28)
LEAST_HOURS = 40
"""With fewer hours of others, one's own count as well: a team of one has nobody else's."""


def alarming_from(usual: float, variance: float | None = None, chance: float = CHANCE) -> int:
    """Return the smallest number that is alarmingly high where `usual` is the mean.

    What scatters more than its mean, as a `variance` says, is taken as negative binomial.
    """
    mean = max(usual, LEAST_USUAL)
    spread = (variance or 0.0) - mean
    # A Poisson distribution is what a negative binomial one comes to without any spread.
    share = spread / (mean + spread) if spread > 0 else 0.0
    size = mean * mean / spread if spread > 0 else 0.0
    below, number = 0.0, 0
    term = math.exp(size * math.log1p(-share) if share else -mean)
    if term == 0.0:
        # Beyond what floats hold the distribution is as good as a bell.
        return math.ceil(mean + BELL[chance] * math.sqrt(max(mean, variance or 0.0)))
    while 1.0 - below >= chance:
        below += term
        term *= (size + number) * share / (number + 1) if share else mean / (number + 1)
        number += 1
    return number


def is_too_quiet(usual: float) -> bool:
    """Return whether it is alarming that nothing came where `usual` is the mean."""
    return math.exp(-usual) < CHANCE


def alarm_of(
    alarm: str, found: int, usual: float, limit: int, between: tuple[datetime, datetime], words: str
) -> Alarm:
    """Return an alarm that is raised from `limit` on."""
    since, to = between
    raised, usual = found >= limit, round(usual, 2)
    return Alarm(
        alarm=alarm, raised=raised, found=found, usual=usual, limit=limit, from_=since, to=to, words=words
    )


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
    before: dict[str, list[int]] = defaultdict(list)
    found = {"": 0}
    for each in hours:
        count = getattr(each, watched.what)
        if each.hours_ago:
            before[each.actor].append(count)
        else:
            found[each.actor] = count
    team = [count for counts in before.values() for count in counts]
    judged = []
    for actor, count in found.items():
        others = [each for who, counts in before.items() if who != actor for each in counts]
        judged.append((count, *_usual(others if len(others) >= LEAST_HOURS else team, watched.least)))
    count, usual, limit = max(judged, key=lambda each: (each[0] / each[2], each[0]))
    return alarm_of(watched.alarm, count, usual, limit, (now - HOUR, now), watched.words)


def _usual(counts: Sequence[int], least: int) -> tuple[float, int]:
    """Return the mean of some hours' counts, and from which number on another's is alarming."""
    if not counts:
        return 0.0, least
    mean = fmean(counts)
    variance = fmean(count * count for count in counts) - mean * mean
    return mean, max(alarming_from(mean, variance, SELDOM), least)
