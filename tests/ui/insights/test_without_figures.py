"""The insights page when the API fails, and for a role that doesn't include it."""

from __future__ import annotations

from pathlib import Path

from lib.staff.member import StaffMember
from lib.ui.insights.keys import INSIGHTS_PRINT
from tests.ui.fake_api import FakeApi
from tests.ui.insights.page import INSIGHTS
from tests.ui.order_desk import OLGA, Desk, order_desk, words


def test_an_api_that_fails_is_said_in_words(tmp_path: Path) -> None:
    with order_desk(tmp_path) as desk:
        desk.staff = OLGA
        assert isinstance(desk.api, FakeApi)
        desk.api.failing = 500
        tab = desk.tab(INSIGHTS)
        assert not tab.exception
        assert tab.button(key="insights_retry")
        assert "figures" not in words(desk.tab(INSIGHTS, **{INSIGHTS_PRINT: "true"})).lower()
        assert "page_retry" in {each.key for each in desk.tabs[-1].button}


def test_who_has_no_insights_sees_none(desk: Desk) -> None:
    desk.staff = StaffMember("sam", "Sam", ("support",))
    tab = desk.tab(INSIGHTS)
    assert "Your role doesn't include this page" in words(tab)
    assert not tab.metric
