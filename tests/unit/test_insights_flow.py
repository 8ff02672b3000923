"""The flow picture: every order goes one way, widths add up, and what has no orders is not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.ui.insights.flow import flow_picture_table, labels, nodes, ribbons, ways_of
from lib.ui.shared.order_links import OrderLinks
from lib.ui.shared.statuses import STATUSES

COUNTS = {"PENDING": 23, "CANCELLED": 22, "CONFIRMED": 8, "PROCESSING": 32, "SHIPPED": 35,
          "DELIVERED": 223, "REFUNDED": 8}  # fmt: skip
DAY = date(2026, 11, 23)
ANY_COUNTS = st.fixed_dictionaries({status: st.integers(0, 10**7) for status in STATUSES})


def width(row: pd.Series) -> float:
    return float(row["bottom"] - row["top"])


@given(ANY_COUNTS, st.integers(0, 10**7))
def test_what_comes_to_a_stage_leaves_it_or_is_there_now(counts: Mapping[str, int], sent: int) -> None:
    ways = ways_of(counts, sent)
    assert ways[0].orders == sum(counts.values())
    assert all(way.orders >= 0 for way in ways)
    for way in ways:
        leaving = [each.orders for each in ways if each.source == way.target]
        assert not leaving or sum(leaving) == way.orders
    ends = [way.orders for way in ways if not any(each.source == way.target for each in ways)]
    assert sum(ends) == sum(counts.values())


@settings(deadline=None, max_examples=30)  # two busy cores may be slow
@given(ANY_COUNTS, st.integers(0, 10**7))
def test_widths_are_in_proportion_and_add_up_at_every_stage(counts: Mapping[str, int], sent: int) -> None:
    ways = ways_of(counts, sent)
    drawn = ribbons(ways)
    assert set(drawn["to"]) == {way.target for way in ways if way.orders}
    for target, points in drawn.groupby("to"):
        widths = [width(row) for _, row in points.iterrows()]
        assert max(widths) == pytest.approx(min(widths))
        orders = points["orders"].iloc[0]
        assert widths[0] == pytest.approx(0.58 * orders / ways[0].orders)
        begun = drawn[drawn["from"] == target].groupby("to", sort=False).head(1)
        if len(begun):
            end = points.iloc[-1]
            assert begun["top"].iloc[0] == pytest.approx(end["top"])
            assert begun["bottom"].iloc[-1] == pytest.approx(end["bottom"])
            assert list(begun["top"].iloc[1:]) == pytest.approx(list(begun["bottom"].iloc[:-1]))
    assert drawn["bottom"].max() <= 1 if len(drawn) else drawn.empty


def test_the_ends_of_a_column_do_not_touch() -> None:
    ends = nodes(ribbons(ways_of(COUNTS, 5))).sort_values(["x", "top"])
    for _, column in ends.groupby(ends["x"].round(6)):
        assert all(column["top"].iloc[1:].to_numpy() > column["bottom"].iloc[:-1].to_numpy() + 0.05)


def test_no_orders_are_no_picture() -> None:
    ways = ways_of({}, 0)
    drawn = ribbons(ways)
    assert drawn.empty
    assert nodes(drawn).empty
    assert labels(ways, drawn, {0: "0"}).empty


def test_each_stage_that_is_drawn_has_its_name_and_number() -> None:
    ways = ways_of({"PENDING": 1}, 0)
    found = labels(ways, ribbons(ways), {1: "1", 0: "0"})
    assert list(found["text"]) == ["Placed\n1", "Still pending\n1"]


def test_every_stage_has_a_link_to_just_its_orders() -> None:
    table = flow_picture_table(ways_of(COUNTS, 5), OrderLinks(), (DAY, DAY))
    by_stage = dict(zip(table.rows["to"], table.links, strict=True))
    assert all(by_stage.values())
    assert ("orders_fulfilment", "Unfulfilled") in (by_stage["Refunded, unsent"] or ())
    for stage, code in {"Preparing": "PROCESSING", "Sent": "SHIPPED"}.items():
        assert dict(by_stage[stage] or ()) == {
            "orders_from": f"{DAY}",
            "orders_to": f"{DAY}",
            "orders_reached": code,
        }
    assert not [name for name, _ in by_stage["Placed"] or () if name == "orders_status"]
