"""Orders as shops' APIs give them, in one document or a line each: Shopify's and WooCommerce's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib.orders_api.importing import ImportFileError
from tests.api.imported import detail, rejected
from tests.api.json_orders import REST, WOO, bring, graphql, line, lines
from tests.api.shop import Shop
from tests.api.shopify_export import a_name


@pytest.mark.parametrize("indent", [None, 2])
def test_shopifys_rest_answers_come_in_with_what_they_know(
    shop: Shop, tmp_path: Path, indent: int | None
) -> None:
    name = a_name()
    report = bring(shop, tmp_path, json.dumps({"orders": [REST | {"name": name}]}, indent=indent))
    assert (report.kind, report.added, report.hints) == ("orders from Shopify's API (JSON)", 1, [])
    row = shop.sql("SELECT customer_id FROM orders WHERE order_number = :n", n=name)
    assert row[0]["customer_id"] == "207119551"
    order = detail(shop, name)
    assert (order["status"], order["createdAt"]) == ("SHIPPED", "2026-03-01T15:00:00Z")
    assert [(item["name"], item["quantity"], item["total"]) for item in order["items"]] == [
        ("Poster - A2", 2, "30.00"),
        ("Tip", 1, "2.00"),
    ]
    sums = ("discountTotal", "shippingTotal", "taxTotal", "grandTotal", "refundedTotal")
    assert [order[each] for each in sums] == ["3.00", "7.00", "2.10", "38.10", "5.00"]
    assert (order["carrier"], order["trackingNumber"], order["shippingMethod"]) == (
        "UPS",
        "1Z999",
        "UPS Ground",
    )
    assert (order["phone"], order["customerNote"], order["tags"]) == (
        "+1 617 555 0100",
        "Blue, please",
        ["vip", "wholesale"],
    )
    assert bring(shop, tmp_path, json.dumps([REST | {"name": name}])).already_there == 1


@pytest.mark.any_engine
def test_one_order_a_line_or_many_pages_come_in_too(shop: Shop, tmp_path: Path) -> None:
    names = [a_name() for _ in range(5)]
    orders = [REST | {"name": name} for name in names]
    assert bring(shop, tmp_path, lines(*orders[:2])).added == 2
    pages = lines({"orders": orders[:3]}, {"orders": orders[3:]})
    assert bring(shop, tmp_path, pages, format="jsonl").added == 3


def test_the_lines_of_a_bulk_export_are_put_together_however_far_apart(shop: Shop, tmp_path: Path) -> None:
    first, second = graphql(a_name()), graphql(a_name(), displayFinancialStatus="PAID")
    orphan = line(graphql(a_name()), 9)
    text = lines(
        first, line(first, 1), second, orphan, line(second, 2, quantity=1), line(second, 3, quantity=1)
    )
    report = bring(shop, tmp_path, text, format="jsonl")
    assert (report.added, report.rejected) == (2, 1)
    assert rejected(report)[0]["line"] == "4"
    one, two = detail(shop, first["name"]), detail(shop, second["name"])
    assert [item["total"] for item in one["items"]] == ["20.00"]
    assert [item["total"] for item in two["items"]] == ["10.00", "10.00"]
    assert (one["status"], one["paymentStatus"]) == ("PROCESSING", "PENDING")
    assert (one["grandTotal"], one["taxIncluded"], one["shippingMethod"]) == ("23.80", True, "DHL")
    assert (one["shippingCountry"], one["tags"], two["customerName"]) == ("DE", ["b2b"], "Ek")


@pytest.mark.any_engine
def test_a_page_of_graphqls_comes_in_and_one_that_lacks_what_is_needed_is_refused(
    shop: Shop, tmp_path: Path
) -> None:
    order = graphql(a_name())
    order["lineItems"] = {"edges": [{"node": line(order, 1)}]}
    assert bring(shop, tmp_path, json.dumps({"data": {"orders": {"nodes": [order]}}})).added == 1
    bare = {
        name: order[name] for name in ("id", "name", "displayFinancialStatus", "displayFulfillmentStatus")
    }
    with pytest.raises(ImportFileError, match="its query left out createdAt, cancelledAt, totalPriceSet:"):
        bring(shop, tmp_path, lines(bare, line(bare, 1)))


@pytest.mark.any_engine
def test_orders_that_do_not_say_whether_they_were_cancelled_come_in_with_a_warning(
    shop: Shop, tmp_path: Path
) -> None:
    order = {key: value for key, value in REST.items() if key != "cancelled_at"}
    report = bring(shop, tmp_path, json.dumps({"order": order | {"name": a_name()}}))
    assert report.added == 1
    assert "no cancelled_at" in report.hints[0]


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("said", "kept"),
    [("de-AT", "de-AT"), ("pt_BR", "pt_BR"), (None, None), ("x" * 40, None), ("Deutsch!", None)],
)
def test_the_customers_language_is_kept_from_whichever_api_gives_it(
    shop: Shop, tmp_path: Path, said: str | None, kept: str | None
) -> None:
    by_plugin = WOO | {"number": a_name(), "meta_data": [{"key": "wpml_language", "value": said}]}
    values = [
        REST | {"name": a_name(), "customer_locale": said},
        graphql(a_name(), customerLocale=said, lineItems={"nodes": [line(graphql("#1"), 1)]}),
    ]
    for order in (*values, by_plugin):
        assert bring(shop, tmp_path, json.dumps([order])).added == 1
        (stored,) = shop.sql("SELECT locale FROM orders ORDER BY id DESC LIMIT 1")
        assert stored["locale"] == kept


def test_woocommerces_rest_answers_come_in_with_what_they_know(own_shop: Shop, tmp_path: Path) -> None:
    report = bring(own_shop, tmp_path, json.dumps([WOO]))
    assert (report.kind, report.added, report.hints) == ("orders from WooCommerce's API (JSON)", 1, [])
    order = detail(own_shop, "W/812")
    assert (order["status"], order["paymentStatus"]) == ("SHIPPED", "PARTIALLY_REFUNDED")
    assert order["createdAt"] == "2026-03-01T10:00:00Z"
    assert [(item["name"], item["unitPrice"], item["total"]) for item in order["items"]] == [
        ("Cup", "6.667", "20.00"),
        ("Gift wrap", "2.50", "2.50"),
    ]
    sums = ("discountTotal", "shippingTotal", "taxTotal", "grandTotal", "refundedTotal", "taxIncluded")
    assert [order[each] for each in sums] == ["2.91", "4.20", "4.52", "28.31", "1.50", False]
    assert (order["carrier"], order["trackingNumber"]) == ("DHL", "00340434161094000000")
    assert (order["shippingMethod"], order["shippingCity"], order["customerNote"]) == (
        "DHL",
        "Kiel",
        "Ring twice",
    )
    notes = [entry["detail"] for entry in own_shop.timeline("W/812") if entry["kind"] == "NOTE"]
    assert sorted(notes) == [
        "A deduction of 0.91 EUR is in the total: Loyalty.",
        "A fee of 2.50 EUR is in the total: Gift wrap.",
    ]


@pytest.mark.any_engine
def test_a_few_fields_are_enough_and_local_times_are_said(shop: Shop, tmp_path: Path) -> None:
    few = {
        "id": 77,
        "number": "W77",
        "status": "processing",
        "currency": "EUR",
        "date_created": "2026-03-01T11:00:00",
        "total": "12.00",
        "billing": {"first_name": "Ida", "email": "ida@example.com"},
        "line_items": [{"name": "Cup", "quantity": 1, "total": "12.00"}],
    }
    report = bring(shop, tmp_path, json.dumps([few]))
    assert (report.added, len(report.hints)) == (1, 1)
    assert "--time-zone" in report.hints[0]
    order = detail(shop, "W77")
    assert (order["customerName"], order["shippingAddress"], order["createdAt"]) == (
        "Ida",
        None,
        "2026-03-01T11:00:00Z",
    )


@pytest.mark.any_engine
def test_what_can_not_be_right_is_rejected_by_its_place_in_the_document(shop: Shop, tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [
        {"total": "much"},
        {"line_items": []},
        {"currency": "XQQ"},
        {"number": "", "id": None},
        {"date_created_gmt": "soon"},
        {"status": "lost"},
        {"line_items": [{"name": "x", "quantity": 1.5, "total": "1"}]},
        {"billing": {"country": "Atlantis", "city": "x"}},
    ]
    orders = [WOO | {"number": f"W-{at}"} | changes for at, changes in enumerate(wrong)]
    report = bring(shop, tmp_path, json.dumps([*orders, 7, WOO | {"number": "W-good"}]))
    assert (report.added, report.rejected) == (1, len(wrong) + 1)
    assert [row["line"] for row in rejected(report)] == [str(at) for at in range(1, len(wrong) + 2)]


@pytest.mark.any_engine
@pytest.mark.parametrize("text", ['{"orders": [', "[1, 2", '[{"id": 1, "id": 2}]', "[NaN]", "{" * 5000])
def test_broken_json_is_refused_in_one_line(shop: Shop, tmp_path: Path, text: str) -> None:
    with pytest.raises(ImportFileError, match=r"not JSON|not clear|nested|another kind"):
        bring(shop, tmp_path, text)
