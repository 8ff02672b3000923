"""Importing a WooCommerce orders export, on each database, as far as the API shows it."""

from __future__ import annotations

import csv
import itertools
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lib.orders_api.importing import ImportFileError
from tests.api.imported import detail, rejected, run
from tests.api.shop import Shop

SAMPLE = Path(__file__).parents[1] / "samples" / "woocommerce_sample.csv"
ITEM = "name:Chang|product_id:7|sku:NW-002|quantity:1|total:9.90|sub_total:9.90"
ROW = {
    "order_id": "1",
    "order_date": "2025-07-04 09:30:00",
    "status": "processing",
    "order_total": "9.90",
    "order_currency": "EUR",
    "billing_first_name": "Ana",
    "billing_last_name": "Lindner",
    "billing_email": "ana@example.com",
    "billing_address_1": "Obere Str. 57",
    "billing_postcode": "01067",
    "billing_city": "Dresden",
    "billing_country": "DE",
    "line_item_1": ITEM,
}
MORE = ["order_number", "paid_date", "shipping_total", "fee_total", "tax_total", "discount_total"]
COLUMNS = [*ROW, *MORE, "order_subtotal", "refund_items", "payment_method", "customer_id", "line_item_2"]
_names = itertools.count(1)


def row(**changes: str) -> dict[str, str]:
    return {**ROW, "order_number": f"W{next(_names)}", **changes}


def line(total: str, quantity: str = "1", sub_total: str = "", name: str = "Chang") -> str:
    return f"name:{name}|sku:X|quantity:{quantity}|total:{total}|sub_total:{sub_total or total}"


def bring(shop: Shop, folder: Path, *rows: dict[str, str], **options: Any) -> list[str]:
    """Import these rows; return why rows were rejected."""
    path = folder / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return [each["reason"] for each in rejected(run(shop, path, **options))]


def brought(shop: Shop, folder: Path, **changes: str) -> dict[str, Any]:
    """Import one row; return its order."""
    made = row(**changes)
    assert bring(shop, folder, made) == []
    return detail(shop, made["order_number"])


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "orders.csv"))


def test_a_whole_export_comes_in_and_importing_again_changes_nothing(own_shop: Shop, sample: Path) -> None:
    tables = ("orders", "timeline", "line_items", "order_addresses")
    report = run(own_shop, sample)
    assert (report.added, report.already_there, report.rejected) == (11, 0, 4)
    before = [own_shop.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    listed = rejected(report)
    again = run(own_shop, sample)
    assert (again.added, again.already_there, again.rejected) == (0, 11, 4)
    assert [own_shop.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables] == before
    assert rejected(again) == listed
    assert own_shop.count("outbox") == 0
    assert [(each["line"], each["order_number"]) for each in listed] == [
        ("13", "WC-1011"),
        ("14", "WC-1012"),
        ("15", "WC-1009"),
        ("16", "WC-1013"),
    ]
    for reason, words in zip(
        [each["reason"] for each in listed],
        ["is no order", "none of pending", "line 11", "line_items"],
        strict=True,
    ):
        assert words in reason


def test_the_sample_stands_as_the_shop_had_it(own_shop: Shop, sample: Path) -> None:
    run(own_shop, sample, zone=ZoneInfo("Europe/Berlin"))
    rows = own_shop.sql(
        "SELECT order_number, status, payment_status, fulfillment_status FROM orders ORDER BY order_number"
    )
    assert [" ".join(each.values()) for each in rows] == [
        "WC-1001 CONFIRMED PAID UNFULFILLED",
        "WC-1002 SHIPPED PAID FULFILLED",
        "WC-1003 PENDING PENDING UNFULFILLED",
        "WC-1004 PENDING PENDING UNFULFILLED",
        "WC-1005 CANCELLED VOIDED UNFULFILLED",
        "WC-1006 REFUNDED REFUNDED UNFULFILLED",
        "WC-1007 PENDING FAILED UNFULFILLED",
        "WC-1008 CONFIRMED PARTIALLY_REFUNDED UNFULFILLED",
        "WC-1009 CONFIRMED PENDING UNFULFILLED",
        "WC-1010 CONFIRMED PAID UNFULFILLED",
        "WC-1014 CONFIRMED PAID UNFULFILLED",
    ]
    owner = own_shop.sql("SELECT customer_id FROM orders WHERE order_number IN ('WC-1001', 'WC-1002')")
    assert [each["customer_id"] for each in owner] == ["17", None]
    order = detail(own_shop, "WC-1001")
    assert order["createdAt"] == "2025-07-04T09:30:00Z"
    assert order["email"] == "ana@example.com"
    assert order["phone"] == "+49 30 23125 101"
    assert order["items"] == [
        {
            "sku": "SH-1",
            "name": "Shade, linen | large",
            "quantity": 2,
            "unitPrice": "16.805",
            "total": "33.61",
        }
    ]
    sums = {name: order[name] for name in ("subtotal", "discountTotal", "shippingTotal", "taxTotal")}
    assert sums == {"subtotal": "33.61", "discountTotal": "3.36", "shippingTotal": "4.12", "taxTotal": "6.53"}
    assert (order["grandTotal"], order["taxIncluded"]) == ("40.90", False)
    assert order["shippingAddress"] == {
        "firstName": "Jo",
        "lastName": "Berg",
        "line1": "Elbweg 1",
        "line2": "Save-a-lot",
        "city": "Dresden",
        "region": None,
        "postalCode": "01069",
        "country": "DE",
    }
    assert order["billingAddress"]["firstName"] == "Ana María"
    lamp = detail(own_shop, "WC-1002")
    assert (lamp["shippingTotal"], lamp["grandTotal"]) == ("4.12", "25.62")
    assert [(item["name"], item["total"]) for item in lamp["items"]][-1] == ("Fee", "1.50")
    assert detail(own_shop, "WC-1014")["email"] is None
    tea = detail(own_shop, "WC-1008")
    assert (tea["grandTotal"], tea["shippingCountry"]) == ("1290", "JP")
    assert [(each["kind"], each["detail"]) for each in reversed(own_shop.timeline("WC-1002"))] == [
        ("CREATED", "PENDING"),
        ("STATUS_CHANGED", "PENDING → CONFIRMED"),
        ("STATUS_CHANGED", "CONFIRMED → PROCESSING"),
        ("STATUS_CHANGED", "PROCESSING → SHIPPED"),
        ("NOTE", "A fee of 1.50 EUR is in the total: Fee."),
    ]
    assert [each["detail"] for each in own_shop.timeline("WC-1010") if each["kind"] == "NOTE"] == [
        "The shop's total, 11.90 EUR, is 2.00 EUR more than its parts add up to:"
        " perhaps the order was changed after it was placed."
    ]


@pytest.mark.any_engine
def test_a_time_without_a_zone_is_the_shops_own(shop: Shop, tmp_path: Path) -> None:
    made = row(order_date="2026-11-23 15:15:00", status="pending")
    assert "--time-zone" in bring(shop, tmp_path, made)[0]
    assert bring(shop, tmp_path, made, zone=ZoneInfo("Asia/Tokyo")) == []
    assert detail(shop, made["order_number"])["createdAt"] == "2026-11-23T06:15:00Z"


@pytest.mark.any_engine
def test_without_a_number_of_its_own_an_order_is_known_by_its_id(own_shop: Shop, tmp_path: Path) -> None:
    assert bring(own_shop, tmp_path, row(order_number="", order_id="4711")) == []
    assert detail(own_shop, "4711")["grandTotal"] == "9.90"


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("changes", "sums"),
    [
        ({"line_item_1": line("10.00", "3"), "order_total": "10.00"}, "10.00 0.00 0.00 0.00 10.00"),
        ({"tax_total": "1.88", "order_total": "11.78"}, "9.90 0.00 0.00 1.88 11.78"),
        ({"tax_total": "1.88", "order_total": "11.79"}, "9.90 0.00 0.00 1.88 11.79"),
        ({"fee_total": "-2.00", "order_total": "7.90"}, "9.90 2.00 0.00 0.00 7.90"),
        (
            {"line_item_1": line("0.00", "1", "9.90"), "discount_total": "9.90", "order_total": "0.00"},
            "9.90 9.90 0.00 0.00 0.00",
        ),
        (
            {"order_currency": "KWD", "line_item_1": line("1.25"), "order_total": "1.26"},
            "1.250 0.000 0.000 0.000 1.260",
        ),
    ],
)
def test_sums_that_differ_by_rounding_are_kept_with_the_total_as_it_was(
    shop: Shop, tmp_path: Path, changes: dict[str, str], sums: str
) -> None:
    order = brought(shop, tmp_path, **changes)
    names = ("subtotal", "discountTotal", "shippingTotal", "taxTotal", "grandTotal")
    assert " ".join(order[name] for name in names) == sums


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order_total": ""}, "order_total: is missing"),
        ({"order_total": "nine"}, "order_total: must be an amount"),
        ({"order_total": "1e3"}, "order_total: must be an amount"),
        ({"order_total": "9" * 15}, "order_total: is too large"),
        ({"shipping_total": "-9.90", "order_total": "0.00"}, "shipping_total: is negative"),
        ({"line_item_1": "Chang × 1"}, "line_item_1: not a line item"),
        ({"line_item_1": line("9.90", "0")}, "line_item_1: the quantity"),
        ({"line_item_1": line("9.90", "1.5")}, "line_item_1: not a whole number"),
        ({"line_item_1": "name:Chang|sku:X|quantity:1"}, "line_item_1: is missing"),
        ({"line_item_1": "name:|sku:X|quantity:1|total:9.90"}, "items.0.name"),
        ({"line_item_2": line("-1.00"), "order_total": "8.90"}, "line_item_2: is negative"),
        ({"order_currency": "EURO"}, "order_currency: not an ISO 4217"),
        ({"order_date": "9/6/2016 6:29:00"}, "order_date: not a time"),
        ({"order_date": ""}, "order_date: is missing"),
        ({"order_date": "1969-01-01 00:00:00"}, "order_date: before the year 1970"),
        ({"paid_date": "soon"}, "paid_date: not a time"),
        ({"billing_country": "Atlantis"}, "billing_country: neither"),
        ({"billing_email": "nobody"}, "email"),
        ({"order_number": "a" * 65}, "order_number: must be"),
        ({"status": ""}, "status: none of"),
    ],
)
def test_an_order_that_cannot_be_right_is_rejected_whole_and_says_why(
    shop: Shop, tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    orders = shop.count("orders")
    (said,) = bring(shop, tmp_path, row(**changes))
    assert reason in said
    assert shop.count("orders") == orders


@pytest.mark.any_engine
def test_an_order_of_another_source_with_that_number_stays_as_it_is(shop: Shop, tmp_path: Path) -> None:
    number = shop.create()["orderNumber"]
    before = shop.order(number)
    bring(shop, tmp_path, row(order_number=number.lower()))
    assert shop.order(number) == before


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Name,Email,Total\n", "a table of another kind"),
        ("order_id,order_date,status,line_item_1\n", "the column order_total is missing"),
        ('"a\n', "not readable as CSV"),
    ],
)
def test_another_file_is_refused_whole(shop: Shop, tmp_path: Path, header: str, words: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(header)
    with pytest.raises(ImportFileError, match=words):
        run(shop, path, format="woocommerce")


@pytest.mark.any_engine
def test_the_table_taken_for_json_lines_is_refused_with_the_way_out(shop: Shop, sample: Path) -> None:
    with pytest.raises(ImportFileError, match="leave --format out"):
        run(shop, sample, format="jsonl")
