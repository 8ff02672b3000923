"""The order list's filters that come by a link: read, put into words, and added to those of the widgets."""

from __future__ import annotations

from datetime import UTC, datetime

from lib.ui.format import reader_of
from lib.ui.link_filters import address_of, read_filters

BERLIN = reader_of("en-GB", "Europe/Berlin")
EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


def test_an_address_is_read_as_it_was_written() -> None:
    times = {"created_from": EARLY, "created_to": LATE, "status_from": EARLY, "status_to": LATE}
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
