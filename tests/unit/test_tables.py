"""Orders and line items as tables, and the words around them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from lib.orders_client import (
    ApiTimeout,
    ApiUnreachable,
    Forbidden,
    InProgress,
    OrderDetail,
    OrderListItem,
    OrdersError,
    TimelineEntry,
    Unavailable,
    UnexpectedResponse,
)
from lib.ui.frame.error_words import may_be_done
from lib.ui.shared.cancelling import reason_words, why_not
from lib.ui.shared.format import reader_of
from lib.ui.shared.order_view import address_lines, sums
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, Look, chip, look
from lib.ui.shared.tables import items_table, orders_table, place
from lib.ui.shared.timeline import actor_words, event_words, who_changed
from tests.ui.fake_api import make_order

READER = reader_of("en-US", "UTC")
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def entry(kind: str, detail: str = "", actor: str = "system") -> TimelineEntry:
    return TimelineEntry(at=AT, actor=actor, kind=kind, detail=detail)


def detail(index: int = 4, **changes: object) -> OrderDetail:
    return OrderDetail.model_validate({**make_order(index), **changes})


def test_orders_become_rows_in_their_order() -> None:
    orders = [OrderListItem.model_validate(make_order(index)) for index in (2, 1)]
    table = orders_table(orders, READER, AT).to_pydict()
    assert table["order"] == ["ORD-2026-0002", "ORD-2026-0001"]
    assert table["status"] == [["Processing"], ["Confirmed"]]
    assert table["ships_to"] == ["Osaka, Japan", "Leeds, United Kingdom"]
    assert table["total"] == ["¥107", "£106.00"]


def test_a_pending_order_says_how_long_it_has_waited_and_no_other_does() -> None:
    orders = [OrderListItem.model_validate(make_order(index)) for index in (7, 49, 3)]
    table = orders_table(orders, READER, AT).to_pydict()
    assert table["waits"] == ["7 h", "2 d", ""]
    assert table["payment"][0] == ["Unpaid", "Unfulfilled"]


def test_no_orders_are_a_table_with_its_columns() -> None:
    table = orders_table([], READER, AT)
    assert table.num_rows == 0
    assert "order" in table.column_names


def test_line_items_have_their_money() -> None:
    order = detail()
    assert list(items_table(order.items, order.currency, READER)["unit_price"]) == ["€40.00", "€20.00"]


def test_sums_add_up_on_the_screen_and_leave_out_what_is_nought() -> None:
    assert list(sums(detail(), READER)) == ["Subtotal", "Shipping", "Tax, included", "**Total**"]
    discounted = sums(detail(discountTotal="7.00", taxIncluded=False, grandTotal="118.00"), READER)
    assert list(discounted) == ["Subtotal", "Discount", "Shipping", "Tax", "**Total**"]
    assert discounted["Discount"].replace("\\", "") == "-€7.00"


def test_an_address_has_no_empty_lines() -> None:
    address = detail().shipping_address
    assert address
    assert address_lines(address) == ["Jane Doe", "***", "*** Lyon", "France"]


@pytest.mark.parametrize(
    ("city", "code", "said"), [("Lyon", "FR", "Lyon, France"), ("", "FR", "France"), ("", "", "")]
)
def test_a_place_is_named_by_what_there_is(city: str, code: str, said: str) -> None:
    assert place(city, code) == said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (entry("CREATED"), "Order placed"),
        (entry("STATUS_CHANGED", "PENDING → CONFIRMED"), "Pending → Confirmed"),
        (entry("STATUS_CHANGED", "PENDING → CANCELLED: OUT_OF_STOCK"), "Pending → Cancelled: Out of stock"),
        (
            entry("STATUS_CHANGED", "PENDING → CANCELLED: OTHER: Called: at noon"),
            "Pending → Cancelled: Another reason: Called: at noon",
        ),
        (entry("CREATED", "PENDING"), "Order placed"),
        (entry("STATUS_CHANGED", "by hand"), "Status changed: by hand"),
        (entry("NOTE", "Called at noon"), "Note: Called at noon"),
        (entry("SOMETHING_NEW"), "Something new"),
    ],
)  # fmt: skip
def test_what_happened_is_read_aloud(event: TimelineEntry, said: str) -> None:
    assert event_words(event) == said


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("staff:sam", "sam"),
        ("customer:c-1", "Customer"),
        ("guest", "Guest"),
        ("import", "Import"),
        ("", "Unknown"),
    ],
)
def test_who_did_it_is_named(actor: str, said: str) -> None:
    assert actor_words(actor) == said


def test_the_latest_change_of_status_is_found() -> None:
    latest = entry("STATUS_CHANGED", "SHIPPED → DELIVERED")
    assert who_changed([entry("NOTE"), latest, entry("STATUS_CHANGED")]) is latest
    assert who_changed([entry("NOTE")]) is None


def test_every_status_but_pending_says_why_not_and_what_instead() -> None:
    assert why_not("PENDING") is None
    assert len({why_not(status) for status in STATUSES if status != "PENDING"}) == len(STATUSES) - 1
    assert why_not("SOMETHING_NEW")


def test_reasons_are_words() -> None:
    assert reason_words("OUT_OF_STOCK") == "Out of stock"
    assert reason_words("NEW_REASON") == "NEW_REASON"
    assert reason_words(None) is None


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (ApiUnreachable(), True),
        (ApiTimeout(), True),
        (UnexpectedResponse(), True),
        (InProgress(), True),
        (Unavailable(), True),
        (Forbidden(), False),
        (OrdersError(), False),
    ],
)
def test_only_an_answer_that_came_settles_what_became_of_the_order(error: OrdersError, unknown: bool) -> None:
    assert may_be_done(error) is unknown


@pytest.mark.parametrize("looks", [STATUSES, PAYMENT_STATUSES, FULFILLMENT_STATUSES])
def test_chips_can_be_read_white_on_their_colour(looks: Mapping[str, Look]) -> None:
    for code in looks:
        assert contrast_with_white(look(looks, code).hex) >= 4.5, code


def test_statuses_differ_in_colour() -> None:
    assert len({each.hex for each in STATUSES.values()}) == len(STATUSES)


def test_an_unknown_status_is_shown_as_harmless_text() -> None:
    html = chip(look(STATUSES, "<img src=x onerror=alert(1)>"))
    assert "<img" not in html


def contrast_with_white(color: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
