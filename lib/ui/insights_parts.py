"""Asks for the figures of the insights and shapes them, part after part as they come; it draws nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import altair as alt
import pandas as pd

from lib.orders_client import DailyCounts, OrdersClient
from lib.orders_client.insights import CurrencyCounts
from lib.ui import charts, insights_flow
from lib.ui import insights_summaries as summaries
from lib.ui import insights_tables as tables
from lib.ui.format import Reader
from lib.ui.insights_bar import Scope
from lib.ui.insights_tables import Shaped
from lib.ui.session import (
    INSIGHTS_CONTRADICTIONS,
    INSIGHTS_COUNTRIES,
    INSIGHTS_CURRENCIES,
    INSIGHTS_DAILY,
    INSIGHTS_FLOW,
    INSIGHTS_PROGRESS,
    INSIGHTS_REASONS,
    INSIGHTS_STUCK,
    INSIGHTS_WAITING,
)

_NAMES = {"name": "", "orders": "Orders"}


@dataclass(frozen=True)
class Part:
    """One part of the page: a table, its columns by the words above them, and perhaps a chart of it.

    A mark of the chart is known by its values of `fields`; `said` is the chart in words.
    """

    key: str
    title: str
    shaped: Shaped
    columns: Mapping[str, str]
    note: str = ""
    chart: alt.Chart | alt.LayerChart | None = None
    fields: tuple[str, ...] = field(default=())
    said: str = ""
    wide: bool = False

    @property
    def table(self) -> pd.DataFrame:
        """The rows under the words for their columns."""
        return self.shaped.rows[list(self.columns)].rename(columns=self.columns)

    @property
    def printed(self) -> pd.DataFrame:
        """The rows as paper wants them: a column for each status of a day, and nothing about clicks."""
        if self.key == INSIGHTS_DAILY:
            return summaries.days_by_status(self.shaped.rows)
        return self.table[[title for name, title in self.columns.items() if name != "opens"]]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to show."""
        return self.shaped.rows.empty or (self.chart is not None and not self.shaped.orders)


def parts(client: OrdersClient, scope: Scope, reader: Reader) -> Iterator[Part]:
    """Give the parts in their order on the page; each is asked for when it is wanted, and no sooner.

    Raises:
        OrdersError: as all calls.
    """
    stats = client.stats
    zone, places, links = str(reader.zone), scope.places, scope.links
    days, (start, end) = scope.span, scope.times(reader)
    now, then = scope.orders(reader), scope.orders(reader, scope.before)

    daily = stats.daily(start, end, time_zone=zone, **places)
    earlier = stats.by_currency(**then)
    yield _orders_a_day(daily, earlier, scope, reader)
    sent = stats.status_counts(**now | {"status": "REFUNDED", "fulfillment_status": insights_flow.SENT})
    yield _how_far(daily, sum(each.count for each in sent.items), scope, reader)

    ages = stats.pending_age(**places)
    at = scope.with_places(f"Pending on {reader.moment(ages.as_of)}")
    yield _bars(INSIGHTS_WAITING, "Pending, by waiting time", tables.waiting_table(ages, links), at)
    flow = stats.flow(*days, time_zone=zone, **places)
    flow_before = stats.flow(*scope.before, time_zone=zone, **places)
    reasons = tables.reasons_table(flow, flow_before, links, (start, end))
    at = scope.with_places(f"Cancelled {reader.days(*days)}; upright lines: the {scope.days} days before")
    yield _bars(INSIGHTS_REASONS, "Cancelled on these days, by reason", reasons, at)

    yield Part(
        INSIGHTS_STUCK,
        "Where orders are stuck",
        tables.stuck_table(stats.time_in_status(**places), links),
        {"status": "Status", "median": "Half leave within", "nine_in_ten": "Nine in ten within",
         "orders": "Longer than that"},
        "In their status for longer than nine in ten were over the last 28 days, all countries",
    )  # fmt: skip
    yield Part(
        INSIGHTS_CURRENCIES,
        "Value by currency",
        tables.currencies_table(stats.by_currency(**now), earlier, links, days, reader),
        {"currency": "Currency", "orders": "Orders", "value": "Value", "before": "Period before"},
    )
    yield Part(
        INSIGHTS_COUNTRIES,
        "Countries",
        tables.countries_table(stats.by_country(**now), stats.by_country(**then), links, days, reader),
        {"country": "Country", "orders": "Orders", "before": "Period before", "value": "Value"},
    )
    yield Part(
        INSIGHTS_FLOW,
        "Changes of status on these days",
        Shaped(tables.flow_table(flow, flow_before), ()),
        {"from": "From", "to": "To", "orders": "Times", "before": "Period before"},
        "Each change counts on its own day, so that these are other orders than those placed on these days",
    )
    yield Part(
        INSIGHTS_CONTRADICTIONS,
        "Contradictions",
        tables.contradictions_table(stats.contradictions(**places), links),
        {"rule": "What can't be", "orders": "Orders"},
        "Orders whose status, payment and fulfilment cannot all be true",
    )


def _orders_a_day(daily: DailyCounts, earlier: CurrencyCounts, scope: Scope, reader: Reader) -> Part:
    shaped = tables.days_table(daily, scope.links)
    before = sum(each.count for each in earlier.items)
    placed = f"{reader.number(shaped.orders)} placed {reader.days(*scope.span)}"
    totals = shaped.rows.groupby("day")["orders"].sum()
    most = f", most on {totals.idxmax()} ({totals.max()})" if len(totals) else ""
    return Part(
        INSIGHTS_DAILY,
        "Orders a day",
        shaped,
        {"day": "Day", "status": "Status now", "orders": "Orders"},
        f"{placed}; {reader.number(before)} in the {scope.days} days before{_change(shaped.orders, before)}",
        charts.days_chart(
            shaped.rows, scope.each_day, scope.share, scope.with_places(f"Placed {reader.days(*scope.span)}")
        ),
        ("day", "status"),
        f"Orders placed a day by their status now: {shaped.orders} on {len(totals)} days{most}.",
        wide=True,
    )


def _how_far(daily: DailyCounts, refunded_after_sending: int, scope: Scope, reader: Reader) -> Part:
    counts = Counter[str]()
    for item in daily.items:
        counts[item.status] += item.count
    ways = insights_flow.ways_of(counts, refunded_after_sending)
    drawn = insights_flow.ribbons(ways)
    numbers = {way.orders: reader.number(way.orders) for way in ways}
    said = ", ".join(f"{way.target.lower()} {way.orders}" for way in ways)
    return Part(
        INSIGHTS_PROGRESS,
        "How far these orders got",
        insights_flow.flow_picture_table(ways, scope.links, scope.span),
        {"from": "From", "to": "To", "orders": "Orders", "opens": "A click opens"},
        "By the status that each of them has now; a refunded one was sent if its fulfilment says so",
        charts.flow_chart(
            drawn,
            insights_flow.nodes(drawn),
            insights_flow.labels(ways, drawn, numbers),
            scope.with_places(f"Placed {reader.days(*scope.span)}"),
        ),
        ("to",),
        f"How far the orders placed on these days got: {said}.",
        wide=True,
    )


def _bars(key: str, title: str, shaped: Shaped, footnote: str) -> Part:
    rows = shaped.rows
    said = ", ".join(f"{name} {count}" for name, count in zip(rows["name"], rows["orders"], strict=True))
    columns = {**_NAMES, "before": "Period before"} if "before" in rows else _NAMES
    return Part(
        key,
        title,
        shaped,
        {**columns, "name": title},
        chart=charts.bars_chart(rows, footnote),
        fields=("name",),
        said=f"{title}: {said}.",
    )


def _change(now: int, before: int) -> str:
    """Say by how much there are more or fewer now, where there is something to compare with."""
    return f" ({(now - before) / before:+.0%})" if before else ""
