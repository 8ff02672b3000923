"""Backtests the alarms on sample orders with planted incidents: how many found, false, mailed; how late."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from bench.table import Row
from lib.orders_api.alarm_mail.service import OVER_AFTER
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.seeding.arrivals import Arrivals
from lib.orders_api.seeding.histories import live
from lib.orders_api.seeding.randomness import dice
from lib.orders_api.stats.days import DAY, EPOCH
from lib.orders_api.stats.repository import Range
from lib.orders_api.stats.watch import watch

END = datetime(2026, 11, 1, tzinfo=UTC)
ORDERS, WEEKS_TESTED, INCIDENTS = 40_000, 26, 8
HOUR = timedelta(hours=1)
OUTAGE, BURST, PAYMENTS_DOWN = 6 * HOUR, HOUR, 12 * HOUR
BURST_SIZE = 8
EVERY = timedelta(minutes=15)


@dataclass
class Order:
    """When an order was made, and when and how it left PENDING."""

    made: datetime
    left: datetime | None
    cancelled: bool


@dataclass(frozen=True)
class Incident:
    """What was planted, which alarm shall tell, and until when it counts as told in time."""

    alarm: str
    start: datetime
    until: datetime


def measure() -> list[Row]:
    """Look at every quarter of an hour of half a year, with incidents planted in it."""
    chance = random.Random(7)
    orders, incidents = _with_incidents(chance, _sample_orders())
    history = _History(orders)
    raised: dict[str, list[datetime]] = {incident.alarm: [] for incident in incidents}
    now = END - timedelta(weeks=WEEKS_TESTED)
    while now < END:
        history.now = now
        for alarm in watch(history, now):
            if alarm.raised:
                raised[alarm.alarm].append(now)
        now += EVERY
    return [_row(alarm, times, incidents) for alarm, times in raised.items()]


def _row(alarm: str, times: list[datetime], incidents: list[Incident]) -> Row:
    planted = [each for each in incidents if each.alarm == alarm]
    late = []
    for incident in planted:
        told = [at for at in times if incident.start <= at <= incident.until]
        late += [told[0] - incident.start] if told else []
    false = [at for at in times if not any(each.start <= at <= each.until for each in incidents)]
    episodes = sum(at - before > HOUR for before, at in zip([EPOCH, *false], false, strict=False))
    mails = sum(at - before >= OVER_AFTER for before, at in zip([EPOCH, *times], times, strict=False))
    delay = f"{median(each / HOUR for each in late):.1f} h late (median)" if late else "none in time"
    return Row(
        f"alarm {alarm}",
        f"{len(planted)} planted",
        f"{len(late)} found",
        f"{delay}; {episodes} false, {mails} mails in {WEEKS_TESTED} weeks"
        f" at {ORDERS * 7 // 730} orders a week",
    )


def _sample_orders() -> list[Order]:
    arrivals = Arrivals(END, ORDERS)
    orders = []
    for number in range(ORDERS):
        throws = dice(7, f"backtest {number}")
        made = arrivals.at(number, throws.random())
        steps = [event for event in live(throws, made, END, None).events if event.kind == "STATUS_CHANGED"]
        left = steps[0].at if steps else None
        orders.append(Order(made, left, bool(steps) and "CANCELLED" in steps[0].detail))
    return orders


def _with_incidents(chance: random.Random, orders: list[Order]) -> tuple[list[Order], list[Incident]]:
    """Plant incidents a week apart at least, by daytime: that is when a shop has orders to lose."""
    incidents: list[Incident] = []
    weeks = list(range(1, WEEKS_TESTED))
    chance.shuffle(weeks)
    for number, week in enumerate(weeks[: 3 * INCIDENTS]):
        day = END - timedelta(weeks=week) + timedelta(days=chance.randrange(5))
        start = day + timedelta(hours=chance.randrange(9, 15))
        if number % 3 == 0:
            incidents.append(Incident("NO_NEW_ORDERS", start, start + OUTAGE))
            orders = [each for each in orders if not start <= each.made < start + OUTAGE]
        elif number % 3 == 1:
            incidents.append(Incident("CANCELLATIONS", start, start + BURST + 2 * HOUR))
            ids = [each for each in orders if each.made < start and (each.left is None or each.left > start)]
            for each in ids[-BURST_SIZE:]:
                each.left, each.cancelled = start + BURST * chance.random(), True
        else:
            incidents.append(Incident("UNPAID_AFTER_A_DAY", start, start + PAYMENTS_DOWN + 2 * DAY))
            for each in orders:
                if start <= each.made < start + PAYMENTS_DOWN and not each.cancelled:
                    each.left = max(each.left or each.made, start + 4 * DAY)
    return orders, incidents


class _History:
    """The counts as they were at `now`."""

    def __init__(self, orders: Sequence[Order]) -> None:
        self.now = END
        self._orders = sorted(orders, key=lambda each: each.made)
        self._made = [each.made for each in self._orders]
        left = [each for each in orders if each.left is not None]
        self._left = sorted((each.left or END, each.made) for each in left)
        self._cancelled = sorted(each.left or END for each in left if each.cancelled)

    def last_order(self) -> datetime | None:
        number = bisect_left(self._made, self.now)
        return self._made[number - 1] if number else None

    def made(self, ranges: Sequence[Range]) -> list[Counter[str]]:
        found = []
        for start, end in ranges:
            orders = self._orders[bisect_left(self._made, start) : bisect_left(self._made, end)]
            pending = sum(each.left is None or each.left > self.now for each in orders)
            found.append(Counter({OrderStatus.PENDING: pending, "": len(orders) - pending}))
        return found

    def cancelled(self, ranges: Sequence[Range]) -> list[int]:
        times = self._cancelled
        return [bisect_left(times, end) - bisect_left(times, start) for start, end in ranges]

    def hours_pending(self, since: datetime) -> Counter[int]:
        first, last = (bisect_left(self._left, (at, EPOCH)) for at in (since, self.now))
        return Counter(-(-(left - made) // HOUR) for left, made in self._left[first:last])
