"""The order list's filters that come by a link: read, put into words, and added to those of the widgets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lib.ui.orders.link_filters import read_filters
from lib.ui.shared.format import reader_of
from lib.ui.shared.order_links import OrderLinks, address_of, parameters

BERLIN = reader_of("en-GB", "Europe/Berlin")
EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


def test_an_address_is_read_as_it_was_written() -> None:
    times = {"created_from": EARLY, "created_to": LATE, "status_from": EARLY, "status_to": LATE,
             "changed_from": EARLY, "changed_to": LATE}  # fmt: skip
    address = {key: [value] for key, value in address_of(times).items()}
    assert read_filters(address).times == times
    assert address_of({"created_from": None}) == {}


def test_what_can_not_be_used_is_left_out() -> None:
    for wrong in ("", "soon", "2026-11-01", "2026-11-01T00:00:00", "0001-01-01T00:00:00Z"):
        assert read_filters({"orders_placed_since": [wrong]}).times == {}
    assert read_filters({"orders_reason": ["BORED", "OTHER"]}).reasons == ("OTHER",)


def test_a_range_by_link_and_one_by_widgets_narrow_each_other() -> None:
    linked = read_filters({key: [value] for key, value in address_of(
        {"created_from": EARLY, "created_to": LATE}).items()})  # fmt: skip
    assert linked.added_to({"created_from": LATE, "created_to": EARLY, "status": ["PENDING"]}) == {
        "created_from": LATE,
        "created_to": EARLY,
        "status": ["PENDING"],
    }
    assert linked.added_to({}) == {"created_from": EARLY, "created_to": LATE}


def test_each_is_said_in_words() -> None:
    linked = read_filters(
        {"orders_status_before": ["2026-11-02T00:00:00Z"], "orders_reason": ["OUT_OF_STOCK"]}
    )
    assert linked.in_words(BERLIN) == [
        "in their status since before 2 Nov 2026, 01:00",
        "cancelled: out of stock",
    ]
    assert read_filters({"orders_reason": ["UNKNOWN"]}).in_words(BERLIN) == ["cancelled: no reason known"]


def test_a_link_to_a_change_of_status_asks_for_one_change_and_says_which() -> None:
    link = OrderLinks(countries=("DE",)).to(
        times={"changed_from": EARLY, "changed_to": LATE},
        from_statuses=("PENDING",),
        to_statuses=("CANCELLED",),
    )
    linked = read_filters(parameters(link))
    assert linked.added_to({"created_from": LATE}) == {
        "created_from": LATE,
        "changed_from": EARLY,
        "changed_to": LATE,
        "from_status": ["PENDING"],
        "to_status": ["CANCELLED"],
    }
    assert linked.in_words(BERLIN) == [
        "changed from Pending to Cancelled since 1 Nov 2026, 01:00 and before 2 Nov 2026, 01:00"
    ]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"from_statuses": ("NEW",), "to_statuses": ("PENDING",)}, "changed from Placed to Pending"),
        (
            {"to_statuses": ("SHIPPED", "DELIVERED"), "times": {"changed_from": LATE}},
            "came to Shipped or Delivered since 2 Nov 2026, 01:00",
        ),
        (
            {"from_statuses": ("PENDING",), "times": {"changed_to": LATE}},
            "left Pending before 2 Nov 2026, 01:00",
        ),
        ({"times": {"changed_to": LATE}}, "changed their status before 2 Nov 2026, 01:00"),
        ({"reached": "PROCESSING"}, "got as far as in preparation"),
        ({"reached": "SHIPPED"}, "got as far as sent"),
    ],
)
def test_what_is_asked_of_a_change_and_of_how_far_an_order_got_is_said(
    link: dict[str, Any], words: str
) -> None:
    assert read_filters(parameters(OrderLinks().to(**link))).in_words(BERLIN) == [words]


def test_how_far_orders_got_is_asked_for() -> None:
    linked = read_filters(parameters(OrderLinks().to(reached="SHIPPED")))
    assert linked.added_to({"status": ["REFUNDED"]}) == {"status": ["REFUNDED"], "reached": "SHIPPED"}


def test_no_status_and_no_stage_but_the_known_ones_is_taken_from_an_address() -> None:
    linked = read_filters(
        {
            "orders_change_from": ["LOST", "PENDING"],
            "orders_change_to": ["NEW"],
            "orders_reached": ["DELIVERED"],
            "orders_changed_since": ["yesterday"],
        }
    )
    assert linked.added_to({}) == {"from_status": ["PENDING"]}
