"""What the tests of the insights page read off it, and the days and links they open; no test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from lib.ui.insights.keys import INSIGHTS_FROM, INSIGHTS_LINKS, INSIGHTS_RANGE, INSIGHTS_TO
from lib.ui.shared.order_links import Address, parameters
from tests.ui.order_desk import Desk, words

INSIGHTS = "pages/ops/insights.py"
LATE = 9
"""How many orders of the day before yesterday are planted that nobody has paid."""
RARE = 3
"""How many orders are planted that were sent to Kosovo, and how many in Salvadoran colones."""


def now() -> datetime:
    return datetime.now(UTC)


def listed(desk: Desk, link: Address) -> int:
    """Open the order list by a link, and return how many orders it says there are."""
    chosen: dict[str, Any] = parameters(link)
    tab = desk.tab(**chosen)
    assert not tab.exception
    assert "left out" not in words(tab)
    if "No orders" in words(tab):
        return 0
    line = next(each.value for each in tab.text if each.value.endswith(("of 1 order", " orders", "1 order")))
    return int(line.removesuffix(" orders").removesuffix(" order").rpartition(" ")[2].replace(",", ""))


def own_days(first: int, last: int) -> dict[str, str | list[str]]:
    """Choose own days, by how many ago they are."""
    today = datetime.now(UTC).date()
    return {
        INSIGHTS_RANGE: "Own days",
        INSIGHTS_FROM: f"{today - timedelta(days=first)}",
        INSIGHTS_TO: f"{today - timedelta(days=last)}",
    }


def tables_of(tab: AppTest) -> dict[str, pd.DataFrame]:
    """Return the tables that can be clicked, by their keys."""
    assert not tab.exception
    return {frame.proto.id.rsplit("-", 1)[-1]: frame.value for frame in tab.dataframe if frame.proto.id}


def link_of(tab: AppTest, key: str, row: int, column: str) -> Address | None:
    """Return where a click on a table's cell leads."""
    links: dict[tuple[object, ...], Address | None] = tab.session_state[INSIGHTS_LINKS][key]
    return links.get((row, column), links[(row,)])
