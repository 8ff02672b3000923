"""What Shopify's orders export knows of an order, and what is kept of it, on each database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lib.orders_api.importing import ImportFileError
from tests.api.imported import detail, run
from tests.api.shop import Shop
from tests.api.shopify_export import a_name, bring, full, more, write

pytestmark = pytest.mark.any_engine  # how files are read; test_import_shopify.py has both

NOWHERE = {f"Shipping {part}": "" for part in ("Name", "Address1", "City", "Zip", "Country")}


def brought(shop: Shop, folder: Path, *more_rows: dict[str, str], **changes: str) -> dict[str, Any]:
    """Import an order of one full row, changed, and these further ones; return it."""
    name = changes.pop("Name", None) or a_name()
    rows = [{**row, "Name": name} for row in more_rows]
    report, listed = bring(shop, folder, full(name, **changes), *rows)
    assert (report.added, listed) == (1, [])
    return detail(shop, name)


def notes(shop: Shop, order: dict[str, Any]) -> list[str]:
    timeline = shop.timeline(order["orderNumber"])
    return [entry["detail"] for entry in timeline if (entry["kind"], entry["actor"]) == ("NOTE", "import")]


def sums(order: dict[str, Any]) -> str:
    names = ("subtotal", "discountTotal", "shippingTotal", "dutiesTotal", "taxTotal", "grandTotal")
    return " ".join(str(order[name]) for name in names)


def test_a_tip_is_a_line_item_that_is_said(shop: Shop, tmp_path: Path) -> None:
    tip = more("", Lineitem_name="Tip", Lineitem_price="2.40", Lineitem_sku="")
    order = brought(shop, tmp_path, tip, Taxes="1.60", Total="17.30")
    assert sums(order) == "12.40 0.00 4.90 None 1.60 17.30"
    assert (order["taxIncluded"], order["items"][1]["name"]) == (True, "Tip")
    assert notes(shop, order) == ["A tip of 2.40 EUR is in the total."]


def test_duties_are_kept_apart(shop: Shop, tmp_path: Path) -> None:
    order = brought(shop, tmp_path, Duties="7.02", Total="21.92")
    assert sums(order) == "10.00 0.00 4.90 7.02 0.00 21.92"
    assert notes(shop, order) == ["Duties of 7.02 EUR are in the total."]


def test_an_edited_order_keeps_its_total_and_says_what_is_not_explained(shop: Shop, tmp_path: Path) -> None:
    order = brought(shop, tmp_path, Taxes="1.90", Total="29.30")
    assert sums(order) == "10.00 0.00 4.90 None 1.90 29.30"
    (said,) = notes(shop, order)
    assert said.startswith("The shop's total, 29.30 EUR, is 12.50 EUR more than its parts add up to")
    removed = brought(
        shop, tmp_path, more("", Lineitem_name="Ikura", Lineitem_quantity="0"), Subtotal="4.00", Total="8.90"
    )
    assert sums(removed) == "10.00 0.00 4.90 None 0.00 8.90"
    assert notes(shop, removed) == [
        "The shop's total, 8.90 EUR, is 6.00 EUR less than its parts add up to: perhaps the order was edited,"
        " or a fee or refund of shipping is in it.",
        "Ikura is left out: its quantity is 0, so it was removed from the order.",
    ]


def test_discounts_are_those_that_the_shop_gave(shop: Shop, tmp_path: Path) -> None:
    row = {"Discount_Amount": "1.00", "Subtotal": "9.00", "Total": "13.90"}
    assert sums(brought(shop, tmp_path, **row)) == "10.00 1.00 4.90 None 0.00 13.90"
    beside = {"Lineitem_discount": "1.00", "Subtotal": "9.00", "Total": "13.90"}
    assert sums(brought(shop, tmp_path, **beside)) == "10.00 1.00 4.90 None 0.00 13.90"


def test_what_the_customer_wrote_and_what_was_paid_back_are_kept(shop: Shop, tmp_path: Path) -> None:
    order = brought(
        shop,
        tmp_path,
        Financial_Status="partially_refunded",
        Refunded_Amount="3.50",
        Notes="Leave it\nwith Mrs. Ek",
        Tags="b2b, gift wrap",
        Shipping_Method="DHL Paket",
    )
    assert (order["refundedTotal"], order["paymentStatus"]) == ("3.50", "PARTIALLY_REFUNDED")
    assert (order["customerNote"], order["tags"]) == ("Leave it\nwith Mrs. Ek", ["b2b", "gift wrap"])
    assert (order["shippingMethod"], order["carrier"], order["source"]) == ("DHL Paket", None, "import")


def test_orders_without_email_or_address_are_kept_and_the_name_that_is_known(
    shop: Shop, tmp_path: Path
) -> None:
    order = brought(shop, tmp_path, Email="", Phone="+39 333 7654321")
    assert (order["email"], order["emailMasked"], order["phone"]) == (None, None, "+39 333 7654321")
    pickup = brought(shop, tmp_path, **NOWHERE, Billing_Name="Rosa Pickup")
    assert pickup["shippingAddress"] is pickup["billingAddress"] is pickup["shippingCountry"] is None
    assert pickup["customerName"] == "Rosa Pickup"
    assert brought(shop, tmp_path, Email="", **NOWHERE)["customerName"] is None


def test_cash_on_delivery_is_shipped_unpaid_can_not_be_cancelled_and_contradicts_nothing(
    own_shop: Shop, tmp_path: Path
) -> None:
    order = brought(
        own_shop,
        tmp_path,
        Name="#COD",
        Fulfillment_Status="fulfilled",
        Fulfilled_at="2025-07-06 10:00:00 +0000",
    )
    assert (order["status"], order["paymentStatus"]) == ("SHIPPED", "PENDING")
    assert own_shop.cancel("#COD").code == "ORDER_NOT_CANCELLABLE"
    bring(own_shop, tmp_path, full("#PART", Fulfillment_Status="partial"))
    bring(own_shop, tmp_path, full("#SOME", Financial_Status="partially_paid"))
    found = own_shop.get("/v1/stats/contradictions").json["items"]
    assert [each["rule"] for each in found if each["count"]] == []


def test_what_shops_really_have_is_taken(shop: Shop, tmp_path: Path) -> None:
    many = [more("", Lineitem_name=f"Screw {number}", Lineitem_price="0.10") for number in range(600)]
    order = brought(
        shop,
        tmp_path,
        *many,
        Name="#IT/2026/7",
        Email="k..m.@docomo.ne.jp",
        Subtotal="70.00",
        Total="74.90",
        Shipping_Country="TA",
        Lineitem_name="x" * 1000,
        Phone="4.91511E+11",
        Shipping_Address1="Obere\x0bStr. 57",
    )
    assert (order["itemCount"], len(order["items"][0]["name"])) == (601, 1000)
    assert (order["orderNumber"], order["email"]) == ("#IT/2026/7", "k..m.@docomo.ne.jp")
    assert (order["shippingCountry"], order["shippingAddress"]["line1"]) == ("TA", "Obere Str. 57")
    assert order["phone"] is None
    assert notes(shop, order) == ["No phone: a spreadsheet made 4.91511E+11 of it."]


def test_cancelled_at_is_a_column_in_either_spelling_and_without_it_nothing_is_imported(
    shop: Shop, tmp_path: Path
) -> None:
    path = write(tmp_path / "orders.csv", full("#CANCELLED", **{"Cancelled at": "2025-07-05 08:00:00 +0200"}))
    written = path.read_text("utf-8")
    path.write_text(written.replace("Cancelled at", "canceled AT"), "utf-8")
    assert run(shop, path).added == 1
    assert detail(shop, "#CANCELLED")["status"] == "CANCELLED"
    for column in ("Cancelled at", "Financial Status"):
        path.write_text(written.replace(column, "Other"), "utf-8")
        with pytest.raises(ImportFileError, match=f"the column {column}.* is missing"):
            run(shop, path)


def test_a_word_for_sending_that_nobody_knows_is_said(shop: Shop, tmp_path: Path) -> None:
    order = brought(shop, tmp_path, Financial_Status="paid", Fulfillment_Status="teilweise")
    assert (order["status"], order["fulfillmentStatus"]) == ("CONFIRMED", "UNFULFILLED")
    assert notes(shop, order) == ["Fulfillment Status: teilweise was taken for unfulfilled."]
