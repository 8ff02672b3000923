"""Shapes the figures into tables, some beside the days before, and the addresses behind both; pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import pandas as pd

from lib.orders_client import CurrencyTotal, DailyCounts, PendingAges
from lib.orders_client.insights import Contradictions, CountryCounts, CurrencyCounts, Flow, StatusTimes
from lib.ui.insights.shapes import Days, Shaped
from lib.ui.shared.cancelling import NO_REASON, REASONS, UNKNOWN_REASON
from lib.ui.shared.format import NO_COUNTRY, Reader, country
from lib.ui.shared.order_links import NEW, Address, OrderLinks
from lib.ui.shared.statuses import STATUSES, label_of, look

Times = tuple[datetime, datetime]
"""A half-open range of time."""


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


def reasons_table(flow: Flow, before: Flow, links: OrderLinks, now: Times, then: Times) -> Shaped:
    """Make a row for each reason of cancelling, the most frequent first, with the days before beside it."""
    counts, earlier = _by_reason(flow), _by_reason(before)
    found = sorted(
        counts | dict.fromkeys(earlier.keys() - counts.keys(), 0), key=lambda each: (-counts[each], each)
    )
    color = look(STATUSES, "CANCELLED").hex
    rows = [
        (REASONS.get(reason, reason) or NO_REASON, counts[reason], color, earlier[reason]) for reason in found
    ]

    def cancelled(reason: str, times: Times) -> Address:
        when = {"status_from": times[0], "status_to": times[1]}
        return links.to(["CANCELLED"], reason=reason or UNKNOWN_REASON, times=when)

    return Shaped(
        pd.DataFrame(rows, columns=["name", "orders", "color", "before"]),
        tuple(cancelled(reason, now) for reason in found),
        {"before": tuple(cancelled(reason, then) for reason in found)},
    )


def flow_table(flow: Flow, before: Flow, links: OrderLinks, now: Times, then: Times) -> Shaped:
    """Make a row for each way from a status to another, with the orders that went it, and in the days before.

    No order goes a way twice: statuses go on only.
    """
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

    def changed(start: str, end: str, times: Times) -> Address:
        when = {"changed_from": times[0], "changed_to": times[1]}
        return links.to(times=when, from_statuses=(start or NEW,), to_statuses=(end,))

    return Shaped(
        pd.DataFrame(rows, columns=["from", "to", "orders", "before"]),
        tuple(changed(*way, now) for way in ways),
        {"before": tuple(changed(*way, then) for way in ways)},
    )


def currencies_table(
    counts: CurrencyCounts,
    before: CurrencyCounts,
    links: OrderLinks,
    spans: tuple[Days, Days],
    reader: Reader,
) -> Shaped:
    """Make a row for each currency of these days or those before, with the value in those beside it."""
    current = {item.currency: item for item in counts.items}
    earlier = {item.currency: item for item in before.items}
    either = earlier | current
    rows = []
    for code in sorted(either):
        # A zero with the digits of its currency.
        none = either[code].total * 0
        values = [found[code].total if code in found else none for found in (current, earlier)]
        orders = current[code].count if code in current else 0
        rows.append((code, orders, *(reader.money(value, code) for value in values)))
    now, then = (tuple(links.to(currencies=[code], days=days) for code in sorted(either)) for days in spans)
    return Shaped(
        pd.DataFrame(rows, columns=["currency", "orders", "value", "before"]), now, {"before": then}
    )


def countries_table(
    counts: CountryCounts, before: CountryCounts, links: OrderLinks, spans: tuple[Days, Days], reader: Reader
) -> Shaped:
    """Make a row for each country of these days or those before, those with most orders on these first."""
    current = {item.country: item for item in counts.items}
    earlier = Counter({item.country: item.count for item in before.items})
    found = [*current, *(code for code in earlier if code not in current)]
    rows = []
    for code in found:
        item = current.get(code)
        orders, value = (item.count, _sums(item.totals, reader)) if item else (0, "–")
        rows.append((country(code or NO_COUNTRY), orders, earlier[code], value))
    codes = [code or NO_COUNTRY for code in found]
    now, then = (tuple(links.to(countries=[code], days=days) for code in codes) for days in spans)
    return Shaped(pd.DataFrame(rows, columns=["country", "orders", "before", "value"]), now, {"before": then})


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


def _sums(totals: Iterable[CurrencyTotal], reader: Reader) -> str:
    return ", ".join(reader.money(each.total, each.currency) for each in totals)
