"""What the figures beyond the contract's mean: cards, flow, time in a status, contradictions; no SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lib.orders_api.domain.countries import known_country
from lib.orders_api.domain.money import to_decimal_string
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.domain.zones import zone_of
from lib.orders_api.stats import insight_schemas as wire
from lib.orders_api.stats import steps
from lib.orders_api.stats.contradictions import RULES
from lib.orders_api.stats.days import DAY, EPOCH, Stretch, day_of, stretches
from lib.orders_api.stats.kept import count_kinds, tally
from lib.orders_api.stats.parts import Wanted
from lib.orders_api.stats.repository import oldest_order
from lib.orders_api.stats.service import counted
from lib.orders_api.store.order_query.filters import OrderFilters

LOOK_BACK_DAYS = 28
WEEKS = 8
PASSED_THROUGH = (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED)
"""The statuses in which an order waits for somebody; the others may be its last."""
_LONGEST_SHIFT = timedelta(hours=2)


def by_country(session: Session, query: OrderFilters, now: datetime) -> wire.CountryCounts:
    """Count the orders of each country, those with most orders first."""
    found = defaultdict(list)
    for each in tally(session, query, by_country=True):
        found[each.country].append(each)
    counts = [(known_country(country), counted(found[country])) for country in sorted(found)]
    items = [wire.CountryCount(country=country, **count) for country, count in counts if count["count"]]
    return wire.CountryCounts(items=sorted(items, key=lambda item: -item.count), as_of=now)


def by_currency(session: Session, query: OrderFilters, now: datetime) -> wire.CurrencyCounts:
    """Count the orders of each currency, and add them up."""
    orders, totals = Counter[str](), Counter[str]()
    for each in tally(session, query):
        orders[each.currency] += each.orders
        totals[each.currency] += each.total
    items = [
        wire.CurrencyCount(currency=code, count=orders[code], total=to_decimal_string(totals[code], code))
        for code in sorted(orders)
        if orders[code]
    ]
    return wire.CurrencyCounts(items=items, as_of=now)


def flow(session: Session, query: wire.FlowQuery, now: datetime) -> wire.Flow:
    """Count the changes of status by the day on which they were made."""
    found = _steps_of(session, query, [(query.first_day, query.last_day)], zone_of(query.time_zone))
    items = [
        wire.Step(date=day, from_=before or None, to=after, cancel_reason=reason or None, count=count)
        for (day, before, after, reason), count in sorted(found.items())
        if count
    ]
    return wire.Flow(items=items, as_of=now)


def cards(session: Session, query: wire.CardsQuery, now: datetime) -> wire.Cards:
    """Return how many orders are in each status, and how many came to it on the last whole day and before."""
    zone = zone_of(query.time_zone)
    last_day = now.astimezone(zone).date() - DAY
    first_day = last_day - WEEKS * 7 * DAY
    entered: dict[str, Counter[date]] = defaultdict(Counter)
    shown = [last_day - back * DAY for back in reversed(range(LOOK_BACK_DAYS))]
    same_weekdays = [last_day - week * 7 * DAY for week in range(1, WEEKS + 1)]
    days = [(shown[0], last_day), *((day, day) for day in same_weekdays if day < shown[0])]
    for (day, _, after, _), count in _steps_of(session, query, days, zone).items():
        entered[after][day] += count
    oldest = oldest_order(session)
    is_old_enough = oldest is not None and oldest.astimezone(zone).date() <= first_day
    orders = Counter[str]()
    for each in tally(session, _orders_of(query)):
        orders[each.status] += each.orders
    items = [
        wire.Card(
            status=status,
            count=orders[status],
            last_day=last_day,
            entered=entered[status][last_day],
            usual=median(entered[status][day] for day in same_weekdays) if is_old_enough else None,
            days=[wire.DayCount(date=day, count=entered[status][day]) for day in shown],
        )
        for status in OrderStatus
    ]
    return wire.Cards(items=items, as_of=now)


def time_in_status(session: Session, query: wire.PlaceFilters, now: datetime) -> wire.StatusTimes:
    """Return how long orders stay in a status, and how many have been there longer than nine in ten were.

    The stays are those of all countries that ended in the last 28 days and today, by days of UTC.
    """
    first_day = (now - EPOCH) // DAY - LOOK_BACK_DAYS
    ended = steps.stays_ended(session, first_day)
    hours = {status: ended.get(status, Counter()) for status in PASSED_THROUGH}
    long = {status: hours_of(hours[status], 9, 10) for status in PASSED_THROUGH}
    present = now.replace(microsecond=0)
    before = {status: present - timedelta(hours=most) for status, most in long.items() if most is not None}
    stuck = steps.count_staying(session, before, query.country, query.currency)
    items = [
        wire.StatusTime(
            status=status,
            ended=hours[status].total(),
            median_hours=hours_of(hours[status], 1, 2),
            nine_in_ten_hours=long[status],
            stuck=stuck[status],
            stuck_before=before.get(status),
        )
        for status in PASSED_THROUGH
    ]
    since = datetime.combine(day_of(first_day), time(), UTC)
    return wire.StatusTimes(items=items, since=since, as_of=now)


def contradictions(session: Session, query: wire.PlaceFilters, now: datetime) -> wire.Contradictions:
    """Count the orders that each rule catches."""
    present = now.replace(microsecond=0)
    before = {rule.age: present - rule.age for rule in RULES if rule.age is not None}
    ranges = [Wanted(), *(Wanted(end=moment) for moment in before.values())]
    ages = (None, *before)
    counts = dict(zip(ages, count_kinds(session, _orders_of(query), ranges), strict=True))
    items = [
        wire.Contradiction(
            rule=rule.name,
            words=rule.words,
            count=sum(count for kind, count in counts[rule.age].items() if rule.catches(*kind)),
            status=list(rule.statuses),
            payment_status=list(rule.payments),
            fulfillment_status=list(rule.fulfillments),
            created_to=None if rule.age is None else before[rule.age],
        )
        for rule in RULES
    ]
    return wire.Contradictions(items=items, as_of=now)


def hours_of(stays: Counter[int], part: int, whole: int) -> int | None:
    """Return the fewest hours within which `part` of `whole` stays ended; None where none did."""
    wanted, so_far = stays.total() * part, 0
    for hours in sorted(stays):
        so_far += stays[hours] * whole
        if so_far >= wanted and so_far:
            return hours
    return None


def _orders_of(query: wire.PlaceFilters) -> OrderFilters:
    return OrderFilters(country=query.country, currency=query.currency)


def _steps_of(
    session: Session, query: wire.PlaceFilters, ranges: Sequence[tuple[date, date]], zone: ZoneInfo
) -> Counter[tuple[date, str, str, str]]:
    """Count steps by day, status before and after, and reason; ranges of days have no day in common."""
    pieces: list[tuple[date, date, Stretch]] = []
    for first, last in ranges:
        # Where clocks go back over midnight a day begins before the one before has ended.
        start = datetime.combine(first, time(), zone).astimezone(UTC) - _LONGEST_SHIFT
        end = datetime.combine(last + DAY, time(), zone).astimezone(UTC) + _LONGEST_SHIFT
        pieces += [(first, last, piece) for piece in stretches(start, end, zone)]
    found = Counter[tuple[date, str, str, str]]()
    asked = [piece for _, _, piece in pieces]
    for each in steps.tally_steps(session, asked, query.country, query.currency):
        first, last, _ = pieces[each.piece]
        if first <= day_of(each.day) <= last:
            found[day_of(each.day), each.from_status, each.to_status, each.reason] += each.steps
    return found
