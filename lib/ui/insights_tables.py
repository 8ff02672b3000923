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


def reasons_table(flow: Flow, before: Flow, links: OrderLinks, times: tuple[datetime, datetime]) -> Shaped:
    """Make a row for each reason of cancelling, the most frequent first, with the days before beside it."""
    counts, earlier = _by_reason(flow), _by_reason(before)
    found = sorted(
        counts | dict.fromkeys(earlier.keys() - counts.keys(), 0), key=lambda each: (-counts[each], each)
    )
    color = look(STATUSES, "CANCELLED").hex
    rows = [
        (REASONS.get(reason, reason) or NO_REASON, counts[reason], color, earlier[reason]) for reason in found
    ]
    when = {"status_from": times[0], "status_to": times[1]}
    return Shaped(
        pd.DataFrame(rows, columns=["name", "orders", "color", "before"]),
        tuple(links.to(["CANCELLED"], reason=reason or UNKNOWN_REASON, times=when) for reason in found),
    )


def flow_table(flow: Flow, before: Flow) -> pd.DataFrame:
    """Make a row for each way from a status to another, as often as it was gone, and in the days before."""
    counts, earlier = _by_way(flow), _by_way(before)
    order = {status: number for number, status in enumerate(("", *STATUSES))}
    ways = sorted(
        counts.keys() | earlier.keys(), key=lambda way: (order.get(way[0], 99), order.get(way[1], 99), way)
    )
    rows = [
        (
            label_of(STATUSES, start) if start else "Placed",
            label_of(STATUSES, end),
            counts[start, end],
            earlier[start, end],
        )
        for start, end in ways
    ]
    return pd.DataFrame(rows, columns=["from", "to", "orders", "before"])


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
    now: CountryCounts, before: CountryCounts, links: OrderLinks, days: tuple[date, date], reader: Reader
) -> Shaped:
    """Make a row for each country, those with most orders first, with the orders in the days before."""
    earlier = {item.country: item.count for item in before.items}
    rows = [
        (country(item.country), item.count, earlier.get(item.country, 0), _sums(item.totals, reader))
        for item in now.items
    ]
    return Shaped(
        pd.DataFrame(rows, columns=["country", "orders", "before", "value"]),
        tuple(links.to(countries=[item.country], days=days) for item in now.items),
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


def _by_reason(flow: Flow) -> Counter[str]:
    counts = Counter[str]()
    for step in flow.items:
        if step.to == "CANCELLED":
            counts[step.cancel_reason or ""] += step.count
    return counts


def _by_way(flow: Flow) -> Counter[tuple[str, str]]:
    counts = Counter[tuple[str, str]]()
    for step in flow.items:
        counts[step.from_ or "", step.to] += step.count
    return counts


def _bars(rows: list[tuple[str, int, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "orders", "color"])


def _sums(totals: Iterable[CurrencyTotal], reader: Reader) -> str:
    return ", ".join(reader.money(each.total, each.currency) for each in totals)


def _span(hours: int | None) -> str:
    if hours is None:
        return "–"
    return f"{hours} h" if hours < 48 else f"{hours // 24} d {hours % 24} h"
