"""Takes each figure from the API where it has a call for it, else makes it of the newest orders."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar, Unpack
from zoneinfo import ZoneInfo

from lib.orders_client import (
    Capabilities,
    CurrencyTotal,
    DailyCount,
    DailyCounts,
    Filters,
    OrderListItem,
    OrdersClient,
    PendingAge,
    PendingAges,
    StatusCount,
    StatusCounts,
    insights,
    misfits,
)
from lib.ui.insights.bar import Scope
from lib.ui.shared.format import Reader
from lib.ui.shared.read_ahead import ReadAhead
from lib.ui.shared.statuses import STATUSES

AGES: tuple[tuple[str, int, int | None], ...] = (
    ("under 1 hour", 0, 1),
    ("1 to 4 hours", 1, 4),
    ("4 to 24 hours", 4, 24),
    ("1 to 3 days", 24, 72),
    ("3 to 7 days", 72, 168),
    ("7 days or more", 168, None),
)
K = TypeVar("K", bound=Hashable)
MADE_HERE = ("status_counts", "daily", "pending_age", "by_currency", "by_country")
"""The calls that the desk can answer itself."""
NEEDED = {"by_currency": ("currency", "grand_total"), "by_country": ("shipping_country",)}


@dataclass(frozen=True)
class OwnFigures:
    """The calls of `client.stats` that orders alone can answer, with the same answers."""

    ahead: ReadAhead

    def status_counts(self, **filters: Unpack[Filters]) -> StatusCounts:
        """Return how many orders are in each status, those that this desk does not know included."""
        groups = _grouped(self._orders(filters), lambda order: order.status)
        names = [*STATUSES, *sorted(groups.keys() - STATUSES.keys())]
        items = [
            StatusCount(status=name, count=len(orders), totals=_totals(orders))
            for name in names
            for orders in [groups.get(name, [])]
        ]
        return StatusCounts(items=tuple(items), as_of=self.ahead.at)

    def daily(self, from_: datetime, to: datetime, **filters: Unpack[Filters]) -> DailyCounts:
        """Return a row for each day and status that has orders, by the day in `time_zone`."""
        zone = ZoneInfo(filters.get("time_zone") or "UTC")
        groups = _grouped(
            self._orders(filters | {"created_from": from_, "created_to": to}),
            lambda order: (order.created_at.astimezone(zone).date(), order.status),
        )
        items = [
            DailyCount(date=day, status=status, count=len(orders), totals=_totals(orders))
            for (day, status), orders in sorted(groups.items())
        ]
        return DailyCounts(items=tuple(items), as_of=self.ahead.at)

    def pending_age(self, **filters: Unpack[Filters]) -> PendingAges:
        """Return how many PENDING orders wait how long."""
        placed = [order.created_at for order in self._orders(filters | {"status": "PENDING"})]
        items = []
        for name, since, until in AGES:
            age = PendingAge(bucket=name, from_=since, to=until, count=0)
            start, end = age.placed_within(self.ahead.at)
            within = [at for at in placed if (not start or at >= start) and (not end or at < end)]
            items.append(age.model_copy(update={"count": len(within)}))
        return PendingAges(items=tuple(items), as_of=self.ahead.at)

    def by_currency(self, **filters: Unpack[Filters]) -> insights.CurrencyCounts:
        """Return how many orders are in each currency that is given, and their sums."""
        groups = _grouped(self._orders(filters), lambda order: order.currency)
        items = [
            insights.CurrencyCount(
                currency=total.currency, count=len(groups[total.currency]), total=total.total
            )
            for total in _totals(self._orders(filters))
        ]
        return insights.CurrencyCounts(items=tuple(items), as_of=self.ahead.at)

    def by_country(self, **filters: Unpack[Filters]) -> insights.CountryCounts:
        """Return how many orders go to each country that is given, those with most orders first."""
        groups = _grouped(self._orders(filters), lambda order: order.shipping_country)
        items = [
            insights.CountryCount(country=code, count=len(orders), totals=_totals(orders))
            for code, orders in groups.items()
            if code is not None
        ]
        items.sort(key=lambda item: (-item.count, item.country))
        return insights.CountryCounts(items=tuple(items), as_of=self.ahead.at)

    def _orders(self, filters: Any) -> list[OrderListItem]:
        return [order for order in self.ahead.orders if not misfits(order, filters)]


def _grouped(
    orders: Iterable[OrderListItem], key: Callable[[OrderListItem], K]
) -> dict[K, list[OrderListItem]]:
    groups: dict[K, list[OrderListItem]] = {}
    for order in orders:
        groups.setdefault(key(order), []).append(order)
    return groups


def _totals(orders: Iterable[OrderListItem]) -> tuple[CurrencyTotal, ...]:
    """Add up within each currency what is given."""
    sums: dict[str, Decimal] = {}
    for order in orders:
        if order.currency is not None and order.grand_total is not None:
            sums[order.currency] = sums.get(order.currency, Decimal(0)) + order.grand_total
    return tuple(CurrencyTotal(currency=code, total=total) for code, total in sorted(sums.items()))


def all_from_api(can: Capabilities) -> bool:
    """Return whether no figure has to be made here."""
    return all(getattr(can, call) for call in MADE_HERE)


@dataclass(frozen=True)
class Figures:
    """Where figures come from; `read` reads the newest orders, and is called only if one is made of them."""

    client: OrdersClient
    can: Capabilities
    read: Callable[[], ReadAhead]

    def own(self, *calls: str) -> OwnFigures | None:
        """Return what makes these figures here; None where the API has calls for all of them."""
        return None if all(getattr(self.can, call) for call in calls) else OwnFigures(self.read())

    def made_of(self, reader: Reader, *calls: str) -> str:
        """Say of how many orders these figures are made; nothing where they are the API's own."""
        own = self.own(*calls)
        if own is None:
            return ""
        ahead = own.ahead
        of_all = "" if ahead.whole else f" of {reader.number(ahead.total)}"
        said = f"Made of {ahead.in_words(reader)}{of_all}, read at {reader.clock(ahead.at)}"
        fields = [field for call in calls for field in NEEDED.get(call, ())]
        lacking = sum(any(getattr(order, field) is None for field in fields) for order in ahead.orders)
        return f"{said}; {reader.number(lacking)} of them don't say enough to be in it" if lacking else said

    def covered(self, scope: Scope, reader: Reader) -> Scope | None:
        """Return as many of the scope's last days as were read whole; None: not even the last one."""
        own = self.own("daily", "by_currency", "by_country")
        if own is None or not own.ahead.newest or own.ahead.reaches(scope.times(reader)[0]):
            return scope
        oldest = own.ahead.orders[-1].created_at.astimezone(reader.zone).date()
        first = max(scope.first_day, oldest + timedelta(days=1))
        return replace(scope, first_day=first) if first <= scope.last_day else None

    def knows_before(self, scope: Scope, reader: Reader) -> bool:
        """Return whether the days before the scope are known as well as its own."""
        own = self.own("by_currency", "by_country")
        return own is None or own.ahead.reaches(scope.times(reader, scope.before)[0])
