"""Compares what is with what is usual and raises alarms; how far off is too far, alarms.py says; no SQL."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from lib.orders_api.audit.repository import most_searches, staff_hours
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.stats.alarms import USUAL_OVER, alarm_of, alarming_from, is_too_quiet, staff_alarms
from lib.orders_api.stats.days import DAY, EPOCH
from lib.orders_api.stats.insights import LOOK_BACK_DAYS, WEEKS
from lib.orders_api.stats.repository import (
    Range,
    count_changes,
    count_made,
    hours_in_status,
    newest_order,
)
from lib.orders_api.stats.schemas import Alarm, Alarms

_WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
UNPAID_HOURS = 24
MOST_SEARCHES = 15
"""So many different ones of one person that end at one order within an hour are no search for that order."""


class Counts(Protocol):
    """What the alarms have to know."""

    def last_order(self) -> datetime | None:
        """Return when the last order was made."""

    def made(self, ranges: Sequence[Range]) -> Sequence[Counter[str]]:
        """Count the orders that were made in each range, by the status that they have now."""

    def cancelled(self, ranges: Sequence[Range]) -> Sequence[int]:
        """Count the cancellations in each range."""

    def hours_pending(self, since: datetime) -> Counter[int]:
        """Count the orders that left PENDING since then, by how many hours they had been in it."""


class StoreCounts:
    """The counts of the store, of all countries."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def last_order(self) -> datetime | None:
        """Return when the last order was made."""
        return newest_order(self._session)

    def made(self, ranges: Sequence[Range]) -> Sequence[Counter[str]]:
        """Count the orders that were made in each range, by the status that they have now."""
        return count_made(self._session, ranges)

    def cancelled(self, ranges: Sequence[Range]) -> Sequence[int]:
        """Count the cancellations in each range."""
        counts = [0 for _ in ranges]
        for change in count_changes(self._session, ranges):
            if change.to_status == OrderStatus.CANCELLED:
                counts[change.place] += change.orders
        return counts

    def hours_pending(self, since: datetime) -> Counter[int]:
        """Count the orders that left PENDING since then, by how many hours they had been in it."""
        found = hours_in_status(self._session, [OrderStatus.PENDING], since)
        return found.get(OrderStatus.PENDING, Counter())


def alarms(session: Session, now: datetime) -> Alarms:
    """Look at new orders, cancellations and payments, and at what staff search for."""
    hours = staff_hours(session, now - USUAL_OVER, now)
    items = [*watch(StoreCounts(session), now), _searches(session, now), *staff_alarms(hours, now)]
    return Alarms(items=items, as_of=now)


def _searches(session: Session, now: datetime) -> Alarm:
    """Look whether somebody tries one search after another until a masked address or phone is known."""
    found = most_searches(session, now - _HOUR)
    words = "Different searches of one staff member that ended at one order. Whose, the audit log says."
    return alarm_of("SEARCHES_FOR_ONE_ORDER", found, 0.0, MOST_SEARCHES, (now - _HOUR, now), words)


def watch(counts: Counts, now: datetime) -> list[Alarm]:
    """Compare what is at a moment with what is usual."""
    last = counts.last_order()
    quiet = [] if last is None else [_no_orders(counts, min(last, now), now)]
    return [*quiet, _cancellations(counts, now), _unpaid(counts, now)]


def _no_orders(counts: Counts, last: datetime, now: datetime) -> Alarm:
    start = max(last, now - _WEEK)
    made = counts.made([(start - back, now - back) for back in _weeks_back()])
    usual = sum(each.total() for each in made) / WEEKS
    return Alarm(
        alarm="NO_NEW_ORDERS",
        raised=is_too_quiet(usual),
        found=0,
        usual=round(usual, 2),
        limit=None,
        from_=start,
        to=now,
        words="No order since then. Usual is how many came in the same hours of the eight weeks before.",
    )


def _cancellations(counts: Counts, now: datetime) -> Alarm:
    end = EPOCH + (now - EPOCH) // _QUARTER * _QUARTER
    hours = [(end - _HOUR - back, end - back) for back in (timedelta(0), *_weeks_back())]
    found, *before = counts.cancelled(hours)
    usual = sum(before) / WEEKS
    words = "Cancelled in this hour. Usual is the mean of the same hour of the eight weeks before."
    return alarm_of("CANCELLATIONS", found, usual, alarming_from(usual), hours[0], words)


def _unpaid(counts: Counts, now: datetime) -> Alarm:
    end = now.replace(microsecond=0) - timedelta(hours=UNPAID_HOURS)
    start = end - DAY
    today = EPOCH + (now - EPOCH) // DAY * DAY
    pending = counts.hours_pending(today - LOOK_BACK_DAYS * DAY)
    late = sum(count for hours, count in pending.items() if hours > UNPAID_HOURS)
    (made,) = counts.made([(start, end)])
    usual = made.total() * late / pending.total() if pending else 0.0
    found, limit = made[OrderStatus.PENDING], alarming_from(usual)
    words = "Placed one to two days ago and still pending. Usual is the share of the last 28 days."
    return alarm_of("UNPAID_AFTER_A_DAY", found, usual, limit, (start, end), words)


def _weeks_back() -> list[timedelta]:
    return [week * _WEEK for week in range(1, WEEKS + 1)]
