"""The rows of Shopify's orders export: how they make orders, and what is rejected for which reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.orders_api.importing import ImportFileError
from tests.api.imported import detail, rejected, run
from tests.api.shop import Shop
from tests.api.shopify_export import a_name, bring, full, more

pytestmark = pytest.mark.any_engine  # how files are read; test_import_shopify.py has both


def test_a_mended_list_of_rejected_rows_can_be_imported_and_an_old_list_goes(
    shop: Shop, tmp_path: Path
) -> None:
    name = a_name()
    report, _ = bring(shop, tmp_path, full(name, Total="dear"))
    assert (report.added, report.rejected) == (0, 1)
    mended = tmp_path / "mended.csv"
    assert report.rejected_path is not None
    mended.write_text(report.rejected_path.read_text("utf-8").replace("dear", "14.90"), "utf-8")
    assert run(shop, mended).added == 1
    again, listed = bring(shop, tmp_path, full(name))
    assert (again.already_there, again.rejected_path, listed) == (1, None, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mended.csv", "orders.csv"]


def test_an_order_with_characters_that_nobody_sees_is_kept_without_them(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    hidden = full(
        f"\u200e{name}",
        Email="an\u200ba@example.com",
        Shipping_Name="Ana Lindner\u202e",
        Shipping_City="Dres\u2060den",
        Created_at="\u200e2025-07-04 09:30:00 +0000",
    )
    report, _ = bring(shop, tmp_path, hidden)
    assert (report.added, report.rejected) == (1, 0)
    order = detail(shop, name)
    assert (order["email"], order["customerName"]) == ("ana@example.com", "Ana Lindner")
    assert order["shippingCity"] == "Dresden"
    again, _ = bring(shop, tmp_path, hidden)
    assert (again.added, again.already_there) == (0, 1)


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
        ({"Total": "1,490"}, "Total"),
        ({"Total": "1.490,0"}, "Total"),
        ({"Financial Status": "bezahlt"}, "Financial Status"),
        ({"Total": "-14.90"}, "Total"),
        ({"Total": "14.901"}, "Total"),
        ({"Subtotal": ""}, "Subtotal"),
        ({"Duties": "-1.00"}, "Duties"),
        ({"Currency": "XQQ"}, "Currency"),
        ({"Currency": ""}, "Currency"),
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
        ({"Lineitem name": "x" * 1001}, "items.0.name"),
        ({"Lineitem name": "", "Lineitem price": "", "Lineitem quantity": ""}, "Lineitem quantity"),
        ({"Shipping Country": "Atlantis"}, "Shipping Country"),
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
        + third.replace(b"Ana", "Zoë".encode())
    )
    report = run(shop, path)
    assert (report.added, report.rejected) == (1, 2)
    rows = rejected(report)
    assert rows[0]["reason"] == "not UTF-8"
    assert rows[0]["Shipping Name"] == "An\\xe1 Lindner"
    assert rows[1]["reason"].startswith("not readable as CSV")


def test_cells_that_a_spreadsheet_would_compute_are_kept_as_they_are(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    _, listed = bring(shop, tmp_path, full(name, Total="dear", Notes="=1+1"))
    assert listed[0]["Notes"] == "=1+1"


def test_an_order_with_more_line_items_than_the_store_takes_is_rejected(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    report, _ = bring(
        shop, tmp_path, full(name, Subtotal="10010.00", Total="10014.90"), *(more(name) for _ in range(1000))
    )
    assert (report.added, report.rejected) == (0, 1001)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"Name,Lineitem name\n", "column Email is missing"),
        (b'"Name', "not readable"),
        (b"\x00" * 5000, "no text"),
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
