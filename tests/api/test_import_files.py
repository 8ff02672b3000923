"""Whatever file it is: what it is told to be, what is imported of it, and what is said where nothing is."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from lib.orders_api.importing import ImportFileError
from tests.api.imported import detail, rejected, run
from tests.api.shop import Shop, order_body
from tests.api.shopify_export import COLUMNS, a_name, bring, full, write

pytestmark = pytest.mark.any_engine

SQUARESPACE = (
    "Order ID,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,"
    "Taxes,Amount Refunded,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Billing Name,Billing Address1,Billing City,"
    "Billing Zip,Billing Country,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,Shipping Country,"
    "Cancelled at,Private Notes\n"
    "00317,mia@example.com,PAID,2026-03-01 10:00:00 -0500,FULFILLED,2026-03-02 10:00:00 -0500,USD,30.00,6.00,"
    "0.00,5.00,36.00,,0.00,Flat,2026-03-01 09:58:00 -0500,2,Poster,15.00,PO-1,A2 / matt,Mia Berg,5 Elm St,"
    "Boston,02101,US,Mia Berg,5 Elm St,Boston,02101,US,,do not call\n"
)


def test_a_spreadsheets_file_comes_in_as_the_shops_own(shop: Shop, tmp_path: Path) -> None:
    """All at once: semicolons, cp1252, `sep=`, decimal commas, an apostrophe, a phone that is lost."""
    name = a_name()
    row = full(name, Total="1.014,90", Subtotal="1.010,00", Lineitem_price="1010,00", Shipping="4,90")
    row |= {"Shipping Name": "Zoë Müller", "Shipping City": "Köln", "Phone": "4,9151E+11"}
    path = write(tmp_path / "orders.csv", row, delimiter=";")
    path.write_bytes(b"sep=;\r\n" + path.read_text("utf-8").encode("cp1252"))
    report = run(shop, path)
    assert (report.kind, report.added, report.rejected) == ("Shopify's orders export", 1, 0)
    order = detail(shop, name)
    assert (order["grandTotal"], order["customerName"]) == ("1014.90", "Zoë Müller")
    assert (order["shippingCity"], order["shippingAddress"]["postalCode"]) == ("Köln", "01067")


def test_squarespaces_export_comes_in_by_its_own_number(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(SQUARESPACE)
    assert run(shop, path).kind == "Squarespace's orders export"
    order = detail(shop, "00317")
    assert (order["status"], order["paymentStatus"], order["refundedTotal"]) == ("SHIPPED", "PAID", "5.00")
    assert order["items"][0] == {
        "sku": "PO-1",
        "name": "Poster - A2 / matt",
        "quantity": 2,
        "unitPrice": "15.00",
        "total": "30.00",
    }
    assert order["customerNote"] is None  # private notes are the shop's own


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04....xl/workbook.xml", r"an Excel workbook \(.xlsx\): save it as CSV first"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        (b"PK\x03\x04orders_export.csv", "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"\x1f\x8b\x08", "a compressed file"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        (b"<?xml version='1.0'?><orders/>", "XML"),
        (b"Sale Date,Item Name,Buyer,Quantity,Price,Listing ID,Order ID\n", "Etsy's export of sold items"),
        (b"Sale Date,Order ID,Buyer User ID,Full Name,Number of Items\n", "Etsy's export of orders"),
        (b"order-id\torder-item-id\tpurchase-date\tbuyer-email\n", "Amazon"),
        (b'"Sales Record Number","Order Number","Buyer Username"\n', "eBay"),
        (b"Handle,Title,Variant SKU,Variant Price\n", "products"),
        (b"Date,Order #,Status,Customer,N. Revenue\n", r"report of orders \(Analytics\)"),
        (b"Order Number,Order Status,Order Date,Customer Note\n", "another plugin"),
        (b"Birds,Trees,Rivers\n1,2,3\n", r"another kind \(its columns are birds, trees, rivers"),
        (b"Dear all, please find attached", r"another kind \(its columns are dear all"),
        (b"hello\n", "neither a table nor JSON"),
        (b"orderNumber,status,currency,grandTotal\n", "export of Order Desk's list"),
        (b'[{"id": 1, "kind": "bird"}]', "JSON of another kind"),
        (b'{"errors": "[API] Invalid API key or access token"}', "an error message of an API"),
        (b'{"code": "woocommerce_rest_cannot_view", "message": "Sorry"}', "an error message of an API"),
        (b'{"orders": []}', "an answer without any order"),
        (b'[{"receipt_id": 7}]', "orders from Etsy's API"),
    ],
)
def test_anything_else_gets_one_line_that_says_what_it_looks_like_and_what_can_be_imported(
    shop: Shop, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match=words) as caught:
        run(shop, path)
    assert "\n" not in str(caught.value)
    assert "What can be imported: the orders export of Shopify" in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_another_kind_than_was_asked_for_is_refused_and_named(shop: Shop, tmp_path: Path) -> None:
    table = write(tmp_path / "orders.csv", full(a_name()))
    lines = tmp_path / "orders.jsonl"
    lines.write_text(json.dumps(order_body()))
    for path, wanted, words in (
        (table, "woocommerce", "looks like Shopify's orders export"),
        (table, "jsonl", "not JSON Lines but a table, it looks like Shopify's orders export"),
        (lines, "shopify", "looks like Order Desk's own orders"),
    ):
        with pytest.raises(ImportFileError, match=words):
            run(shop, path, format=wanted)


def test_a_list_beside_the_file_that_somebody_else_wrote_is_neither_deleted_nor_overwritten(
    shop: Shop, tmp_path: Path
) -> None:
    theirs = tmp_path / "orders.csv.rejected.csv"
    theirs.write_text("my notes\n")
    report, _ = bring(shop, tmp_path, full(a_name()))
    assert (report.added, theirs.read_text()) == (1, "my notes\n")
    report, listed = bring(shop, tmp_path, full(a_name(), Total="dear"))
    assert report.rejected_path == tmp_path / "orders.csv.rejected-2.csv"
    assert (len(listed), theirs.read_text()) == (1, "my notes\n")
    # Neither is one that was mended by hand.
    theirs.unlink()
    bring(shop, tmp_path, full(a_name(), Total="dear"))
    mended = theirs.read_text().replace("dear", "14.90")
    theirs.unlink()
    theirs.write_text(mended)
    bring(shop, tmp_path, full(a_name()))
    assert theirs.read_text() == mended


def test_a_pipe_is_imported_and_its_list_goes_to_the_folder_in_which_one_is(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "orders.csv", full(a_name()), full(a_name(), Total="dear"))
    reading, writing = os.pipe()
    os.write(writing, path.read_bytes())
    os.close(writing)
    report = run(shop, Path(f"/dev/fd/{reading}"))
    os.close(reading)
    assert (report.added, report.rejected) == (1, 1)
    assert report.rejected_path == tmp_path / f"{reading}.rejected.csv"


def test_each_row_in_one_cell_but_those_without_quotes_comes_in(shop: Shop, tmp_path: Path) -> None:
    names = [a_name(), a_name()]
    path = write(tmp_path / "plain.csv", full(names[0], Notes='say "hi", twice'), full(names[1]))
    with path.open(newline="", encoding="utf-8") as plain, (tmp_path / "o.csv").open("w") as file:
        lines = plain.read().splitlines()
        csv.writer(file, delimiter=";").writerows([line] for line in lines)
    report = run(shop, tmp_path / "o.csv")
    assert (report.added, rejected(report)) == (2, [])
    assert detail(shop, names[0])["customerNote"] == 'say "hi", twice'
    assert len(COLUMNS) > 20


def test_a_file_that_may_be_cut_off_comes_in_with_a_warning(shop: Shop, tmp_path: Path) -> None:
    path = write(tmp_path / "orders.csv", full(a_name()), full(a_name()))
    assert run(shop, path).hints == []
    path.write_bytes(path.read_bytes().replace(b"#S", b"#CUT-S").rstrip(b"\r\n"))
    report = run(shop, path)
    assert report.added == 2
    assert "The last line of the file has no end" in report.hints[0]
