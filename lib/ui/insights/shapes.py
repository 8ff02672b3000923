"""Says what the insights are made of: tables whose cells lead somewhere, and the parts of the page; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from lib.ui.shared.order_links import Address
from lib.ui.shared.statuses import STATUSES

MOST_DAYS = 31
"""More days than these are put together in weeks."""
Days = tuple[date, date]
"""The first and the last day, both included, by the reader's clock."""
Marks = dict[tuple[Any, ...], Address | None]
"""Where a click on each row leads; with a column's name behind the row's, one on that cell of it."""


def days_by_status(rows: pd.DataFrame, span: tuple[date, date]) -> pd.DataFrame:
    """Turn rows by day and status into one a day, or one a week where the span is long, with its sum.

    A week that began before the span stands under the span's first day.
    """
    by_week = (span[1] - span[0]).days >= MOST_DAYS
    days = rows["day"].map(date.fromisoformat)
    starts = days.map(partial(_week_from, first=span[0])) if by_week else days
    wide = rows.assign(start=starts).pivot_table(
        index="start", columns="status", values="orders", aggfunc="sum", fill_value=0
    )
    known = [look.label for look in STATUSES.values() if look.label in wide]
    wide = wide[[*known, *(each for each in wide if each not in known)]]
    wide["All"] = wide.sum(axis=1)
    wide.columns.name = None
    return wide.rename_axis("Week from" if by_week else "Day").reset_index()


def _week_from(day: date, first: date) -> date:
    return max(day - timedelta(days=day.weekday()), first)


@dataclass(frozen=True)
class Shaped:
    """A table, and where a click on each of its rows leads; None: nowhere.

    In a column that `cells` names a click leads elsewhere than in the rest of the row.
    """

    rows: pd.DataFrame
    links: tuple[Address | None, ...]
    cells: Mapping[str, tuple[Address | None, ...]] = field(default_factory=dict)

    @property
    def orders(self) -> int:
        """How many orders the rows count together."""
        return int(self.rows["orders"].sum()) if len(self.rows) else 0

    @property
    def leads(self) -> bool:
        """Return whether a click leads anywhere at all."""
        return any(map(any, (self.links, *self.cells.values())))

    def marks(self, rows: Iterable[tuple[Any, ...]], names: Mapping[str, str]) -> Marks:
        """Return all links by what the rows, and the columns of the cells, are called where the click is."""
        called = list(rows)
        found: Marks = dict(zip(called, self.links, strict=True))
        for column, links in self.cells.items():
            name = names.get(column, column)
            found |= {(*row, name): link for row, link in zip(called, links, strict=True)}
        return found


@dataclass(frozen=True)
class Part:
    """One part of the page: a table, its columns by the words above them, and perhaps a chart of it.

    A mark of the chart is known by its values of `fields`; `said` is the chart in words. Rows by day and
    status have a `span`, the first and the last day that they are of. One that is folded away scrolls.
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
    is_folded: bool = False
    span: Days | None = None

    @property
    def table(self) -> pd.DataFrame:
        """The rows under the words for their columns; days are dates, so that all readers see theirs."""
        rows = self.shaped.rows[list(self.columns)]
        if "day" in rows:
            rows = rows.assign(day=rows["day"].map(date.fromisoformat))
        return rows.rename(columns=self.columns)

    @property
    def printed(self) -> pd.DataFrame:
        """The rows as paper wants them: a column for each status of a day."""
        return self.table if self.span is None else days_by_status(self.shaped.rows, self.span)

    @property
    def marks_of_chart(self) -> Marks:
        """Where a click on each mark of the chart leads."""
        rows = self.shaped.rows[list(self.fields)].itertuples(index=False, name=None)
        return self.shaped.marks(rows, {})

    @property
    def marks_of_table(self) -> Marks:
        """Where a click on each row of the table, by its number, and on its cells leads."""
        return self.shaped.marks(((row,) for row in range(len(self.shaped.rows))), self.columns)

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to show, on these days nor, where compared, before them."""
        rows = self.shaped.rows
        counted = rows[[name for name in ("orders", "before") if name in rows]]
        return rows.empty or (self.chart is not None and not (counted > 0).to_numpy().any())
