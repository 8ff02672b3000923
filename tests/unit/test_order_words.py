"""What an order's page says: where the order is, its parcel's page, its history, and what was typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lib.orders_client import OrderDetail, TimelineEntry
from lib.ui.order.history import entries_html
from lib.ui.shared.format import reader_of
from lib.ui.shared.order_input import can_be_number, read_email, same_number
from lib.ui.shared.whereabouts import parcel_page, where_words
from tests.ui.fake_api import make_order

READER = reader_of("en-GB", "Europe/Berlin")
AT = datetime(2026, 11, 27, 23, 30, 5, tzinfo=UTC)  # the 28th in Berlin
SHIPPED = TimelineEntry(at=AT, actor="staff:olga", kind="STATUS_CHANGED", detail="PROCESSING → SHIPPED")


def order(index: int, **changes: object) -> OrderDetail:
    return OrderDetail.model_validate({**make_order(index), **changes})


@pytest.mark.parametrize(
    ("index", "entries", "said"),
    [
        (3, [SHIPPED], "Shipped by DHL on 28 Nov 2026"),
        (3, [], "Shipped by DHL"),
        (4, [SHIPPED], "Delivered by DHL"),
        (7, [], "Awaits its payment since 23 Nov 2026"),
        (2, [], "Being prepared"),
        (5, [], "Cancelled: Out of stock"),
    ],
)
def test_where_an_order_is_stands_in_a_line(index: int, entries: list[TimelineEntry], said: str) -> None:
    assert where_words(order(index), entries, READER) == said


@pytest.mark.parametrize(
    ("carrier", "number", "page"),
    [
        ("DHL", "0034 0434", "https://www.dhl.com/global-en/home/tracking.html?tracking-id=00340434"),
        ("dhl paket", "1/2", "https://www.dhl.com/global-en/home/tracking.html?tracking-id=1%2F2"),
        ("USPS", "9400 1107", "https://tools.usps.com/go/TrackConfirmAction?tLabels=94001107"),
        ("DHLX", "1", None),
        ("Uncle Bob", "1", None),
        (None, "1", None),
        ("UPS", None, None),
    ],
)
def test_a_parcel_is_followed_where_its_carrier_shows_it(
    carrier: str | None, number: str | None, page: str | None
) -> None:
    assert parcel_page(carrier, number) == page


def test_a_history_has_days_exact_times_and_nothing_that_a_browser_would_run() -> None:
    trap = "<img src=x onerror=alert(1)> {actor}\nsecond line"
    note = TimelineEntry(at=AT, actor="staff:sam", kind="NOTE", detail=trap)
    before = TimelineEntry(at=AT - timedelta(days=1), actor="system", kind="CREATED", detail="")
    html = entries_html("Timeline", [note, before], READER)
    assert html.index("28 Nov 2026") < html.index("27 Nov 2026")
    assert 'title="28 November 2026' in html
    assert "00:30:05" in html
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt; {actor}\nsecond line" in html


@pytest.mark.parametrize("text", ["1001", "#FR/2026/1001", "ORD-2026-0042", "№ 7", "a b"])
def test_what_may_be_an_order_number_is_taken(text: str) -> None:
    assert can_be_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "1" * 65, "jane@example.com", "mailto:jane@example.com", "https://x.example/1001", "tel:0151",
     "a\nb", "0b9e6f0c-7a52-4d43-9c39-5f0d1c2ab7de"],
)  # fmt: skip
def test_what_can_not_be_one_is_told(text: str) -> None:
    assert not can_be_number(text)


def test_numbers_are_the_same_however_they_are_written() -> None:
    assert same_number("#FR‐1001", "ｆｒ-1001 ")
    assert not same_number("1001", "10010")


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("jane@example.com", "jane@example.com"),
        (" mailto:jane@example.com?subject=x ", "jane@example.com"),
        ("Jane Doe <jane@example.com>", "jane@example.com"),
        ("jane@example.com.", "jane@example.com"),
        ("jane", None),
        ("jane doe@example.com", None),
        ("@example.com", None),
        ("mailto:", None),
        ("a@x.example b@x.example", None),
        ("https://x.example/@jane", None),
    ],
)
def test_an_email_is_found_in_what_is_pasted(text: str, email: str | None) -> None:
    assert read_email(text) == email
