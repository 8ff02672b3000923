"""Names the insights' session-state keys; the bound ones are also the parameters of its address."""

from __future__ import annotations

INSIGHTS_RANGE = "insights_range"
INSIGHTS_FROM = "insights_from"
INSIGHTS_TO = "insights_to"
INSIGHTS_COUNTRY = "insights_country"
INSIGHTS_CURRENCY = "insights_currency"
INSIGHTS_SHARE = "insights_share"
INSIGHTS_PRINT = "insights_print"
INSIGHTS_BAR = "insights_bar"  # this and the next one are containers, which the print style sheet names
INSIGHTS_SHEET = "insights_sheet"
INSIGHTS_CARD = "insights_card"
INSIGHTS_CAME = "insights_came"
INSIGHTS_DAILY = "insights_daily"
INSIGHTS_WAITING = "insights_waiting"
INSIGHTS_PROGRESS = "insights_progress"
INSIGHTS_FLOW = "insights_flow"
INSIGHTS_REASONS = "insights_reasons"
INSIGHTS_CURRENCIES = "insights_currencies"
INSIGHTS_COUNTRIES = "insights_countries"
INSIGHTS_STUCK = "insights_stuck"
INSIGHTS_CONTRADICTIONS = "insights_contradictions"
INSIGHTS_ALARMS = "insights_alarms"
INSIGHTS_RAISED = "insights_raised"
INSIGHTS_LINKS = "insights_links"  # where a click on each chart and table leads
