"""The calls for figures and for the audit log for async code; what each does, Stats and Audit say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Unpack

from . import _report_calls
from ._async_transport import AsyncConnection
from ._filters import AuditFilters, DayFilters, Filters, Places
from .insights import Alarms, Cards, Contradictions, CountryCounts, CurrencyCounts, Flow, StatusTimes
from .reports import AuditPage, DailyCounts, PendingAges, Preference, Preferences, StatusCounts


class AsyncStats:
    """Figures for staff; see Stats."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def status_counts(self, **filters: Unpack[Filters]) -> StatusCounts:
        """Return how many orders are in each status, with sums by currency."""
        return await self._connection.call(_report_calls.status_counts(filters))

    async def daily(
        self, from_: datetime | date, to: datetime | date, **filters: Unpack[DayFilters]
    ) -> DailyCounts:
        """Return a row for each day and status from `from_` up to, not including, `to`."""
        return await self._connection.call(_report_calls.daily(from_, to, filters))

    async def pending_age(self, **filters: Unpack[Filters]) -> PendingAges:
        """Return how many PENDING orders wait how long."""
        return await self._connection.call(_report_calls.pending_age(filters))

    async def by_country(self, **filters: Unpack[Filters]) -> CountryCounts:
        """Return how many orders go to each country."""
        return await self._connection.call(_report_calls.by_country(filters))

    async def by_currency(self, **filters: Unpack[Filters]) -> CurrencyCounts:
        """Return how many orders are in each currency."""
        return await self._connection.call(_report_calls.by_currency(filters))

    async def flow(
        self, first_day: date, last_day: date, time_zone: str | None = None, **places: Unpack[Places]
    ) -> Flow:
        """Return how many orders went from which status to which, by day."""
        return await self._connection.call(_report_calls.flow(first_day, last_day, time_zone, places))

    async def cards(self, time_zone: str | None = None, **places: Unpack[Places]) -> Cards:
        """Return how many orders are in each status, and how many came to it lately."""
        return await self._connection.call(_report_calls.cards(time_zone, places))

    async def time_in_status(self, **places: Unpack[Places]) -> StatusTimes:
        """Return how long orders are in each status."""
        return await self._connection.call(_report_calls.time_in_status(places))

    async def contradictions(self, **places: Unpack[Places]) -> Contradictions:
        """Return how many orders contradict themselves, by rule."""
        return await self._connection.call(_report_calls.contradictions(places))

    async def alarms(self) -> Alarms:
        """Return what is alarmingly far from the usual."""
        return await self._connection.call(_report_calls.alarms())


class AsyncAudit:
    """Who did what to which order, when and why; see Audit."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(self, page: int = 1, limit: int = 10, **filters: Unpack[AuditFilters]) -> AuditPage:
        """Return a page of the audit log, newest first."""
        return await self._connection.call(_report_calls.list_audit(page, limit, filters))


class AsyncStaffPreferences:
    """What staff have the dashboard remember for them; see StaffPreferences."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(self) -> Preferences:
        """Return the caller's own, then everybody's, by name."""
        return await self._connection.call(_report_calls.list_preferences())

    async def keep(
        self, kind: str, name: str, value: Mapping[str, Sequence[str]], *, shared: bool = False
    ) -> Preference:
        """Remember something, instead of what has its kind and name; supervisors may share it."""
        return await self._connection.call(_report_calls.keep_preference(kind, name, value, shared))

    async def forget(self, number: int) -> None:
        """Forget something by its `id`; what is not there any more is none."""
        await self._connection.call(_report_calls.forget_preference(number))
