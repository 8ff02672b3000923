"""Shapes the figures that are compared with nothing, and the addresses behind their rows; pure."""

from __future__ import annotations

import pandas as pd

from lib.orders_client import DailyCounts, PendingAges
from lib.orders_client.insights import Contradictions, StatusTimes
from lib.ui.insights.shapes import Shaped
from lib.ui.shared.order_links import OrderLinks
from lib.ui.shared.statuses import STATUSES, label_of, look


def days_table(daily: DailyCounts, links: OrderLinks) -> Shaped:
    """Make a row for each day and status that has orders."""
    items = [item for item in daily.items if item.count]
    rows = [(item.date.isoformat(), label_of(STATUSES, item.status), item.count) for item in items]
    return Shaped(
        pd.DataFrame(rows, columns=["day", "status", "orders"]),
        tuple(links.to([item.status], days=(item.date, item.date)) for item in items),
    )


def waiting_table(ages: PendingAges, links: OrderLinks) -> Shaped:
    """Make a row for each span of waiting for a payment."""
    color = look(STATUSES, "PENDING").hex
    rows = [(item.bucket, item.count, color) for item in ages.items]
    ranges = [item.placed_within(ages.as_of) for item in ages.items]
    return Shaped(
        _bars(rows),
        tuple(links.to(["PENDING"], times={"created_from": a, "created_to": b}) for a, b in ranges),
    )


def stuck_table(times: StatusTimes, links: OrderLinks) -> Shaped:
    """Make a row for each status that orders pass through; no number where nobody can say what is long."""
    rows = [
        (
            label_of(STATUSES, item.status),
            _span(item.median_hours),
            _span(item.nine_in_ten_hours),
            item.stuck if item.stuck_before else None,
        )
        for item in times.items
    ]
    table = pd.DataFrame(rows, columns=["status", "median", "nine_in_ten", "orders"])
    return Shaped(
        table.astype({"orders": "Int64"}),
        tuple(
            links.to([item.status], times={"status_to": item.stuck_before}) if item.stuck_before else None
            for item in times.items
        ),
    )


def contradictions_table(found: Contradictions, links: OrderLinks) -> Shaped:
    """Make a row for each rule that some order breaks."""
    broken = [item for item in found.items if item.count]
    return Shaped(
        pd.DataFrame([(item.words, item.count) for item in broken], columns=["rule", "orders"]),
        tuple(
            links.to(
                item.status,
                item.payment_status,
                item.fulfillment_status,
                times={"created_to": item.created_to},
            )
            for item in broken
        ),
    )


def _bars(rows: list[tuple[str, int, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "orders", "color"])


def _span(hours: int | None) -> str:
    if hours is None:
        return "–"
    return f"{hours} h" if hours < 48 else f"{hours // 24} d {hours % 24} h"
