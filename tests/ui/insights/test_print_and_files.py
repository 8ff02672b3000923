"""The insights' print view and files hold what the page shows, and only the page refreshes itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from pandas.testing import assert_frame_equal
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from lib.ui.insights.keys import (
    INSIGHTS_COUNTRY,
    INSIGHTS_DAILY,
    INSIGHTS_PRINT,
    INSIGHTS_PROGRESS,
    INSIGHTS_RANGE,
)
from lib.ui.insights.summaries import WATCHED
from lib.ui.shared.format import reader_of
from tests.ui.insights.page import INSIGHTS
from tests.ui.order_desk import Desk, button_labels, words

READER = reader_of(None, None)


def test_the_print_view_holds_every_figure_and_no_widget_but_the_scope(desk: Desk) -> None:
    narrowed: dict[str, Any] = {INSIGHTS_RANGE: "90 days", INSIGHTS_COUNTRY: ["Germany", "United States"]}
    screen = desk.tab(INSIGHTS, **narrowed)
    paper = desk.tab(INSIGHTS, **narrowed, **{INSIGHTS_PRINT: "true"})
    assert not paper.exception
    assert not paper.dataframe
    assert not paper.metric
    assert not [label for label in button_labels(paper) if label not in ("Sign out", "Try again")]
    assert "Germany · United States" in words(paper)
    assert "Figures from" in words(paper)
    headings = [each.value for each in screen.header]
    came_title = "Came to each status, day by day"
    assert [each.value for each in paper.header] == ["Orders by status", came_title, WATCHED, *headings]
    cards, came, alarms, days, *others = (each.value for each in paper.table)
    assert list(cards["In it now"]) == [each.value for each in screen.metric]
    came_shown, alarms_shown, days_shown, *others_shown = (each.value for each in screen.dataframe)
    assert_frame_equal(came.drop(columns="Day"), came_shown.drop(columns="Day"))
    assert came["Day"][0] == READER.day(came_shown["Day"][0])
    moving = ["From", "To"]  # up to now, which may be another minute by the second page
    assert_frame_equal(alarms.drop(columns=moving), alarms_shown.drop(columns=moving))
    assert days.columns[0] == "Week from"
    by_status = days_shown.groupby("Status now")["Orders"].sum().to_dict()
    assert days.drop(columns="Week from").sum().to_dict() == by_status | {"All": days_shown["Orders"].sum()}
    assert len(others) == len(others_shown)
    for printed, shown in zip(others, others_shown, strict=True):
        assert_frame_equal(printed, shown)


def test_the_page_refreshes_itself_and_the_print_view_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = ScriptRunContext.enqueue
    again: list[float] = []

    def enqueue(context: ScriptRunContext, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "auto_rerun":
            again.append(message.auto_rerun.interval)
        sent(context, message)

    monkeypatch.setattr(ScriptRunContext, "enqueue", enqueue)
    desk.tab(INSIGHTS)
    assert 60 in again
    again.clear()
    assert "Figures from" in words(desk.tab(INSIGHTS, **{INSIGHTS_PRINT: "true"}))
    assert not again


def test_a_file_holds_its_table_with_days_as_machines_write_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, str] = {}

    def offer(_label: str, data: Callable[[], bytes], key: str, **_rest: object) -> None:
        files[key] = data().decode("utf-8-sig")

    monkeypatch.setattr(st, "download_button", offer)
    assert not desk.tab(INSIGHTS).exception
    assert files[f"{INSIGHTS_PROGRESS}_csv"].splitlines()[0] == "From,To,Orders"
    assert re.fullmatch(r"Day,Status now,Orders\n\d{4}-\d\d-\d\d,.*", files[f"{INSIGHTS_DAILY}_csv"], re.S)
