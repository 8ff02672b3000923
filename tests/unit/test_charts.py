"""What the charts of the insights promise whoever looks at them alone."""

from __future__ import annotations

import json

import pandas as pd

from lib.ui.insights.charts import bars_chart, days_chart, on_paper

DAYS = {"2026-11-21": "Nov 21", "2026-11-22": "Nov 22", "2026-11-23": "Nov 23"}
ROWS = pd.DataFrame([("2026-11-21", "Pending", 2), ("2026-11-23", "Refunded", 1)],
                    columns=["day", "status", "orders"])  # fmt: skip
BARS = pd.DataFrame([("Out of stock", 3, "#6b7280", 4)], columns=["name", "orders", "color", "before"])


def test_a_day_without_orders_has_its_place() -> None:
    assert days_chart(ROWS, DAYS, False, "").to_dict()["encoding"]["x"]["scale"]["domain"] == list(DAYS)


def test_a_day_is_called_what_its_reader_calls_it() -> None:
    chart = days_chart(ROWS, DAYS, False, "").to_dict()
    words = chart["encoding"]["x"]["axis"]["labelExpr"].removesuffix("[datum.value]")
    assert json.loads(words.strip("()")) == DAYS
    (rows,) = chart["datasets"].values()
    assert [row["placed"] for row in rows] == ["Nov 21", "Nov 23"]


def test_a_chart_says_below_itself_what_it_counts_however_long_that_is() -> None:
    words = "Cancelled from 28 Oct 2026 to 24 Nov 2026; upright lines: the 28 days before · Germany · EUR"
    title = bars_chart(BARS, words).to_dict()["title"]
    assert " ".join(title["text"]) == words
    assert max(map(len, title["text"])) <= 60
    assert title["orient"] == "bottom"


def test_the_days_before_are_a_line_across_the_bar_where_they_are_known() -> None:
    assert len(bars_chart(BARS, "").to_dict()["layer"]) == 4
    assert len(bars_chart(BARS.drop(columns="before"), "").to_dict()["layer"]) == 2


def test_paper_is_white() -> None:
    assert on_paper(days_chart(ROWS, DAYS, True, "")).to_dict()["config"]["background"] == "white"
