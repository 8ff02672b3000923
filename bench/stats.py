"""The figures that the budgets name, those of the Insights page among them; it times nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.table import Case
from lib.orders_client import OrdersClient

ZONE = "Europe/Berlin"
PAGE = (
    "cards",
    "alarms",
    "daily, 28 days",
    "by currency, 28 days",
    "pending age",
    "flow, 28 days",
    "time in status",
    "by country, 28 days",
    "contradictions",
    "by currency, the days before",
    "refunds that were sent",
    "flow, the days before",
    "by country, the days before",
)
"""What the page asks for once it is opened, and each minute."""


def cases(client: OrdersClient) -> Iterator[Case]:
    """Return each call for figures."""
    stats, today = client.stats, datetime.now(UTC).date()
    end = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(hours=23)
    days, months = timedelta(days=28), timedelta(days=90)
    lately: dict[str, Any] = {"created_from": end - days, "created_to": end}
    before: dict[str, Any] = {"created_from": end - 2 * days, "created_to": end - days}
    sent: dict[str, Any] = {
        "status": "REFUNDED",
        "fulfillment_status": ["FULFILLED", "RETURNED", "PARTIALLY_FULFILLED"],
    }
    first, first_of_90 = today - timedelta(days=27), today - timedelta(days=89)
    daily, flow = partial(stats.daily, time_zone=ZONE), partial(stats.flow, time_zone=ZONE)
    by_day, flows = "daily: 28 days; one country's", "flow: 28 days, and those before; one country's"
    groups, others = "by country, and before; by currency, and before", "cards; alarms; time in status"
    ages, months_line = (
        "contradictions; pending age; status; refunds sent",
        "90 days: daily; by country; flow",
    )
    yield Case(others, "28 days", "cards", partial(stats.cards, ZONE))
    yield Case(others, "28 days", "alarms", stats.alarms)
    yield Case(others, "28 days", "time in status", stats.time_in_status)
    yield Case(by_day, "28 days", "daily, 28 days", partial(daily, end - days, end))
    yield Case(by_day, "28 days", "daily, one country", partial(daily, end - days, end, country="DE"))
    yield Case(flows, "28 days", "flow, 28 days", partial(flow, first, today))
    yield Case(flows, "28 days", "flow, the days before", partial(flow, first - days, today - days))
    yield Case(flows, "28 days", "flow, one country", partial(flow, first, today, country=["DE"]))
    yield Case(groups, "28 days", "by country, 28 days", partial(stats.by_country, **lately))
    yield Case(groups, "28 days", "by country, the days before", partial(stats.by_country, **before))
    yield Case(groups, "28 days", "by currency, 28 days", partial(stats.by_currency, **lately))
    yield Case(groups, "28 days", "by currency, the days before", partial(stats.by_currency, **before))
    yield Case(ages, "28 days", "contradictions", stats.contradictions)
    yield Case(ages, "28 days", "pending age", stats.pending_age)
    yield Case(ages, "28 days", "status of all orders", stats.status_counts)
    yield Case(ages, "28 days", "refunds that were sent", partial(stats.status_counts, **lately, **sent))
    yield Case(months_line, "90 days", "daily, 90 days", partial(daily, end - months, end))
    yield Case(
        months_line,
        "90 days",
        "by country, 90 days",
        partial(stats.by_country, created_from=end - months, created_to=end),
    )
    yield Case(months_line, "90 days", "flow, 90 days", partial(flow, first_of_90, today))
