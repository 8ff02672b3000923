"""Importing a newer export over an older one: what is taken over, what is only told, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib.orders_api.importing import ImportReport
from lib.orders_api.store import order_counts
from tests.api.imported import detail, rejected, run
from tests.api.shop import Shop, order_body
from tests.api.shopify_export import a_name, bring, full, more
from tests.api.stats_model import wrong_times

PAID = {"Financial Status": "paid", "Paid at": "2025-07-04 10:00:00 +0000"}
SENT = {**PAID, "Fulfillment Status": "fulfilled", "Fulfilled at": "2025-07-06 10:00:00 +0000"}
TABLES = ("orders", "timeline", "line_items", "order_addresses", "outbox")


def newer(shop: Shop, folder: Path, name: str, *rows: dict[str, str], **options: Any) -> ImportReport:
    """Import a newer state of an order, and see to it that doing so again changes nothing."""
    report, listed = bring(shop, folder, *rows, update=True, **options)
    assert listed == []
    before = [shop.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]
    again, _ = bring(shop, folder, *rows, update=True, **options)
    assert (again.added, again.outcome.updated) == (0, 0)
    assert [shop.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES] == before
    return report


def words(shop: Shop, name: str) -> list[tuple[str, str]]:
    """Return what the timeline says, oldest first, with the actor."""
    return [(entry["actor"], entry["detail"]) for entry in reversed(shop.timeline(name))]


def test_without_update_orders_that_differ_are_counted_and_named_and_left(shop: Shop, tmp_path: Path) -> None:
    moved, same = a_name(), a_name()
    bring(shop, tmp_path, full(moved), full(same))
    before = detail(shop, moved)
    report, _ = bring(shop, tmp_path, full(moved, Email="new@example.com") | SENT, full(same))
    assert (report.added, report.already_there, report.outcome.updated) == (0, 2, 0)
    assert report.outcome.differing == [
        f"{moved}: status PENDING → SHIPPED, payment PENDING → PAID,"
        " fulfilment UNFULFILLED → FULFILLED, email"
    ]
    assert detail(shop, moved) == before


def test_forward_moves_are_taken_over_step_by_step_as_the_file_dates_them(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    bring(shop, tmp_path, full(name))
    shop.clock.advance(3600)
    report = newer(shop, tmp_path, name, full(name) | SENT)
    assert (report.added, report.already_there, report.outcome.updated) == (0, 0, 1)
    order = detail(shop, name)
    assert (order["status"], order["paymentStatus"], order["fulfillmentStatus"]) == (
        "SHIPPED",
        "PAID",
        "FULFILLED",
    )
    assert order["updatedAt"] == "2026-11-23T09:15:00Z"
    assert [entry for entry in words(shop, name) if "→" in entry[1]] == [
        ("import", "PENDING → CONFIRMED"),
        ("import", "CONFIRMED → PROCESSING"),
        ("import", "PROCESSING → SHIPPED"),
        ("import", "Taken over by import: payment PENDING → PAID; fulfilment UNFULFILLED → FULFILLED."),
    ]
    changes = {entry["detail"]: entry["at"] for entry in shop.timeline(name)}
    assert changes["PENDING → CONFIRMED"] == "2025-07-04T10:00:00Z"
    assert changes["PROCESSING → SHIPPED"] == "2025-07-06T10:00:00Z"
    assert shop.mails(name) == []


def test_what_was_cancelled_or_paid_back_in_the_shop_is_so_here(shop: Shop, tmp_path: Path) -> None:
    cancelled, refunded = a_name(), a_name()
    bring(shop, tmp_path, full(cancelled) | PAID, full(refunded) | SENT)
    newer(
        shop,
        tmp_path,
        cancelled,
        full(cancelled, Cancelled_at="2025-07-05 10:00:00 +0000", Financial_Status="refunded"),
        full(refunded, Refunded_Amount="14.90") | SENT | {"Financial Status": "refunded"},
    )
    assert detail(shop, cancelled)["status"] == "CANCELLED"
    order = detail(shop, refunded)
    assert (order["status"], order["paymentStatus"], order["refundedTotal"]) == (
        "REFUNDED",
        "REFUNDED",
        "14.90",
    )
    assert ("import", "SHIPPED → REFUNDED") in words(shop, refunded)
    assert ("import", "CONFIRMED → CANCELLED") in words(shop, cancelled)


def test_changed_contact_and_sums_are_taken_over_and_found_by_search(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    bring(shop, tmp_path, full(name, Notes="Old note"))
    changed = full(name, Shipping_Name="Rosalinde Neu", Shipping_City="Ulm", Phone="+49 731 555", Tags="vip")
    extra = more(name, Lineitem_name="Ikura", Lineitem_price="5.00")
    newer(shop, tmp_path, name, changed | {"Subtotal": "15.00", "Total": "19.90", "Notes": ""}, extra)
    order = detail(shop, name)
    assert (order["customerName"], order["shippingCity"], order["phone"]) == (
        "Rosalinde Neu",
        "Ulm",
        "+49 731 555",
    )
    assert (order["grandTotal"], order["itemCount"], order["tags"]) == ("19.90", 2, ["vip"])
    assert order["customerNote"] == "Old note"  # what a file leaves out is unknown, not gone
    assert [found["orderNumber"] for found in shop.get("/v1/orders?q=rosalinde").json["items"]] == [name]
    listed = shop.get("/v1/orders?q=rosalinde&minTotal=19.90&sort=-grandTotal").json
    assert listed["total"] == 1
    assert words(shop, name)[-1] == (
        "import",
        "Taken over by import: phone; tags; total 14.90 EUR → 19.90 EUR; shipping address; billing address;"
        " line items.",
    )


def test_a_changed_email_ends_guest_access(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    bring(shop, tmp_path, full(name))
    token = shop.verify(name, shop.new_code(name, "ana@example.com"), "ana@example.com").json["accessToken"]
    assert shop.get("/v1/guest/order", token).status == 200
    newer(shop, tmp_path, name, full(name, Email="new@example.com"))
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"
    assert detail(shop, name)["email"] == "new@example.com"
    assert all("example.com" not in detail for _, detail in words(shop, name))


def test_a_step_back_is_told_and_taken_only_with_trust_in_the_file(shop: Shop, tmp_path: Path) -> None:
    name = a_name()
    bring(shop, tmp_path, full(name))
    assert shop.cancel(name).status == 200
    older = full(name, Email="older@example.com")
    for options in ({}, {"update": True}):
        report, _ = bring(shop, tmp_path, older, **options)
        assert report.outcome.differing == [
            f"{name}: status CANCELLED → PENDING, payment VOIDED → PENDING, email (a step back)"
        ]
        order = detail(shop, name)
        assert (order["status"], order["email"]) == ("CANCELLED", "ana@example.com")
    report = newer(shop, tmp_path, name, older, trust_file=True)
    assert [line.partition(":")[0] for line in report.outcome.stepped_back] == [name]
    order = detail(shop, name)
    assert (order["status"], order["email"]) == ("PENDING", "older@example.com")
    assert ("import", "CANCELLED → PENDING") in words(shop, name)


def test_what_was_delivered_here_stays_so_where_the_shop_only_knows_that_it_was_sent(
    shop: Shop, tmp_path: Path
) -> None:
    name = a_name()
    bring(shop, tmp_path, full(name) | SENT)
    assert shop.set_status(name, "DELIVERED").status == 200
    report = newer(shop, tmp_path, name, full(name, Phone="+49 731 556") | SENT)
    order = detail(shop, name)
    assert (report.outcome.updated, order["status"], order["phone"]) == (1, "DELIVERED", "+49 731 556")


@pytest.mark.parametrize("update", [False, True])
def test_a_different_order_under_a_taken_number_is_rejected_as_that(
    shop: Shop, tmp_path: Path, update: bool
) -> None:
    name = a_name()
    bring(shop, tmp_path, full(name))
    before = detail(shop, name)
    other = full(name, Email="eve@example.com", Created_at="2024-02-03 10:00:00 +0000", Total="99.00")
    report, listed = bring(shop, tmp_path, other, update=update)
    assert (report.added, report.already_there, report.rejected) == (0, 0, 1)
    assert listed[0]["reason"] == "another order has this number: one made at 2025-07-04 09:30 UTC"
    assert detail(shop, name) == before
    # Another shop's, of the same second: neither its buyer nor its sum nor its items are the same.
    other = full(name, Email="eve@example.com", Total="99.00", Lineitem_price="80.00")
    assert bring(shop, tmp_path, other, update=update)[0].rejected == 1


def test_nothing_of_a_customer_who_was_forgotten_comes_back(own_shop: Shop, tmp_path: Path) -> None:
    from lib.orders_api.forgetting import forget_customer

    bring(own_shop, tmp_path, full("#F"))
    forget_customer(own_shop.api, "ana@example.com")
    report = newer(own_shop, tmp_path, "#F", full("#F", Notes="call me") | SENT)
    assert (report.added, report.already_there, report.outcome.updated) == (0, 1, 0)
    assert "Ana" not in json.dumps(detail(own_shop, "#F"))


def test_our_own_orders_are_brought_up_to_date_by_their_number(shop: Shop, tmp_path: Path) -> None:
    body = order_body(createdAt="2026-11-01T10:00:00Z")
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps(body))
    run(shop, path)
    moved = {"status": "SHIPPED", "carrier": "DHL", "trackingNumber": "JD014600", "refundedTotal": "2.00"}
    path.write_text(json.dumps(body | moved))
    assert run(shop, path, update=True).outcome.updated == 1
    order = shop.order(body["orderNumber"])
    assert {name: order[name] for name in moved} == moved
    assert run(shop, path, update=True).already_there == 1
    assert rejected(run(shop, path)) == []


def test_figures_agree_with_a_recount_after_updates(own_shop: Shop, tmp_path: Path) -> None:
    names = [f"#R{number}" for number in range(6)]
    bring(own_shop, tmp_path, *(full(name) for name in names))
    rows = [full(names[0]) | SENT, full(names[1]) | PAID, full(names[2], Shipping_Country="FR")]
    rows += [full(names[3], Total="20.00"), full(names[4], Cancelled_at="2025-07-05 10:00:00 +0000")]
    assert newer(own_shop, tmp_path, "", *rows).outcome.updated == 5
    with own_shop.api.database.reading() as session:
        assert order_counts.differences(session) == []
    assert wrong_times(own_shop.api.database.engine) == []
