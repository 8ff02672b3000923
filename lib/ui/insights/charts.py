"""Builds the charts of the insights in the statuses' own colours; pure, it draws nothing and asks nobody."""

import json
from collections.abc import Mapping
from textwrap import wrap
from typing import TypeVar

import altair as alt
import pandas as pd

from lib.ui.shared.statuses import STATUSES

PICK = "pick"
"""The name of the selection that a click on a mark makes."""
WHEN = "when"
"""The field of a mark that says of which days it is: `now`, or `before` them, as its column is called."""
_STATUS_COLORS = {look.label: look.hex for look in STATUSES.values()}
_UNKNOWN_COLOR = "#6b7280"
_INK, _LIGHT_INK, _LINE = "#1b1d28", "#eceef5", "#d5d8e2"
C = TypeVar("C", alt.Chart, alt.LayerChart)


def days_chart(rows: pd.DataFrame, days: Mapping[str, str], share: bool, footnote: str) -> alt.Chart:
    """Make stacked bars of orders by day (`day`, `status`, `orders`), as numbers or as each day's shares.

    All `days`, here with the words for them, have their place, those without orders too.
    """
    own_words = sorted({*rows["status"]} - {*_STATUS_COLORS})
    colors = _STATUS_COLORS | dict.fromkeys(own_words, _UNKNOWN_COLOR)
    rank = {name: n for n, name in enumerate(colors)}
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    rows = rows.assign(rank=rows["status"].map(rank), placed=rows["day"].map(days))
    told = [
        alt.Tooltip("placed:N", title="Placed on"),
        alt.Tooltip("status:N", title="Status now"),
        alt.Tooltip("orders:Q", title="Orders", format=","),
    ]
    top = alt.Legend(orient="top", columns=3)
    bars = alt.Chart(rows).mark_bar()
    bars = bars.encode(x=_days_axis(days), y=_amount_axis(share), order=alt.Order("rank:Q"), tooltip=told)
    bars = bars.encode(color=alt.Color("status:N", scale=scale, title=None, legend=top))
    bars = bars.add_params(alt.selection_point(name=PICK, fields=["day", "status"]))
    chart: alt.Chart = bars.properties(height=300)
    return _noted(chart, footnote)


def _days_axis(days: Mapping[str, str]) -> alt.X:
    words = f"({json.dumps(days)})[datum.value]"
    axis = alt.Axis(labelExpr=words, labelOverlap=True, labelAngle=0, labelSeparation=8)
    return alt.X("day:O", scale=alt.Scale(domain=list(days)), title=None, axis=axis)


def _amount_axis(share: bool) -> alt.Y:
    if share:
        return alt.Y("orders:Q", title="Share of orders", stack="normalize", axis=alt.Axis(format="%"))
    return alt.Y("orders:Q", title="Orders", stack="zero", axis=alt.Axis(format="~s", tickMinStep=1))


def bars_chart(rows: pd.DataFrame, footnote: str) -> alt.LayerChart:
    """Make lying bars (`name`, `orders`, `color`) in their order, each with its number beside it.

    Where there is a `before`, an upright line says how long the bar was then, and may be clicked as well.
    """
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "name:N", scale=alt.Scale(domain=list(rows["name"])), title=None, axis=alt.Axis(labelLimit=260)
        ),
        x=alt.X("orders:Q", title=None, axis=alt.Axis(format="~s", tickMinStep=1)),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("orders:Q", title="Orders", format=","),
            *([alt.Tooltip("before:Q", title="Period before", format=",")] if "before" in rows else []),
        ],
    )
    bars = base.transform_calculate(as_=WHEN, calculate="'now'").mark_bar()
    bars = bars.encode(color=alt.Color("color:N", scale=None))
    bars = bars.add_params(alt.selection_point(name=PICK, fields=["name", WHEN]))
    layers = bars + base.mark_text(align="left", dx=4).encode(text=alt.Text("orders:Q", format=","))
    if "before" in rows:
        then = base.transform_calculate(as_=WHEN, calculate="'before'").encode(x="before:Q")
        # The line is thin for a mouse: what is clicked is a wider one, unseen over it.
        layers += then.mark_tick(thickness=2)
        layers += then.transform_filter("datum.before > 0").mark_tick(
            thickness=10, opacity=0, cursor="pointer"
        )
    # Streamlit counts the axis and the words below it in the height.
    chart: alt.LayerChart = layers.properties(height=30 * len(rows) + 80)
    return _noted(chart, footnote)


def flow_chart(
    ribbons: pd.DataFrame, nodes: pd.DataFrame, labels: pd.DataFrame, footnote: str
) -> alt.LayerChart:
    """Make a flow picture of what lib/ui/insights/flow has laid out."""
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 4.9], nice=False))
    scale = alt.Scale(domain=[1, 0], nice=False)
    down, color = alt.Y("top:Q", axis=None, scale=scale), alt.Color("color:N", scale=None)
    told = {"from": "From", "to": "To", "orders": "Orders"}
    bars = alt.Chart(nodes).mark_rect().encode(x=across, x2="end:Q", y=down, y2="bottom:Q", color=color)
    # A thin line around each, for one order among thousands.
    line = alt.Stroke("color:N", scale=None)
    # Over the bars, so that a click on a bar is one on the ribbon that ends in it.
    ways = alt.Chart(ribbons).mark_area(opacity=0.45, strokeWidth=1)
    ways = ways.encode(x=across, y=down, y2="bottom:Q", color=color, stroke=line, detail=["from:N", "to:N"])
    ways = ways.encode(tooltip=[alt.Tooltip(name, title=title) for name, title in told.items()])
    ways = ways.add_params(alt.selection_point(name=PICK, fields=["to"]))
    names = alt.Chart(labels).mark_text(align="left", baseline="top", lineBreak="\n", fontSize=12)
    names = names.encode(x=across, y=alt.Y("y:Q", axis=None, scale=scale), text="text:N")
    chart: alt.LayerChart = (bars + ways + names).properties(height=310)
    return _noted(chart, footnote)


def on_screen(chart: alt.Chart | alt.LayerChart, dark: bool) -> alt.Chart | alt.LayerChart:
    """Return a chart whose words are legible on the page; Streamlit sees to all else."""
    ink = _LIGHT_INK if dark else _INK
    legible: alt.Chart | alt.LayerChart = chart.configure_text(color=ink).configure_tick(color=ink)
    return legible


def on_paper(chart: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    """Return a chart in dark ink on white, whatever the page around it looks like."""
    ink = {"labelColor": _INK, "titleColor": _INK}
    paper: alt.Chart | alt.LayerChart = (
        chart.configure(background="white", font="Source Sans, sans-serif")
        .configure_view(strokeWidth=0)
        .configure_axis(**ink, gridColor=_LINE, domainColor=_LINE, tickColor=_LINE)
        .configure_legend(**ink)
        .configure_title(color=_INK)
        .configure_text(color=_INK)
        .configure_tick(color=_INK)
    )
    return paper


def _noted(chart: C, footnote: str) -> C:
    """Write under a chart what it counts, so that a picture of it alone still says so."""
    lines = wrap(footnote, 60)
    title = alt.Title(lines, orient="bottom", anchor="start", fontSize=12, fontWeight="normal", offset=12)
    noted: C = chart.properties(title=title)
    return noted
