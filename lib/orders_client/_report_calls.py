"""The calls for figures and for the audit log as values, which the sync and the async client send alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ._answers import M, parse
from ._call import Call, nothing
from ._filters import AuditFilters, DayFilters, Filters, Places, known
from .insights import (
    Alarms,
    Cards,
    Contradictions,
    CountryCounts,
    CurrencyCounts,
    Flow,
    StatusTimes,
)
from .reports import AuditPage, DailyCounts, PendingAges, Preference, Preferences, StatusCounts

PREFERENCES = "/v1/staff/preferences"


def status_counts(filters: Mapping[str, Any]) -> Call[StatusCounts]:
    """Ask for the orders in each status."""
    return _figures("status", StatusCounts, known(filters, Filters), "status_counts")


def daily(from_: datetime | date, to: datetime | date, filters: Mapping[str, Any]) -> Call[DailyCounts]:
    """Ask for a row per day and status."""
    params = known({"created_from": from_, "created_to": to}, Filters) | known(filters, DayFilters)
    return _figures("daily", DailyCounts, params, "daily")


def pending_age(filters: Mapping[str, Any]) -> Call[PendingAges]:
    """Ask how long PENDING orders wait."""
    return _figures("pending-age", PendingAges, known(filters, Filters), "pending_age")


def by_country(filters: Mapping[str, Any]) -> Call[CountryCounts]:
    """Ask for the orders to each country."""
    return _figures("by-country", CountryCounts, known(filters, Filters), "by_country")


def by_currency(filters: Mapping[str, Any]) -> Call[CurrencyCounts]:
    """Ask for the orders in each currency."""
    return _figures("by-currency", CurrencyCounts, known(filters, Filters), "by_currency")


def flow(first_day: date, last_day: date, time_zone: str | None, places: Mapping[str, Any]) -> Call[Flow]:
    """Ask for the changes of status by day."""
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    return _figures("flow", Flow, {**days, "time_zone": time_zone, **known(places, Places)}, "flow")


def cards(time_zone: str | None, places: Mapping[str, Any]) -> Call[Cards]:
    """Ask for a card for each status."""
    return _figures("cards", Cards, {"time_zone": time_zone, **known(places, Places)}, "cards")


def time_in_status(places: Mapping[str, Any]) -> Call[StatusTimes]:
    """Ask how long orders are in each status."""
    return _figures("time-in-status", StatusTimes, known(places, Places), "time_in_status")


def contradictions(places: Mapping[str, Any]) -> Call[Contradictions]:
    """Ask for the orders that contradict themselves."""
    return _figures("contradictions", Contradictions, known(places, Places), "contradictions")


def alarms() -> Call[Alarms]:
    """Ask for what is watched."""
    return _figures("alarms", Alarms, {}, "alarms")


def list_audit(page: int, limit: int, filters: Mapping[str, Any]) -> Call[AuditPage]:
    """Ask for a page of the audit log."""
    params = {"page": page, "limit": limit} | known(filters, AuditFilters)
    return Call("GET", "/v1/audit", lambda answer: parse(answer, AuditPage), params=params, more="audit")


def list_preferences() -> Call[Preferences]:
    """Ask for what a staff member has remembered, and everybody's."""
    return Call("GET", PREFERENCES, lambda answer: parse(answer, Preferences), more="preferences")


def keep_preference(
    kind: str, name: str, value: Mapping[str, Sequence[str]], shared: bool
) -> Call[Preference]:
    """Ask to remember something."""
    body = {
        "kind": kind,
        "name": name,
        "value": {key: list(each) for key, each in value.items()},
        "shared": shared,
    }
    return Call("PUT", PREFERENCES, lambda answer: parse(answer, Preference), body=body, more="preferences")


def forget_preference(number: int) -> Call[None]:
    """Ask to forget something."""
    return Call("DELETE", f"{PREFERENCES}/{{id}}", nothing, str(number), status=204, more="preferences")


def _figures(name: str, model: type[M], params: Mapping[str, Any], more: str) -> Call[M]:
    return Call("GET", f"/v1/stats/{name}", lambda answer: parse(answer, model), params=params, more=more)
