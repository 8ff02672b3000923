"""What the figures beyond the contract's mean: cards, flow, time in a status, contradictions; no SQL."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from sqlalchemy.orm import Session

from lib.orders_api.domain.clock import zone_of
from lib.orders_api.domain.countries import known_country
from lib.orders_api.domain.money import to_decimal_string
from lib.orders_api.domain.statuses import CancelReason, FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.domain.timeline import NEW
from lib.orders_api.stats import repository
from lib.orders_api.stats import schemas as wire
from lib.orders_api.stats.days import DAY, EPOCH, cut_into_days, day_of
from lib.orders_api.stats.repository import OrderTotals, order_totals
from lib.orders_api.stats.service import in_all, of_kind
from lib.orders_api.store.order_query.filters import OrderFilters

# Not PENDING: cash on delivery is shipped unpaid, and a part may be paid in advance.
_UNPAID = (PaymentStatus.FAILED, PaymentStatus.VOIDED)
_SENT = (FulfillmentStatus.PARTIALLY_FULFILLED, FulfillmentStatus.FULFILLED)
LOOK_BACK_DAYS = 28
WEEKS = 8
PASSED_THROUGH = (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED)
"""The statuses in which an order waits for somebody; the others may be its last."""


@dataclass(frozen=True)
class Rule:
    """Which orders contradict themselves: those with one of each that is named, made `age` ago or before."""

    name: str
    words: str
    statuses: tuple[OrderStatus, ...]
    payments: tuple[PaymentStatus, ...] = ()
    fulfillments: tuple[FulfillmentStatus, ...] = ()
    age: timedelta | None = None

    def catches(self, status: str, payment: str, fulfillment: str) -> bool:
        """Return whether an order of this kind contradicts itself, were it old enough."""
        wanted = ((status, self.statuses), (payment, self.payments), (fulfillment, self.fulfillments))
        return all(not values or value in values for value, values in wanted)


RULES = (
    Rule(
        "CANCELLED_BUT_PAID",
        "Cancelled, but the payment was kept: pay it back, or the order should not be cancelled.",
        (OrderStatus.CANCELLED,),
        (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED),
    ),
    Rule(
        "CANCELLED_BUT_SENT", "Cancelled, but goods were sent.", (OrderStatus.CANCELLED,), fulfillments=_SENT
    ),
    Rule(
        "SENT_BUT_UNPAID",
        "Shipped or delivered, but the payment failed or is void.",
        (OrderStatus.SHIPPED, OrderStatus.DELIVERED),
        _UNPAID,
    ),
    Rule(
        "WORKED_ON_BUT_UNPAID",
        "Confirmed or being prepared, but the payment failed or is void.",
        (OrderStatus.CONFIRMED, OrderStatus.PROCESSING),
        _UNPAID,
    ),
    Rule(
        "SHIPPED_BUT_UNFULFILLED",
        "Shipped or delivered, but nothing was sent.",
        (OrderStatus.SHIPPED, OrderStatus.DELIVERED),
        fulfillments=(FulfillmentStatus.UNFULFILLED,),
    ),
    Rule(
        "REFUNDED_BUT_NOT_PAID_BACK",
        "Refunded, but the payment was not paid back, or only in part.",
        (OrderStatus.REFUNDED,),
        tuple(each for each in PaymentStatus if each is not PaymentStatus.REFUNDED),
    ),
    Rule(
        "PAID_BACK_BUT_NOT_REFUNDED",
        "The whole payment was paid back, but the order goes on.",
        tuple(each for each in OrderStatus if each not in (OrderStatus.REFUNDED, OrderStatus.CANCELLED)),
        (PaymentStatus.REFUNDED,),
    ),
    Rule(
        "PENDING_BUT_SENT",
        "Goods were sent before the order was paid.",
        (OrderStatus.PENDING,),
        fulfillments=_SENT,
    ),
    Rule(
        "PENDING_BUT_PAID",
        "Paid, but still pending an hour after it was placed: the shop did not hear of the payment.",
        (OrderStatus.PENDING,),
        (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED),
        age=timedelta(hours=1),
    ),
)


def by_country(session: Session, query: OrderFilters, now: datetime) -> wire.CountryCounts:
    """Count the orders of each country, those with most orders first."""
    found = order_totals(session, query, "shipping_country", "currency")
    countries = sorted({country for country, _ in found})
    counts = [(known_country(country), in_all(of_kind(found, country))) for country in countries]
    items = [wire.CountryCount(country=country, **count) for country, count in counts]
    return wire.CountryCounts(items=sorted(items, key=lambda item: -item.count), as_of=now)


def by_currency(session: Session, query: OrderFilters, now: datetime) -> wire.CurrencyCounts:
    """Count the orders of each currency, and add them up."""
    found = order_totals(session, query, "currency")
    items = [
        wire.CurrencyCount(currency=code, count=each.orders, total=to_decimal_string(each.total, code))
        for (code,), each in sorted(found.items())
    ]
    return wire.CurrencyCounts(items=items, as_of=now)


def flow(session: Session, query: wire.FlowQuery, now: datetime) -> wire.Flow:
    """Count the changes of status by the day on which they were made."""
    days = cut_into_days(query.first_day, query.last_day, zone_of(query.time_zone))
    found = _changes_by_day(session, query, days)
    items = [
        wire.StatusChangeCount(
            date=day,
            from_=None if before == NEW else OrderStatus(before),
            to=OrderStatus(after),
            cancel_reason=CancelReason(reason) if reason else None,
            count=count,
        )
        for (day, before, after, reason), count in sorted(found.items())
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
    days = cut_into_days(first_day, last_day, zone)
    wanted = [day for day in days if day[0] >= shown[0] or day[0] in same_weekdays]
    for (day, _, after, _), count in _changes_by_day(session, query, wanted).items():
        entered[after][day] += count
    oldest = repository.oldest_order(session)
    is_old_enough = oldest is not None and oldest.astimezone(zone).date() <= first_day
    orders = order_totals(session, _orders_of(query), "status")
    items = [
        wire.Card(
            status=status,
            count=orders[status,].orders if (status,) in orders else 0,
            last_day=last_day,
            entered=entered[status][last_day],
            usual=median(entered[status][day] for day in same_weekdays) if is_old_enough else None,
            days=[wire.DayCount(date=day, count=entered[status][day]) for day in shown],
        )
        for status in OrderStatus
    ]
    return wire.Cards(items=items, as_of=now)


def time_in_status(session: Session, query: wire.PlaceFilters, now: datetime) -> wire.StatusTimes:
    """Return how long orders are in a status, and how many have been in it for longer than nine in ten were.

    How long: as the orders of all countries that left it in the last 28 days and today, by days of UTC.
    """
    first_day = (now - EPOCH) // DAY - LOOK_BACK_DAYS
    since = datetime.combine(day_of(first_day), time(), UTC)
    left = repository.hours_in_status(session, PASSED_THROUGH, since)
    hours = {status: left.get(status, Counter()) for status in PASSED_THROUGH}
    long = {status: hours_of(hours[status], 9, 10) for status in PASSED_THROUGH}
    present = now.replace(microsecond=0)
    before = {status: present - timedelta(hours=most) for status, most in long.items() if most is not None}
    stuck = repository.count_waiting(session, before, query.country, query.currency)
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
    return wire.StatusTimes(items=items, since=since, as_of=now)


def contradictions(session: Session, query: wire.PlaceFilters, now: datetime) -> wire.Contradictions:
    """Count the orders that each rule catches."""
    present = now.replace(microsecond=0)
    places = _orders_of(query)
    of_all = _by_kind(session, places)
    items = []
    for rule in RULES:
        before = None if rule.age is None else present - rule.age
        old = places.model_copy(update={"status": list(rule.statuses), "created_to": before})
        kinds = of_all if before is None else _by_kind(session, old)
        items.append(
            wire.Contradiction(
                rule=rule.name,
                words=rule.words,
                count=sum(each.orders for kind, each in kinds.items() if rule.catches(*kind)),
                status=list(rule.statuses),
                payment_status=list(rule.payments),
                fulfillment_status=list(rule.fulfillments),
                created_to=before,
            )
        )
    return wire.Contradictions(items=items, as_of=now)


def _by_kind(session: Session, filters: OrderFilters) -> dict[tuple[str, ...], OrderTotals]:
    return order_totals(session, filters, "status", "payment_status", "fulfillment_status")


def hours_of(times: Counter[int], part: int, whole: int) -> int | None:
    """Return the fewest hours within which `part` of `whole` orders left; None where none did."""
    wanted, so_far = times.total() * part, 0
    for hours in sorted(times):
        so_far += times[hours] * whole
        if so_far >= wanted and so_far:
            return hours
    return None


def _orders_of(query: wire.PlaceFilters) -> OrderFilters:
    return OrderFilters(country=query.country, currency=query.currency)


def _changes_by_day(
    session: Session, query: wire.PlaceFilters, days: Sequence[tuple[date, datetime, datetime]]
) -> Counter[tuple[date, str, str, str]]:
    """Count changes of status by day, status before and after, and reason."""
    ranges = [(start, end) for _, start, end in days]
    found = Counter[tuple[date, str, str, str]]()
    for each in repository.count_changes(session, ranges, query.country, query.currency):
        found[days[each.place][0], each.from_status, each.to_status, each.reason] += each.orders
    return found
