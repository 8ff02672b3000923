"""Backtests the alarms about staff on made-up teams with planted cases: how many found, how many false."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime

from bench.table import Row
from lib.orders_api.audit.repository import StaffHour
from lib.orders_api.stats.alarms import USUAL_OVER, WATCHED, staff_alarms

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TEAMS = {"3 people": 3, "8 people": 8, "25 people": 25}
WEEKS, WARM_UP, HOURS_A_DAY, CASES = 26, 4, 8, 40
WINDOW = int(USUAL_OVER.total_seconds() // 3600)
PLANTED = {
    "LOOKS_WITHOUT_ACT": ("40 orders more", 40),
    "LOOKS_WITHOUT_ACT, fewer": ("20 orders more", 20),
    "REVEALS": ("15 more", 15),
    "REVEALS, fewer": ("8 more", 8),
}


def measure() -> list[Row]:
    """Look at every hour of half a year of three teams, with hours of somebody too curious planted in it."""
    return [row for name, people in TEAMS.items() for row in _team(name, people)]


def _team(name: str, people: int) -> list[Row]:
    chance = random.Random(people)
    hours = _work(chance, people)
    at_work = sorted({hour for hour, _ in hours if hour >= WARM_UP * 7 * 24})
    false: dict[str, int] = dict.fromkeys((each.alarm for each in WATCHED), 0)
    limits: dict[str, list[int]] = defaultdict(list)
    planted = {hour: case for case in PLANTED for hour in chance.sample(at_work, CASES)}
    found = dict.fromkeys(PLANTED, 0)
    for now in at_work:
        seen = _as_of(hours, now)
        for alarm in staff_alarms(seen, NOW):
            false[alarm.alarm] += alarm.raised
            limits[alarm.alarm].append(alarm.limit or 0)
        if now in planted:
            case, (_, more) = planted[now], PLANTED[planted[now]]
            raised = {each.alarm for each in staff_alarms(_with_more(seen, case, more), NOW) if each.raised}
            found[case] += case.partition(",")[0] in raised
    counted = {case: list(planted.values()).count(case) for case in PLANTED}
    return [
        Row(
            f"alarm {case.partition(',')[0]}",
            f"{name}, {words} in an hour",
            f"{found[case]} of {counted[case]} found",
            f"{false[case.partition(',')[0]]} false in {WEEKS - WARM_UP} weeks, "
            f"limit {min(limits[case.partition(',')[0]])} to {max(limits[case.partition(',')[0]])}",
        )
        for case, (words, _) in PLANTED.items()
    ]


def _work(chance: random.Random, people: int) -> dict[tuple[int, str], StaffHour]:
    """Make up what each does in each hour: paces differ by person and by hour, and Mondays are busy."""
    paces = {f"staff:{number}": chance.gammavariate(6, 1 / 6) for number in range(people)}
    hours = {}
    for day in range(WEEKS * 7):
        if day % 7 > 4:
            continue
        for who, pace in paces.items():
            if chance.random() < 0.15:
                continue  # away
            for hour in range(HOURS_A_DAY):
                rate = 12 * pace * chance.gammavariate(8, 1 / 8) * (1.4 if day % 7 == 0 else 1.0)
                looked = _poisson(chance, rate)
                idle = sum(chance.random() < 0.6 for _ in range(looked))
                reveals = sum(chance.random() < 0.12 for _ in range(looked))
                if looked:
                    hours[day * 24 + 9 + hour, who] = StaffHour(who, 0, idle, reveals)
    return hours


def _poisson(chance: random.Random, mean: float) -> int:
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count += 1
        left += chance.expovariate(1)
    return count


def _as_of(hours: dict[tuple[int, str], StaffHour], now: int) -> list[StaffHour]:
    within = ((hour, each) for (hour, _), each in hours.items() if now - WINDOW < hour <= now)
    return [each._replace(hours_ago=now - hour) for hour, each in within]


def _with_more(seen: list[StaffHour], case: str, more: int) -> list[StaffHour]:
    curious = next(each for each in seen if not each.hours_ago)
    if case.startswith("REVEALS"):
        changed = curious._replace(reveals=curious.reveals + more)
    else:
        changed = curious._replace(looks_without_act=curious.looks_without_act + more)
    return [changed if each is curious else each for each in seen]
