"""What an address can't choose is said on its page until that is left, and no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.ui.insights.keys import INSIGHTS_COUNTRY
from lib.ui.shared.keys import ORDERS_COUNTRY
from tests.ui.order_desk import OLGA, ORDERS, order_desk, words

INSIGHTS = "pages/ops/insights.py"


@pytest.mark.parametrize(
    ("page", "key", "elsewhere"),
    [(ORDERS, ORDERS_COUNTRY, INSIGHTS), (INSIGHTS, INSIGHTS_COUNTRY, ORDERS)],
)
def test_what_was_left_out_is_said_until_the_page_is_left(
    tmp_path: Path, page: str, key: str, elsewhere: str
) -> None:
    with order_desk(tmp_path) as desk:
        desk.staff = OLGA
        tab = desk.tab(page, **{key: "Atlantis"})
        tab.query_params.clear()
        assert "left out: country." in words(tab.run())
        assert "left out" not in words(tab.switch_page(elsewhere).run())
        assert "left out" not in words(tab.switch_page(page).run())
        assert [each.value for each in tab.title] == ["Orders" if page == ORDERS else "Insights"]
        tab.switch_page(elsewhere).run()
        tab.query_params[key] = "Atlantis"
        assert "left out: country." in words(tab.switch_page(page).run())
