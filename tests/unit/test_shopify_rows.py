"""Rows, fields, statuses and times of Shopify's orders export, without any store."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from lib.orders_api.domain.statuses import NEXT_STATUSES, OrderStatus
from lib.orders_api.importing.csv_rows import MAX_LINES_PER_ROW, CsvRows, Row
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Times, timeline
from lib.orders_api.importing.shopify_fields import addresses, moment, phone
from lib.orders_api.importing.shopify_history import statuses
from lib.orders_api.importing.source import Line


def rows_of(text: bytes) -> list[Row]:
    lines = [Line(number, line) for number, line in enumerate(text.splitlines(keepends=True), 1)]
    return list(CsvRows(iter(lines)).rows())


def good_lines(text: bytes) -> list[int]:
    return [row.line for row in rows_of(text) if row.problem is None]


def cells(**given: str) -> defaultdict[str, str]:
    return defaultdict(str, {name.replace("_", " "): value for name, value in given.items()})


def test_a_quoted_line_break_keeps_its_row_together_and_the_next_rows_line_right() -> None:
    rows = rows_of(b'a,b\r\n1,"x\r\ny ""z"""\r\n2,w\r\n')
    assert [(row.line, row.cells) for row in rows] == [
        (1, ["a", "b"]),
        (2, ["1", 'x\r\ny "z"']),
        (4, ["2", "w"]),
    ]


@pytest.mark.parametrize(
    "broken",
    [b'1,"never closed', b'1,"closed" too early', b"1", b"1,2,3", b"1,\xff", b'1,"a\nb",3', b'"x"y,"'],
)
def test_a_broken_row_is_given_up_alone(broken: bytes) -> None:
    text = b"a,b\n" + broken + b"\n7,8\n9,10\n"
    kept = [row.cells for row in rows_of(text) if row.problem is None]
    assert kept == [["a", "b"], ["7", "8"], ["9", "10"]]
    assert next(row.line for row in rows_of(text) if row.problem is not None) == 2


def test_a_quotation_mark_that_is_never_closed_swallows_no_row_of_a_long_file() -> None:
    text = b"a,b\n" + b'1,"open\n' + b"2,3\n" * (3 * MAX_LINES_PER_ROW)
    assert len(good_lines(text)) == 1 + 3 * MAX_LINES_PER_ROW


def test_a_huge_field_is_given_up_alone() -> None:
    assert good_lines(b"a,b\n1," + b"x" * 200_000 + b"\n2,3\n") == [1, 3]


def test_a_line_that_was_too_long_to_be_read_is_given_up_alone() -> None:
    lines = [Line(1, b"a,b\n"), Line(2, None), Line(3, b"2,3\n")]
    rows = list(CsvRows(iter(lines)).rows())
    assert [(row.line, row.problem) for row in rows] == [(1, None), (2, "the line is too long"), (3, None)]


def test_blank_rows_are_passed_over() -> None:
    assert good_lines(b"\n,\na,b\n\n , \n1,2\n") == [3, 6]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-04 00:00:00 +0000", datetime(2024, 7, 4, tzinfo=UTC)),
        ("2024-07-04 23:30:00 -0400", datetime(2024, 7, 5, 3, 30, tzinfo=UTC)),
        ("2024-07-04T09:00:00+02:00", datetime(2024, 7, 4, 7, tzinfo=UTC)),
        ("2024-07-04T09:00:00.123Z", datetime(2024, 7, 4, 9, tzinfo=UTC)),
        ("", None),
    ],
)
def test_times_are_read_with_their_zone(text: str, expected: datetime | None) -> None:
    assert moment(cells(Paid_at=text), "Paid at") == expected


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2024-07-04",
        "2024-07-04 00:00:00",
        "1969-12-31 00:00:00 +0000",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_times_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(RowRejectedError, match=r"^Paid at: "):
        moment(cells(Paid_at=text), "Paid at")


def test_the_apostrophe_of_a_spreadsheet_is_not_part_of_a_phone_or_postal_code() -> None:
    given = cells(
        Shipping_Name="Ana", Shipping_City="'s-Gravenhage", Shipping_Zip="'01067", Shipping_Country="nl"
    )
    assert addresses(given)[0]["postalCode"] == "01067"
    assert addresses(given)[0]["city"] == "'s-Gravenhage"
    assert phone(cells(Phone="'+31 20 000 0001")) == "+31 20 000 0001"


def test_the_phone_is_the_orders_then_the_shipping_then_the_billing_one() -> None:
    assert phone(cells(Phone="1", Shipping_Phone="2", Billing_Phone="3")) == "1"
    assert phone(cells(Phone="'", Shipping_Phone="2", Billing_Phone="3")) == "2"
    assert phone(cells(Billing_Phone="3")) == "3"
    assert phone(cells()) is None


@pytest.mark.parametrize(
    ("country", "code"),
    [("DE", "DE"), ("gb", "GB"), ("Germany", "DE"), ("UK", "GB"), ("United States", "US"), ("Turkey", "TR")],
)
def test_countries_are_codes_or_names(country: str, code: str) -> None:
    assert addresses(cells(Billing_Country=country))[0]["country"] == code


@pytest.mark.parametrize("country", ["Atlantis", "ZZ", "\x00"])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(RowRejectedError, match="Country"):
        addresses(cells(Shipping_Country=country))


def test_what_an_address_lacks_is_filled_in() -> None:
    shipping, billing = addresses(
        cells(Billing_Company="Around the Horn", Billing_Province="Essex", Billing_Country="GB")
    )
    assert shipping == billing
    assert (shipping["firstName"], shipping["lastName"]) == ("Around", "the Horn")
    assert (shipping["line1"], shipping["line2"], shipping["city"]) == ("–", None, "Essex")


def test_an_order_without_any_address_is_refused() -> None:
    with pytest.raises(RowRejectedError, match="no address"):
        addresses(cells(Shipping_Name="Ana"))


@pytest.mark.parametrize(
    ("financial", "fulfillment", "cancelled", "expected"),
    [
        ("paid", "fulfilled", True, ("CANCELLED", "PAID", "FULFILLED")),
        ("voided", "", True, ("CANCELLED", "VOIDED", "UNFULFILLED")),
        ("refunded", "fulfilled", False, ("REFUNDED", "REFUNDED", "FULFILLED")),
        ("pending", "fulfilled", False, ("PENDING", "PENDING", "FULFILLED")),
        ("authorized", "", False, ("PENDING", "PENDING", "UNFULFILLED")),
        ("", "unfulfilled", False, ("PENDING", "PENDING", "UNFULFILLED")),
        ("Paid", "Fulfilled", False, ("SHIPPED", "PAID", "FULFILLED")),
        ("paid", "partial", False, ("PROCESSING", "PAID", "PARTIALLY_FULFILLED")),
        ("paid", "", False, ("CONFIRMED", "PAID", "UNFULFILLED")),
        ("partially_refunded", "fulfilled", False, ("SHIPPED", "PARTIALLY_REFUNDED", "FULFILLED")),
        ("partially_paid", "", False, ("CONFIRMED", "PENDING", "UNFULFILLED")),
        ("voided", "", False, ("CONFIRMED", "VOIDED", "UNFULFILLED")),
    ],
)
def test_statuses_are_those_of_the_contract(
    financial: str, fulfillment: str, cancelled: bool, expected: tuple[str, str, str]
) -> None:
    read = statuses(financial, fulfillment, cancelled)
    assert (read.order, read.payment, read.fulfillment) == expected


@pytest.mark.parametrize("financial", ["paid", "pending", "refunded", "partially_refunded", "voided"])
@pytest.mark.parametrize("fulfillment", ["fulfilled", "partial", ""])
@pytest.mark.parametrize("cancelled", [None, datetime(2025, 1, 2, tzinfo=UTC)])
@pytest.mark.parametrize("paid", [None, datetime(2024, 12, 31, tzinfo=UTC), datetime(2025, 1, 3, tzinfo=UTC)])
def test_a_timeline_goes_only_ways_that_orders_go_and_ends_at_the_status(
    financial: str, fulfillment: str, cancelled: datetime | None, paid: datetime | None
) -> None:
    reached = statuses(financial, fulfillment, cancelled is not None)
    times = Times(datetime(2025, 1, 1, tzinfo=UTC), paid, datetime(2025, 1, 2, tzinfo=UTC), cancelled)
    entries = timeline(reached, times)
    assert (entries[0].kind, entries[0].at) == ("CREATED", times.created)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    at = OrderStatus.PENDING
    for entry in entries:
        if entry.kind == "STATUS_CHANGED":
            before, after = map(OrderStatus, entry.detail.split(" → "))
            assert before is at
            assert after in NEXT_STATUSES[at]
            at = after
    assert at is reached.order
