"""Makes figures of orders that were read, where the API has no call for them; pure, it asks for nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar, Unpack
from zoneinfo import ZoneInfo

from lib.orders_client import (
    CurrencyTotal,
    DailyCount,
    DailyCounts,
    Filters,
    OrderListItem,
    PendingAge,
    PendingAges,
    StatusCount,
    StatusCounts,
    misfits,
)
from lib.orders_client.insights import CountryCount, CountryCounts, CurrencyCount, CurrencyCounts
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

    def by_currency(self, **filters: Unpack[Filters]) -> CurrencyCounts:
        """Return how many orders are in each currency that is given, and their sums."""
        groups = _grouped(self._orders(filters), lambda order: order.currency)
        items = [
            CurrencyCount(currency=total.currency, count=len(groups[total.currency]), total=total.total)
            for total in _totals(self._orders(filters))
        ]
        return CurrencyCounts(items=tuple(items), as_of=self.ahead.at)

    def by_country(self, **filters: Unpack[Filters]) -> CountryCounts:
        """Return how many orders go to each country that is given, those with most orders first."""
        groups = _grouped(self._orders(filters), lambda order: order.shipping_country)
        items = [
            CountryCount(country=code, count=len(orders), totals=_totals(orders))
            for code, orders in groups.items()
            if code is not None
        ]
        items.sort(key=lambda item: (-item.count, item.country))
        return CountryCounts(items=tuple(items), as_of=self.ahead.at)

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
