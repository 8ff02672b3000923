"""The calls for figures; it adds nothing up itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Unpack

from lib.orders_client._answers import M, parse
from lib.orders_client._filters import DayFilters, Filters, Places, known
from lib.orders_client._transport import Call, Connection
from lib.orders_client.insights import (
    Alarms,
    Cards,
    Contradictions,
    CountryCounts,
    CurrencyCounts,
    Flow,
    StatusTimes,
)
from lib.orders_client.reports import DailyCounts, PendingAges, StatusCounts


class Stats:
    """Figures for staff; the calls raise what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def status_counts(self, **filters: Unpack[Filters]) -> StatusCounts:
        """Give how many orders are in each status, with sums by currency."""
        return self._ask("status", StatusCounts, known(filters, Filters))

    def daily(self, from_: datetime, to: datetime, **filters: Unpack[DayFilters]) -> DailyCounts:
        """Give a row for each day and status from `from_` up to, not including, `to` (both aware).

        Days are those of `time_zone`, an IANA name, UTC by default.
        """
        params = known({"created_from": from_, "created_to": to}, Filters) | known(filters, DayFilters)
        return self._ask("daily", DailyCounts, params)

    def pending_age(self, **filters: Unpack[Filters]) -> PendingAges:
        """Give how many PENDING orders wait how long."""
        return self._ask("pending-age", PendingAges, known(filters, Filters))

    def by_country(self, **filters: Unpack[Filters]) -> CountryCounts:
        """Give how many orders go to each country, those with most orders first."""
        return self._ask("by-country", CountryCounts, known(filters, Filters))

    def by_currency(self, **filters: Unpack[Filters]) -> CurrencyCounts:
        """Give how many orders are in each currency, and their sums."""
        return self._ask("by-currency", CurrencyCounts, known(filters, Filters))

    def flow(
        self, first_day: date, last_day: date, time_zone: str | None = None, **places: Unpack[Places]
    ) -> Flow:
        """Give how many orders went from which status to which, by day; both days are included."""
        days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
        return self._ask("flow", Flow, {**days, "time_zone": time_zone, **known(places, Places)})

    def cards(self, time_zone: str | None = None, **places: Unpack[Places]) -> Cards:
        """Give how many orders are in each status, and how many came to it lately and usually."""
        return self._ask("cards", Cards, {"time_zone": time_zone, **known(places, Places)})

    def time_in_status(self, **places: Unpack[Places]) -> StatusTimes:
        """Give how long orders are in each status, and how many are stuck there."""
        return self._ask("time-in-status", StatusTimes, known(places, Places))

    def contradictions(self, **places: Unpack[Places]) -> Contradictions:
        """Give how many orders contradict themselves, by rule."""
        return self._ask("contradictions", Contradictions, known(places, Places))

    def alarms(self) -> Alarms:
        """Give what is alarmingly far from the usual, and what is not."""
        return self._ask("alarms", Alarms, {})

    def _ask(self, call: str, model: type[M], params: Mapping[str, Any]) -> M:
        return parse(self._connection.answer(Call("GET", f"/v1/stats/{call}", params=params)), model)
