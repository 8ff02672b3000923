"""The calls for figures, the audit log and preferences as methods; what each does, `_report_calls` says."""

from __future__ import annotations

from . import _report_calls
from ._calls import C, Calls, call


class Stats(Calls[C]):
    """Figures for staff; the calls add nothing up themselves."""

    status_counts = call(_report_calls.status_counts)
    daily = call(_report_calls.daily)
    pending_age = call(_report_calls.pending_age)
    by_country = call(_report_calls.by_country)
    by_currency = call(_report_calls.by_currency)
    flow = call(_report_calls.flow)
    cards = call(_report_calls.cards)
    time_in_status = call(_report_calls.time_in_status)
    contradictions = call(_report_calls.contradictions)
    alarms = call(_report_calls.alarms)


class Audit(Calls[C]):
    """Who did what to which order, when and why."""

    list = call(_report_calls.list_audit)


class StaffPreferences(Calls[C]):
    """What staff have the dashboard remember."""

    list = call(_report_calls.list_preferences)
    keep = call(_report_calls.keep_preference)
    forget = call(_report_calls.forget_preference)
