"""Shapes the insights' figures into tables and the addresses behind their rows; pure, it draws nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from lib.orders_client import CurrencyTotal, DailyCounts, PendingAges
from lib.orders_client.insights import (
    Contradictions,
    CountryCounts,
    CurrencyCounts,
    Flow,
    StatusTimes,
)
from lib.ui.cancelling import NO_REASON, REASONS, UNKNOWN_REASON
from lib.ui.format import Reader, country
from lib.ui.order_links import Address, OrderLinks
from lib.ui.statuses import STATUSES, label_of, look

_NEUTRAL = "#5b62e0"
_PAID = ("CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "REFUNDED")
STAGES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("Placed", tuple(STATUSES), _NEUTRAL),
    ("Still pending", ("PENDING",), look(STATUSES, "PENDING").hex),
    ("Cancelled", ("CANCELLED",), look(STATUSES, "CANCELLED").hex),
    ("Paid", _PAID, look(STATUSES, "CONFIRMED").hex),
    ("Refunded", ("REFUNDED",), look(STATUSES, "REFUNDED").hex),
    ("In preparation or further", _PAID[1:4], look(STATUSES, "PROCESSING").hex),
    ("Shipped or further", _PAID[2:4], look(STATUSES, "SHIPPED").hex),
    ("Delivered", ("DELIVERED",), look(STATUSES, "DELIVERED").hex),
)
"""How far orders get, from the first to the last: which statuses say that one got there."""


@dataclass(frozen=True)
class Shaped:
    """A table, and where a click on each of its rows leads; None: nowhere."""

    rows: pd.DataFrame
    links: tuple[Address | None, ...]

    @property
    def orders(self) -> int:
        """How many orders the rows count together."""
        return int(self.rows["orders"].sum()) if len(self.rows) else 0


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


def progress_table(daily: DailyCounts, links: OrderLinks, days: tuple[date, date]) -> Shaped:
    """Make a row for each stage that orders get to, counting those that were placed on these days."""
    counts = Counter[str]()
    for item in daily.items:
        counts[item.status] += item.count
    rows = [(name, sum(counts[status] for status in statuses), color) for name, statuses, color in STAGES]
    targets = [() if len(statuses) == len(STATUSES) else statuses for _, statuses, _ in STAGES]
    return Shaped(_bars(rows), tuple(links.to(statuses, days=days) for statuses in targets))


def reasons_table(flow: Flow, links: OrderLinks, times: tuple[datetime, datetime]) -> Shaped:
    """Make a row for each reason of cancelling, the most frequent first."""
    counts = Counter[str]()
    for step in flow.items:
        if step.to == "CANCELLED":
            counts[step.cancel_reason or ""] += step.count
    color = look(STATUSES, "CANCELLED").hex
    found = counts.most_common()
    rows = [(REASONS.get(reason, reason) or NO_REASON, count, color) for reason, count in found]
    when = {"status_from": times[0], "status_to": times[1]}
    targets = [links.to(["CANCELLED"], reason=reason or UNKNOWN_REASON, times=when) for reason, _ in found]
    return Shaped(_bars(rows), tuple(targets))


def flow_table(flow: Flow) -> pd.DataFrame:
    """Make a row for each way from a status to another, as often as it was gone."""
    counts = Counter[tuple[str, str]]()
    for step in flow.items:
        counts[step.from_ or "", step.to] += step.count
    order = {status: number for number, status in enumerate(("", *STATUSES))}
    ways = sorted(counts, key=lambda way: (order.get(way[0], 99), order.get(way[1], 99)))
    rows = [
        (label_of(STATUSES, before) if before else "Placed", label_of(STATUSES, after), counts[before, after])
        for before, after in ways
    ]
    return pd.DataFrame(rows, columns=["from", "to", "orders"])


def currencies_table(
    now: CurrencyCounts, before: CurrencyCounts, links: OrderLinks, days: tuple[date, date], reader: Reader
) -> Shaped:
    """Make a row for each currency, with the value in the days before beside it."""
    earlier = {item.currency: item for item in before.items}
    rows = [
        (
            item.currency,
            item.count,
            reader.money(item.total, item.currency),
            reader.money(earlier[item.currency].total, item.currency) if item.currency in earlier else "–",
        )
        for item in now.items
    ]
    return Shaped(
        pd.DataFrame(rows, columns=["currency", "orders", "value", "before"]),
        tuple(links.to(currencies=[item.currency], days=days) for item in now.items),
    )


def countries_table(
    found: CountryCounts, links: OrderLinks, days: tuple[date, date], reader: Reader
) -> Shaped:
    """Make a row for each country, those with most orders first."""
    rows = [(country(item.country), item.count, _sums(item.totals, reader)) for item in found.items]
    return Shaped(
        pd.DataFrame(rows, columns=["country", "orders", "value"]),
        tuple(links.to(countries=[item.country], days=days) for item in found.items),
    )


def stuck_table(times: StatusTimes, links: OrderLinks) -> Shaped:
    """Make a row for each status that orders pass through."""
    rows = [
        (
            label_of(STATUSES, item.status),
            _span(item.median_hours),
            _span(item.nine_in_ten_hours),
            item.stuck,
        )
        for item in times.items
    ]
    return Shaped(
        pd.DataFrame(rows, columns=["status", "median", "nine_in_ten", "orders"]),
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


def _sums(totals: Iterable[CurrencyTotal], reader: Reader) -> str:
    return ", ".join(reader.money(each.total, each.currency) for each in totals)


def _span(hours: int | None) -> str:
    if hours is None:
        return "–"
    return f"{hours} h" if hours < 48 else f"{hours // 24} d {hours % 24} h"
