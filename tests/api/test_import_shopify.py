"""Importing a whole Shopify orders export, on each database, as far as the API shows it."""

from __future__ import annotations

import csv
import shutil
import stat
from pathlib import Path
from urllib.parse import quote

import pytest

from lib.orders_api.importing import import_file
from tests.api.imported import detail, rejected, run
from tests.api.shop import Shop

SAMPLE = Path(__file__).parents[1] / "samples" / "shopify_sample.csv"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "shop orders.csv"))


def test_a_whole_export_comes_in_and_importing_again_changes_nothing(own_shop: Shop, sample: Path) -> None:
    steps: list[tuple[int, int]] = []
    report = import_file(
        own_shop.api.database,
        sample,
        own_shop.clock(),
        lambda done, total: steps.append((done, total)),
    )
    assert (report.added, report.already_there, report.rejected) == (9, 0, 3)
    assert steps == sorted(steps)
    assert steps[-1] == (sample.stat().st_size, sample.stat().st_size)

    before = [
        own_shop.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("orders", "timeline", "line_items")
    ]
    listed = rejected(report)
    again = run(own_shop, sample)
    assert (again.added, again.already_there, again.rejected) == (0, 9, 3)
    after = [
        own_shop.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("orders", "timeline", "line_items")
    ]
    assert after == before
    assert rejected(again) == listed
    assert own_shop.sql("SELECT * FROM outbox") == []


def test_an_imported_order_can_be_found_opened_tracked_and_cancelled(own_shop: Shop, sample: Path) -> None:
    run(own_shop, sample)
    order = detail(own_shop, "#1001")
    assert order["status"] == "SHIPPED"
    assert [item["total"] for item in order["items"]] == ["42.00", "23.51", "35.00"]
    assert (order["subtotal"], order["discountTotal"], order["shippingTotal"]) == ("100.51", "10.04", "7.50")
    assert (order["taxTotal"], order["grandTotal"]) == ("0.00", "97.97")
    assert order["shippingAddress"]["line2"] == "Save-a-lot"
    assert (order["carrier"], order["shippingMethod"]) == (None, "Speedy Express")
    assert order["customerNote"] == 'Ring twice,\nthen "wait"'
    assert [entry["detail"] for entry in reversed(own_shop.timeline("#1001"))] == [
        "PENDING",
        "PENDING → CONFIRMED",
        "CONFIRMED → PROCESSING",
        "PROCESSING → SHIPPED",
    ]
    assert {entry["actor"] for entry in own_shop.timeline("#1001")} == {"import"}
    found = own_shop.get(f"/v1/orders?q={quote('#1001')}").json
    assert [item["orderNumber"] for item in found["items"]] == ["#1001"]
    tracked = own_shop.get(f"/v1/track/{order['trackingToken']}").json
    assert tracked["orderNumber"] == "#1001"
    assert own_shop.cancel("#1002").json["status"] == "CANCELLED"
    assert own_shop.cancel("#1001").status == 409


def test_each_currency_keeps_its_digits_and_taxes_are_in_or_out_as_the_total_says(
    own_shop: Shop, sample: Path
) -> None:
    run(own_shop, sample)
    seen = {
        number: (order["currency"], order["grandTotal"], order["taxTotal"], order["taxIncluded"])
        for number in ("#1002", "#1004", "#1005", "#1006")
        for order in [detail(own_shop, number)]
    }
    assert seen == {
        "#1002": ("EUR", "24.90", "3.98", True),
        "#1004": ("USD", "59.40", "4.40", False),
        "#1005": ("JPY", "3780", "343", True),
        "#1006": ("KWD", "10.750", "0.000", False),
    }
    assert detail(own_shop, "#1002")["shippingAddress"]["postalCode"] == "01067"


def test_rejected_rows_are_listed_with_line_and_reason_for_their_owner_only(
    own_shop: Shop, sample: Path
) -> None:
    report = run(own_shop, sample)
    assert report.rejected_path == sample.with_name("shop orders.csv.rejected.csv")
    assert stat.S_IMODE(report.rejected_path.stat().st_mode) == 0o600
    rows = rejected(report)
    assert [(row["line"], row["Name"], row["reason"].split(":")[0]) for row in rows] == [
        ("15", "#1010", "Currency"),
        ("16", "#1002", "a duplicate"),
        ("17", "#1011", "no row of the order holds its sums and its currency"),
    ]
    with sample.open(newline="", encoding="utf-8-sig") as file:
        originals = {row["Name"]: row for row in csv.DictReader(file)}
    assert {key: value for key, value in rows[0].items() if key not in ("line", "reason")} == originals[
        "#1010"
    ]
