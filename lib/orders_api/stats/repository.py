"""Counts orders and changes of status; the only module of this folder with SQL, and without a rule."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Interval,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from lib.orders_api.domain.statuses import CancelReason, OrderStatus
from lib.orders_api.domain.timeline import NEW
from lib.orders_api.stats.days import DAY, Stretch, day_number, day_of
from lib.orders_api.store.order_query.conditions import order_conditions
from lib.orders_api.store.order_query.filters import OrderFilters, facet_conditions
from lib.orders_api.store.tables.base import OrderTime
from lib.orders_api.store.tables.orders import FACETS, Order, TimelineEntry
from lib.orders_api.store.tables.stats import OrderCount

_DAY_SECONDS = DAY // timedelta(seconds=1)
Range = tuple[datetime, datetime]
"""Half open."""

_KINDS = ", ".join(
    f"('{before}', '{after}', '{reason}')"
    for before, after in product((NEW, *OrderStatus), OrderStatus)
    for reason in (("", *CancelReason) if after is OrderStatus.CANCELLED else ("",))
)
"""All changes of status that there may be."""
_COUNT_CHANGES = """
    WITH kinds (before_it, after_it, why) AS (VALUES {kinds}),
    ranges (place, start_at, end_at) AS (VALUES {ranges}),
    occurring AS MATERIALIZED (
        SELECT * FROM kinds WHERE EXISTS (
            SELECT 1 FROM timeline WHERE to_status = after_it AND from_status = before_it
                AND at >= :first AND at < :last AND reason = why))
    SELECT place, before_it, after_it, why, (
        SELECT count(*) FROM timeline WHERE to_status = after_it AND from_status = before_it
            AND at >= start_at AND at < end_at AND reason = why {places})
    FROM ranges CROSS JOIN occurring
"""
"""Each kind of change in each range is one part of an index: that is faster by far than to group them."""
_OF_PLACES = """
    -- Written so that no database takes it for a join: the orders are found once, and looked up in memory.
    AND (+order_id IN (SELECT id FROM orders WHERE {checks})) IS TRUE
"""


class OrderTotals(NamedTuple):
    """How many orders there are, and what they come to in minor units of their currency."""

    orders: int
    total: int


NOTHING = OrderTotals(0, 0)


class Change(NamedTuple):
    """How many orders went from one status to another, within one of the ranges that were asked for."""

    place: int
    """Which range."""
    from_status: str
    to_status: str
    reason: str
    orders: int


def order_totals(session: Session, filters: OrderFilters, *by: str) -> dict[tuple[str, ...], OrderTotals]:
    """Count and add up the orders that are meant, by some of their FACETS."""
    are_kept = _are_facets_alone(filters)
    kinds = [getattr(OrderCount if are_kept else Order, name) for name in by]
    groups = _groups(session, kinds)
    if are_kept:
        kept = select(*groups, func.sum(OrderCount.orders), func.sum(OrderCount.total))
        counted = kept.where(*facet_conditions(filters, OrderCount))
    else:
        fresh = select(*groups, func.count(), func.sum(Order.grand_total))
        counted = fresh.where(*order_conditions(session, filters))
    rows = session.execute(counted.group_by(*groups))
    return {_kind(group): OrderTotals(int(n), int(total)) for *group, n, total in rows if n}


def _groups(session: Session, kinds: Iterable[Any]) -> list[ColumnElement[Any]]:
    """Return by what to group; SQLite sorts one text in less than half the time that it takes for several."""
    if not _is_sqlite(session):
        return list(kinds)
    return [reduce(lambda joined, each: joined.concat(" ").concat(each), kinds).label("kind")]


def _kind(group: Iterable[object]) -> tuple[str, ...]:
    """Return the values of the kinds by which was grouped; none of them holds a space."""
    return tuple(" ".join(map(str, group)).split(" "))


def _are_facets_alone(filters: OrderFilters) -> bool:
    """Return whether nothing is asked that the kept counts do not know."""
    known = {*FACETS, "country", "reached", "time_zone"}
    return not filters.model_dump(exclude=known, exclude_defaults=True)


def totals_by_day(
    session: Session, filters: OrderFilters, stretches: Iterable[Stretch]
) -> dict[tuple[date, str], dict[str, OrderTotals]]:
    """Count and add up the orders that were made in stretches of time, by day and status, then currency."""
    found: dict[tuple[date, str], dict[str, OrderTotals]] = {}
    for stretch in stretches:
        first = day_number(stretch.start, stretch)
        for *group, orders, total in session.execute(_by_day(session, filters, stretch)):
            day, status, currency = _kind(group)
            of_day = found.setdefault((day_of(first + int(day)), status), {})
            # A day that begins twice, because clocks go back over midnight, is in two stretches.
            before = of_day.get(currency, NOTHING)
            of_day[currency] = OrderTotals(before.orders + orders, before.total + int(total))
    return found


def _by_day(session: Session, filters: OrderFilters, stretch: Stretch) -> Select[*tuple[Any, ...]]:
    within = filters.model_copy(update={"created_from": stretch.start, "created_to": stretch.end})
    first = day_number(stretch.start, stretch)
    if _is_sqlite(session):
        seconds = type_coerce(Order.created_at, Integer) + (stretch.offset - first * _DAY_SECONDS)
        day: ColumnElement[Any] = cast(seconds, Integer).op("/")(_DAY_SECONDS)
    else:
        # In UTC first, for otherwise it is a day of the server's zone.
        in_utc = func.timezone("UTC", Order.created_at)
        moved = cast(in_utc + literal(timedelta(seconds=stretch.offset), Interval()), Date)
        day = (moved - day_of(first)).label("day")
    groups = _groups(session, (day, Order.status, Order.currency))
    counted = select(*groups, func.count(), func.sum(Order.grand_total))
    return counted.where(*order_conditions(session, within)).group_by(*groups)


def count_by_age(session: Session, filters: OrderFilters, bounds: Sequence[datetime]) -> Counter[int]:
    """Count the orders that are meant by how many of the bounds, the newest first, they were made before."""
    place = case(
        *((Order.created_at >= bound, number) for number, bound in enumerate(bounds)), else_=len(bounds)
    ).label("place")
    rows = session.execute(
        select(place, func.count()).where(*order_conditions(session, filters)).group_by(place)
    )
    return Counter({number: orders for number, orders in rows})


def count_made(session: Session, ranges: Sequence[Range]) -> list[Counter[str]]:
    """Count the orders that were made in each range of time, by the status that they have now."""
    parts = [
        select(literal(place), Order.status, func.count())
        .where(Order.created_at >= start, Order.created_at < end)
        .group_by(Order.status)
        for place, (start, end) in enumerate(ranges)
    ]
    found = [Counter[str]() for _ in ranges]
    for place, status, orders in session.execute(union_all(*parts)):
        found[place][status] = orders
    return found


def count_changes(
    session: Session, ranges: Sequence[Range], countries: Sequence[str] = (), currencies: Sequence[str] = ()
) -> list[Change]:
    """Count the changes of status of each kind in each range of time."""
    if not ranges:
        return []
    first, last = min(start for start, _ in ranges), max(end for _, end in ranges)
    times = {"first": first, "last": last}
    for place, (start, end) in enumerate(ranges):
        times |= {f"start_{place}": start, f"end_{place}": end}
    places = {"shipping_country": list(countries), "currency": list(currencies)}
    wanted = {facet: values for facet, values in places.items() if values}
    checks = " AND ".join(f"{facet} IN :{facet}" for facet in wanted)
    counted = text(
        _COUNT_CHANGES.format(
            kinds=_KINDS,
            ranges=", ".join(f"({place}, :start_{place}, :end_{place})" for place in range(len(ranges))),
            places=_OF_PLACES.format(checks=checks) if wanted else "",
        )
    ).bindparams(
        *(bindparam(name, type_=OrderTime()) for name in times),
        *(bindparam(facet, expanding=True) for facet in wanted),
    )
    return [Change(*row) for row in session.execute(counted, {**times, **wanted}) if row[-1]]


def hours_in_status(
    session: Session, statuses: Iterable[OrderStatus], since: datetime
) -> dict[str, Counter[int]]:
    """Count the orders that left each of these statuses since then, by how many hours they had been in it."""
    # One select for each status: to group by a number alone takes half as long.
    parts = [
        select(literal(status.value), TimelineEntry.status_hours, func.count())
        .where(
            TimelineEntry.to_status.in_(list(OrderStatus)),
            TimelineEntry.from_status == status,
            TimelineEntry.at >= since,
        )
        .group_by(TimelineEntry.status_hours)
        for status in statuses
    ]
    found: dict[str, Counter[int]] = {}
    for status, hours, orders in session.execute(union_all(*parts)):
        found.setdefault(status, Counter())[hours or 0] = orders
    return found


def count_waiting(
    session: Session,
    before: Mapping[OrderStatus, datetime],
    countries: Sequence[str],
    currencies: Sequence[str],
) -> Counter[str]:
    """Count, by status, the orders that came to it before the time given for it, and still are in it."""
    places = OrderFilters(country=list(countries), currency=list(currencies))
    # By the status: few orders are in one of these. SQLite would take another index.
    others = facet_conditions(places, Order, indexed_up_to=0 if _is_sqlite(session) else None)
    parts = [
        select(literal(status.value), func.count()).where(
            Order.status == status, Order.status_since < at, *others
        )
        for status, at in before.items()
    ]
    return Counter(dict(session.execute(union_all(*parts)).all())) if parts else Counter()


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def oldest_order(session: Session) -> datetime | None:
    """Return when the first order was made."""
    return session.scalar(select(func.min(Order.created_at)))


def newest_order(session: Session) -> datetime | None:
    """Return when the last order was made."""
    return session.scalar(select(func.max(Order.created_at)))
