"""Makes figures of orders that were read, where the API has no call for them; pure, it asks for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack
from zoneinfo import ZoneInfo

import pandas as pd

from lib.orders_client import (
    CurrencyTotal,
    DailyCount,
    DailyCounts,
    Filters,
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
_COLUMNS = ["status", "currency", "country", "total", "created_at"]


@dataclass(frozen=True)
class OwnFigures:
    """The calls of `client.stats` that orders alone can answer, with the same answers."""

    ahead: ReadAhead

    def status_counts(self, **filters: Unpack[Filters]) -> StatusCounts:
        """Return how many orders are in each status, those that this desk does not know included."""
        by_status = {str(name): rows for name, rows in self._rows(filters).groupby("status")}
        names = [*STATUSES, *sorted(by_status.keys() - STATUSES.keys())]
        items = [
            StatusCount(status=name, count=len(rows), totals=_totals(rows))
            for name in names
            for rows in [by_status.get(name, _NONE)]
        ]
        return StatusCounts(items=tuple(items), as_of=self.ahead.at)

    def daily(self, from_: datetime, to: datetime, **filters: Unpack[Filters]) -> DailyCounts:
        """Return a row for each day and status that has orders, by the day in `time_zone`."""
        rows = self._rows(filters | {"created_from": from_, "created_to": to})
        zone = ZoneInfo(filters.get("time_zone") or "UTC")
        days = rows.assign(date=[at.astimezone(zone).date() for at in rows["created_at"]])
        items = [
            DailyCount(date=day, status=status, count=len(found), totals=_totals(found))
            for (day, status), found in days.groupby(["date", "status"])
        ]
        return DailyCounts(items=tuple(items), as_of=self.ahead.at)

    def pending_age(self, **filters: Unpack[Filters]) -> PendingAges:
        """Return how many PENDING orders wait how long."""
        placed = self._rows(filters | {"status": "PENDING"})["created_at"]
        items = []
        for name, since, until in AGES:
            age = PendingAge(bucket=name, from_=since, to=until, count=0)
            start, end = age.placed_within(self.ahead.at)
            within = [at for at in placed if (not start or at >= start) and (not end or at < end)]
            items.append(age.model_copy(update={"count": len(within)}))
        return PendingAges(items=tuple(items), as_of=self.ahead.at)

    def by_currency(self, **filters: Unpack[Filters]) -> CurrencyCounts:
        """Return how many orders are in each currency that is given, and their sums."""
        items = [
            CurrencyCount(currency=code, count=len(rows), total=rows["total"].dropna().sum())
            for code, rows in self._rows(filters).groupby("currency")
            if rows["total"].notna().any()
        ]
        return CurrencyCounts(items=tuple(items), as_of=self.ahead.at)

    def by_country(self, **filters: Unpack[Filters]) -> CountryCounts:
        """Return how many orders go to each country that is given, those with most orders first."""
        items = [
            CountryCount(country=code, count=len(rows), totals=_totals(rows))
            for code, rows in self._rows(filters).groupby("country")
        ]
        return CountryCounts(
            items=tuple(sorted(items, key=lambda item: (-item.count, item.country))), as_of=self.ahead.at
        )

    def _rows(self, filters: Any) -> pd.DataFrame:
        found = [order for order in self.ahead.orders if not misfits(order, filters)]
        return _frame(
            (each.status, each.currency, each.shipping_country, each.grand_total, each.created_at)
            for each in found
        )


def _frame(rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    # As they are: money stays exact, times keep their zone.
    return pd.DataFrame(list(rows), columns=_COLUMNS, dtype=object)


def _totals(rows: pd.DataFrame) -> tuple[CurrencyTotal, ...]:
    given = rows.dropna(subset=["currency", "total"])
    sums = given.groupby("currency")["total"].sum()
    return tuple(CurrencyTotal(currency=str(code), total=total) for code, total in sums.items())


_NONE = _frame(())
