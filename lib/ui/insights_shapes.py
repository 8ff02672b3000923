"""Says what the insights are made of: tables whose rows lead somewhere, and the parts of the page; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import altair as alt
import pandas as pd

from lib.ui.insights_summaries import days_by_status
from lib.ui.order_links import Address


@dataclass(frozen=True)
class Shaped:
    """A table, and where a click on each of its rows leads; None: nowhere."""

    rows: pd.DataFrame
    links: tuple[Address | None, ...]

    @property
    def orders(self) -> int:
        """How many orders the rows count together."""
        return int(self.rows["orders"].sum()) if len(self.rows) else 0


@dataclass(frozen=True)
class Part:
    """One part of the page: a table, its columns by the words above them, and perhaps a chart of it.

    A mark of the chart is known by its values of `fields`; `said` is the chart in words. Rows by day and
    status have a `span`, the first and the last day that they are of.
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
    span: tuple[date, date] | None = None

    @property
    def table(self) -> pd.DataFrame:
        """The rows under the words for their columns."""
        return self.shaped.rows[list(self.columns)].rename(columns=self.columns)

    @property
    def plain(self) -> pd.DataFrame:
        """The rows away from the page: nothing about clicks."""
        return self.table[[title for name, title in self.columns.items() if name != "opens"]]

    @property
    def printed(self) -> pd.DataFrame:
        """The rows as paper wants them: a column for each status of a day, and nothing about clicks."""
        return self.plain if self.span is None else days_by_status(self.shaped.rows, self.span)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to show, on these days nor, where they are compared, before them."""
        rows = self.shaped.rows
        counted = rows[[name for name in ("orders", "before") if name in rows]]
        return rows.empty or (self.chart is not None and not (counted > 0).to_numpy().any())
