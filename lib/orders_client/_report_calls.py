"""The calls for figures, the audit log and preferences as values; documented as the client's methods."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Unpack

from . import insights
from ._answers import M, reading
from ._call import Call, nothing
from ._filters import AuditFilters, DayFilters, Filters, Places, known
from .reports import AuditPage, DailyCounts, PendingAges, Preference, Preferences, StatusCounts

PREFERENCES = "/v1/staff/preferences"


def status_counts(**filters: Unpack[Filters]) -> Call[StatusCounts]:
    """Return how many orders are in each status, with sums by currency."""
    return _figures("status", StatusCounts, known(filters, Filters), "status_counts")


def daily(from_: datetime | date, to: datetime | date, **filters: Unpack[DayFilters]) -> Call[DailyCounts]:
    """Return a row for each day and status from `from_` up to, not including, `to`.

    Both are aware times, or dates. Days are those of `time_zone`, an IANA name, UTC by default.
    """
    params = known({"created_from": from_, "created_to": to}, Filters) | known(filters, DayFilters)
    return _figures("daily", DailyCounts, params, "daily")


def pending_age(**filters: Unpack[Filters]) -> Call[PendingAges]:
    """Return how many PENDING orders wait how long."""
    return _figures("pending-age", PendingAges, known(filters, Filters), "pending_age")


def by_country(**filters: Unpack[Filters]) -> Call[insights.CountryCounts]:
    """Return how many orders go to each country, those with most orders first."""
    return _figures("by-country", insights.CountryCounts, known(filters, Filters), "by_country")


def by_currency(**filters: Unpack[Filters]) -> Call[insights.CurrencyCounts]:
    """Return how many orders are in each currency, and their sums."""
    return _figures("by-currency", insights.CurrencyCounts, known(filters, Filters), "by_currency")


def flow(
    first_day: date, last_day: date, time_zone: str | None = None, **places: Unpack[Places]
) -> Call[insights.Flow]:
    """Return how many orders went from which status to which, by day; both days are included."""
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    return _figures("flow", insights.Flow, {**days, "time_zone": time_zone, **known(places, Places)}, "flow")


def cards(time_zone: str | None = None, **places: Unpack[Places]) -> Call[insights.Cards]:
    """Return how many orders are in each status, and how many came to it lately and usually."""
    return _figures("cards", insights.Cards, {"time_zone": time_zone, **known(places, Places)}, "cards")


def time_in_status(**places: Unpack[Places]) -> Call[insights.StatusTimes]:
    """Return how long orders are in each status, and how many are stuck there."""
    return _figures("time-in-status", insights.StatusTimes, known(places, Places), "time_in_status")


def contradictions(**places: Unpack[Places]) -> Call[insights.Contradictions]:
    """Return how many orders contradict themselves, by rule."""
    return _figures("contradictions", insights.Contradictions, known(places, Places), "contradictions")


def alarms() -> Call[insights.Alarms]:
    """Return what is alarmingly far from the usual, and what is not."""
    return _figures("alarms", insights.Alarms, {}, "alarms")


def list_audit(page: int = 1, limit: int = 10, **filters: Unpack[AuditFilters]) -> Call[AuditPage]:
    """Return a page of the audit log, newest first."""
    params = {"page": page, "limit": limit} | known(filters, AuditFilters)
    return Call("GET", "/v1/audit", reading(AuditPage), params=params, more="audit")


def list_preferences() -> Call[Preferences]:
    """Return the caller's own, then everybody's, by name."""
    return Call("GET", PREFERENCES, reading(Preferences), more="preferences")


def keep_preference(
    kind: str, name: str, value: Mapping[str, Sequence[str]], *, shared: bool = False
) -> Call[Preference]:
    """Remember something, instead of what has its kind and name; supervisors may share it."""
    lists = {key: list(each) for key, each in value.items()}
    body = {"kind": kind, "name": name, "value": lists, "shared": shared}
    return Call("PUT", PREFERENCES, reading(Preference), body=body, more="preferences")


def forget_preference(number: int) -> Call[None]:
    """Forget something by its `id`; what is not there any more is none."""
    return Call("DELETE", f"{PREFERENCES}/{{id}}", nothing, str(number), status=204, more="preferences")


def _figures(name: str, model: type[M], params: Mapping[str, Any], more: str) -> Call[M]:
    return Call("GET", f"/v1/stats/{name}", reading(model), params=params, more=more)
