"""Importing Shopify's orders export, on each database, as far as the API shows it."""

from __future__ import annotations

import csv
import itertools
import shutil
import stat
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from lib.orders_api.importing import ImportFileError, ImportReport, import_file
from tests.api.shop import Shop

SAMPLE = Path(__file__).parents[1] / "samples" / "shopify_sample.csv"
FULL = {
    "Email": "ana@example.com",
    "Financial Status": "pending",
    "Fulfillment Status": "unfulfilled",
    "Currency": "EUR",
    "Subtotal": "10.00",
    "Shipping": "4.90",
    "Taxes": "0.00",
    "Total": "14.90",
    "Discount Amount": "0.00",
    "Created at": "2025-07-04 09:30:00 +0000",
    "Shipping Name": "Ana Lindner",
    "Shipping Address1": "Obere Str. 57",
    "Shipping City": "Dresden",
    "Shipping Zip": "'01067",
    "Shipping Country": "DE",
    "Notes": "",
}
ITEM = {
    "Lineitem quantity": "1",
    "Lineitem name": "Chang",
    "Lineitem price": "10.00",
    "Lineitem sku": "NW-002",
}
COLUMNS = ["Name", *FULL, *ITEM, "Paid at", "Cancelled at", "Lineitem discount", "Phone"]
_names = itertools.count(1)


def a_name() -> str:
    return f"#S{next(_names)}"


def full(name: str, **changes: str) -> dict[str, str]:
    return {"Name": name, **FULL, **ITEM, **{key.replace("_", " "): value for key, value in changes.items()}}


def more(name: str, **changes: str) -> dict[str, str]:
    return {"Name": name, **ITEM, **{key.replace("_", " "): value for key, value in changes.items()}}


def run(shop: Shop, path: Path) -> ImportReport:
    return import_file(shop.api.database, path, "shopify", shop.clock(), lambda done, total: None)


def bring(shop: Shop, folder: Path, *rows: dict[str, str]) -> tuple[ImportReport, list[dict[str, str]]]:
    """Import these rows; give the report and the rows that were rejected."""
    path = folder / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    report = run(shop, path)
    return report, rejected(report)


def rejected(report: ImportReport) -> list[dict[str, str]]:
    if report.rejected_path is None:
        return []
    with report.rejected_path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def detail(shop: Shop, number: str) -> dict[str, Any]:
    """Give an order unmasked, with its token: what staff would see after a reveal."""
    row = shop.sql("SELECT customer_id FROM orders WHERE order_number = :n", n=number)
    assert row, "no such order"
    shop.sql("UPDATE orders SET customer_id = 'c-1' WHERE order_number = :n", n=number)
    return shop.order(number)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "shop orders.csv"))


def test_a_whole_export_comes_in_and_importing_again_changes_nothing(own_shop: Shop, sample: Path) -> None:
    steps: list[tuple[int, int]] = []
    report = import_file(
        own_shop.api.database,
        sample,
        "shopify",
        own_shop.clock(),
        lambda done, total: steps.append((done, total)),
    )
    assert (report.added, report.already_there, report.rejected) == (8, 0, 5)
    assert steps == sorted(steps)
    assert steps[-1] == (sample.stat().st_size, sample.stat().st_size)

    before = [
        own_shop.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("orders", "timeline", "line_items")
    ]
    listed = rejected(report)
    again = run(own_shop, sample)
    assert (again.added, again.already_there, again.rejected) == (0, 8, 5)
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
    assert order["carrier"] == "Speedy Express"
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
        ("13", "#1009", "Total"),
        ("14", "#1009", "Total"),
        ("15", "#1010", "Currency"),
        ("16", "#1002", "a duplicate"),
        ("17", "#1011", "no row of the order holds its sums and its currency"),
    ]
    with sample.open(newline="", encoding="utf-8-sig") as file:
        originals = {row["Name"]: row for row in csv.DictReader(file)}
    assert {key: value for key, value in rows[2].items() if key not in ("line", "reason")} == originals[
        "#1010"
    ]


def test_a_mended_list_of_rejected_rows_can_be_imported_and_an_old_list_goes(
    shop: Shop, tmp_path: Path
) -> None:
    name = a_name()
    report, _ = bring(shop, tmp_path, full(name, Total="99.00"))
    assert (report.added, report.rejected) == (0, 1)
    mended = tmp_path / "mended.csv"
    assert report.rejected_path is not None
    mended.write_text(report.rejected_path.read_text("utf-8").replace("99.00", "14.90"), "utf-8")
    assert run(shop, mended).added == 1
    again, listed = bring(shop, tmp_path, full(name))
    assert (again.already_there, again.rejected_path, listed) == (1, None, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mended.csv", "orders.csv"]


def test_rows_of_an_order_may_be_apart_even_before_the_full_one(shop: Shop, tmp_path: Path) -> None:
    first, second = a_name(), a_name()
    report, _ = bring(
        shop,
        tmp_path,
        more(first, Lineitem_price="1.00"),
        full(second),
        full(first, Subtotal="13.00", Total="17.90"),
        more(first.lower(), Lineitem_price="2.00"),
    )
    assert (report.added, report.rejected) == (2, 0)
    assert [item["unitPrice"] for item in detail(shop, first)["items"]] == ["1.00", "10.00", "2.00"]


@pytest.mark.parametrize("repeated_line_items", [True, False])
def test_a_second_full_row_is_a_duplicate_and_the_first_one_stays(
    shop: Shop, tmp_path: Path, repeated_line_items: bool
) -> None:
    name = a_name()
    block = [full(name, Subtotal="20.00", Total="24.90"), more(name)]
    rows = [*block, *block] if repeated_line_items else [block[0], block[0], block[1]]
    report, listed = bring(shop, tmp_path, *rows)
    assert report.added == 1
    assert [row["line"] for row in listed] == (["4", "5"] if repeated_line_items else ["3"])
    assert detail(shop, name)["grandTotal"] == "24.90"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"Total": ""}, "Total"),
        ({"Total": "14,90"}, "Total"),
        ({"Total": "-14.90"}, "Total"),
        ({"Total": "14.901"}, "Total"),
        ({"Subtotal": "12.00"}, "Subtotal"),
        ({"Currency": "XQQ"}, "Currency"),
        ({"Currency": ""}, "Currency"),
        ({"Email": ""}, "Email"),
        ({"Email": "nobody"}, "email"),
        ({"Email": "a\x00b@example.com"}, "email"),
        ({"Created at": ""}, "Created at"),
        ({"Created at": "2099-01-01 00:00:00 +0000"}, "Created at"),
        ({"Paid at": "2099-01-01 00:00:00 +0000"}, "Paid at"),
        ({"Cancelled at": "never"}, "Cancelled at"),
        ({"Lineitem quantity": "0"}, "Lineitem quantity"),
        ({"Lineitem quantity": "-1"}, "Lineitem quantity"),
        ({"Lineitem quantity": "1.5"}, "Lineitem quantity"),
        ({"Lineitem quantity": "9" * 5000}, "Lineitem quantity"),
        ({"Lineitem quantity": "²"}, "Lineitem quantity"),
        ({"Lineitem price": "ten"}, "Lineitem price"),
        ({"Lineitem name": ""}, "items.0.name"),
        ({"Lineitem name": "x" * 1000}, "items.0.name"),
        ({"Lineitem name": "\x1b[31mred"}, "items.0.name"),
        ({"Lineitem name": "", "Lineitem price": "", "Lineitem quantity": ""}, "Subtotal"),
        ({"Shipping Country": "Atlantis"}, "Shipping Country"),
        ({"Name": "a/b"}, "Name"),
        ({"Name": " "}, "Name"),
        ({"Name": "#" + "9" * 64}, "Name"),
    ],
)
def test_an_order_whose_rows_cannot_be_right_is_rejected_whole_and_the_others_are_kept(
    shop: Shop, tmp_path: Path, changes: dict[str, str], column: str
) -> None:
    bad, good = a_name(), a_name()
    report, listed = bring(shop, tmp_path, full(bad) | changes, full(good))
    assert (report.added, report.rejected) == (1, 1)
    assert listed[0]["line"] == "2"
    assert listed[0]["reason"].startswith(column)
    assert not shop.sql("SELECT 1 FROM orders WHERE order_number = :n", n=bad)


def test_bytes_that_are_not_utf8_and_broken_quotes_cost_their_own_row_only(
    shop: Shop, tmp_path: Path
) -> None:
    names = [a_name() for _ in range(3)]
    bring(shop, tmp_path, *(full(name) for name in names))  # makes the file, and is forgotten again
    shop.sql("DELETE FROM orders WHERE order_number IN (:a, :b, :c)", a=names[0], b=names[1], c=names[2])
    path = tmp_path / "orders.csv"
    header, first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(
        header
        + first.replace(b"Ana", b"An\xe1")
        + second.replace(b"Obere Str. 57", b'"Obere Str. 57')
        + third
    )
    report = run(shop, path)
    assert (report.added, report.rejected) == (1, 2)
    rows = rejected(report)
    assert rows[0]["reason"] == "not UTF-8"
    assert rows[0]["Shipping Name"] == "An\\xe1 Lindner"
    assert rows[1]["reason"].startswith("not readable as CSV")


def test_cells_that_a_spreadsheet_would_compute_are_kept_as_they_are(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    _, listed = bring(shop, tmp_path, full(name, Total="99.00", Notes="=1+1"))
    assert listed[0]["Notes"] == "=1+1"


def test_an_order_with_more_line_items_than_the_store_takes_is_rejected(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    report, _ = bring(
        shop, tmp_path, full(name, Subtotal="5010.00", Total="5014.90"), *(more(name) for _ in range(500))
    )
    assert (report.added, report.rejected) == (0, 501)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"Name,Email\n", "column Financial Status is missing"),
        (b'{"email": "a@example.com"}\n', "column Name is missing"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xff\xfeN\x00a\x00", "UTF-16"),
        (b'"Name', "no header|not readable"),
        (b"\x00" * 5000, "missing"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_one_line(
    shop: Shop, tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "orders.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImportFileError, match=message) as caught:
        run(shop, path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "orders.csv.rejected.csv").exists()


def test_a_folder_is_refused(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="can't be read"):
        run(shop, tmp_path)
