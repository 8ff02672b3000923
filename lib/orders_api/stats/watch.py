"""Compares what is with what is usual and raises alarms; how far off is too far, alarms.py says; no SQL."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lib.orders_api.orders.filters import OrderFilters
from lib.orders_api.stats.alarms import alarming_from, is_too_quiet
from lib.orders_api.stats.days import DAY, EPOCH, Stretch
from lib.orders_api.stats.insight_schemas import Alarm, Alarms
from lib.orders_api.stats.insights import LOOK_BACK_DAYS, WEEKS
from lib.orders_api.stats.kept import narrowed, tally
from lib.orders_api.stats.repository import newest_order
from lib.orders_api.stats.steps import stays_ended, tally_steps
from lib.orders_api.statuses import OrderStatus

_WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
_UNPAID_HOURS = 24


def alarms(session: Session, now: datetime) -> Alarms:
    """Look at new orders, cancellations and payments; everything is of all countries."""
    watched = [_no_orders(session, now), _cancellations(session, now), _unpaid(session, now)]
    return Alarms(items=[each for each in watched if each is not None], as_of=now)


def _no_orders(session: Session, now: datetime) -> Alarm | None:
    last = newest_order(session)
    if last is None:
        return None
    start = max(min(last, now), now - _WEEK)
    before = [_created(session, start - week * _WEEK, now - week * _WEEK) for week in _weeks()]
    usual = sum(before) / WEEKS
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


def _cancellations(session: Session, now: datetime) -> Alarm:
    end = EPOCH + (now - EPOCH) // _QUARTER * _QUARTER
    found = _cancelled(session, end - _HOUR, end)
    usual = (
        sum(_cancelled(session, end - _HOUR - week * _WEEK, end - week * _WEEK) for week in _weeks()) / WEEKS
    )
    limit = alarming_from(usual)
    return Alarm(
        alarm="CANCELLATIONS",
        raised=found >= limit,
        found=found,
        usual=round(usual, 2),
        limit=limit,
        from_=end - _HOUR,
        to=end,
        words="Cancelled in this hour. Usual is the mean of the same hour of the eight weeks before.",
    )


def _unpaid(session: Session, now: datetime) -> Alarm:
    end = now.replace(microsecond=0) - timedelta(hours=_UNPAID_HOURS)
    start = end - DAY
    orders = Counter[str]()
    for each in tally(session, narrowed(OrderFilters(), start, end)):
        orders[each.status] += each.orders
    stays = stays_ended(session, (now - EPOCH) // DAY - LOOK_BACK_DAYS).get(OrderStatus.PENDING, Counter())
    late = sum(count for hours, count in stays.items() if hours > _UNPAID_HOURS)
    usual = orders.total() * late / stays.total() if stays else 0.0
    limit, found = alarming_from(usual), orders[OrderStatus.PENDING]
    return Alarm(
        alarm="UNPAID_AFTER_A_DAY",
        raised=found >= limit,
        found=found,
        usual=round(usual, 2),
        limit=limit,
        from_=start,
        to=end,
        words="Placed one to two days ago and still pending. Usual is the share of the last 28 days.",
    )


def _weeks() -> range:
    return range(1, WEEKS + 1)


def _created(session: Session, start: datetime, end: datetime) -> int:
    return sum(each.orders for each in tally(session, narrowed(OrderFilters(), start, end)))


def _cancelled(session: Session, start: datetime, end: datetime) -> int:
    steps = tally_steps(session, [Stretch(start, end)], [], [])
    return sum(each.steps for each in steps if each.to_status == OrderStatus.CANCELLED)
