"""Builds the charts of the insights in the statuses' own colours; pure, it draws nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from lib.ui.statuses import STATUSES

PICK = "pick"
"""The name of the selection that a click on a mark makes."""
_DAY_LABEL = "utcFormat(toDate(datum.value), '%-d %b')"
_STATUS_SCALE = alt.Scale(
    domain=[look.label for look in STATUSES.values()], range=[look.hex for look in STATUSES.values()]
)


def days_chart(rows: pd.DataFrame, share: bool) -> alt.Chart:
    """Make stacked bars of orders by day (`day`, `status`, `orders`), as numbers or as each day's shares."""
    rows = rows.assign(rank=rows["status"].map({name: n for n, name in enumerate(_STATUS_SCALE.domain)}))
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X(
                "day:O", title=None, axis=alt.Axis(labelExpr=_DAY_LABEL, labelOverlap=True, labelAngle=0)
            ),
            y=alt.Y(
                "orders:Q",
                title="Share of orders" if share else "Orders",
                stack="normalize" if share else "zero",
                axis=alt.Axis(format="%" if share else "~s"),
            ),
            color=alt.Color(
                "status:N", scale=_STATUS_SCALE, title=None, legend=alt.Legend(orient="bottom", columns=4)
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("day:O", title="Placed on"),
                alt.Tooltip("status:N", title="Status now"),
                alt.Tooltip("orders:Q", title="Orders"),
            ],
        )
        .add_params(alt.selection_point(name=PICK, fields=["day", "status"]))
        .properties(height=280)
    )
    return chart


def bars_chart(rows: pd.DataFrame, order: Sequence[str], title: str) -> alt.LayerChart:
    """Make lying bars (`name`, `orders`, `color`) in the order given, each with its number beside it."""
    base = alt.Chart(rows).encode(
        y=alt.Y("name:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=260)),
        x=alt.X("orders:Q", title=title, axis=alt.Axis(format="~s", tickMinStep=1)),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("orders:Q", title="Orders")],
    )
    bars = base.mark_bar().encode(color=alt.Color("color:N", scale=None))
    bars = bars.add_params(alt.selection_point(name=PICK, fields=["name"]))
    numbers = base.mark_text(align="left", dx=4, color="#7d8296").encode(text="orders:Q")
    chart: alt.LayerChart = (bars + numbers).properties(height=max(36 * len(rows), 80))
    return chart
