"""The calls for figures and for the audit log; they add nothing up themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Unpack

from . import _report_calls
from ._filters import AuditFilters, DayFilters, Filters, Places
from ._transport import Connection
from .insights import Alarms, Cards, Contradictions, CountryCounts, CurrencyCounts, Flow, StatusTimes
from .reports import AuditPage, DailyCounts, PendingAges, Preference, Preferences, StatusCounts


class Stats:
    """Figures for staff; the calls raise what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def status_counts(self, **filters: Unpack[Filters]) -> StatusCounts:
        """Return how many orders are in each status, with sums by currency."""
        return self._connection.call(_report_calls.status_counts(filters))

    def daily(
        self, from_: datetime | date, to: datetime | date, **filters: Unpack[DayFilters]
    ) -> DailyCounts:
        """Return a row for each day and status from `from_` up to, not including, `to`.

        Both are aware times, or dates. Days are those of `time_zone`, an IANA name, UTC by default.
        """
        return self._connection.call(_report_calls.daily(from_, to, filters))

    def pending_age(self, **filters: Unpack[Filters]) -> PendingAges:
        """Return how many PENDING orders wait how long."""
        return self._connection.call(_report_calls.pending_age(filters))

    def by_country(self, **filters: Unpack[Filters]) -> CountryCounts:
        """Return how many orders go to each country, those with most orders first."""
        return self._connection.call(_report_calls.by_country(filters))

    def by_currency(self, **filters: Unpack[Filters]) -> CurrencyCounts:
        """Return how many orders are in each currency, and their sums."""
        return self._connection.call(_report_calls.by_currency(filters))

    def flow(
        self, first_day: date, last_day: date, time_zone: str | None = None, **places: Unpack[Places]
    ) -> Flow:
        """Return how many orders went from which status to which, by day; both days are included."""
        return self._connection.call(_report_calls.flow(first_day, last_day, time_zone, places))

    def cards(self, time_zone: str | None = None, **places: Unpack[Places]) -> Cards:
        """Return how many orders are in each status, and how many came to it lately and usually."""
        return self._connection.call(_report_calls.cards(time_zone, places))

    def time_in_status(self, **places: Unpack[Places]) -> StatusTimes:
        """Return how long orders are in each status, and how many are stuck there."""
        return self._connection.call(_report_calls.time_in_status(places))

    def contradictions(self, **places: Unpack[Places]) -> Contradictions:
        """Return how many orders contradict themselves, by rule."""
        return self._connection.call(_report_calls.contradictions(places))

    def alarms(self) -> Alarms:
        """Return what is alarmingly far from the usual, and what is not."""
        return self._connection.call(_report_calls.alarms())


class Audit:
    """Who did what to which order, when and why; the call raises what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, page: int = 1, limit: int = 10, **filters: Unpack[AuditFilters]) -> AuditPage:
        """Return a page of the audit log, newest first."""
        return self._connection.call(_report_calls.list_audit(page, limit, filters))


class StaffPreferences:
    """What staff have the dashboard remember; the calls raise what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Preferences:
        """Return the caller's own, then everybody's, by name."""
        return self._connection.call(_report_calls.list_preferences())

    def keep(
        self, kind: str, name: str, value: Mapping[str, Sequence[str]], *, shared: bool = False
    ) -> Preference:
        """Remember something, instead of what has its kind and name; supervisors may share it."""
        return self._connection.call(_report_calls.keep_preference(kind, name, value, shared))

    def forget(self, number: int) -> None:
        """Forget something by its `id`; what is not there any more is none."""
        self._connection.call(_report_calls.forget_preference(number))
