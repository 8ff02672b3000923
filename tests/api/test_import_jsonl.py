"""Importing JSON Lines, on each database: bodies of `create`, and orders as the API itself gives them."""

from __future__ import annotations

import csv
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from lib.orders_api.importing import ImportFileError, ImportReport, Options, import_file
from lib.orders_api.orders.creating import new_order
from lib.orders_api.orders.schemas import OrderImport
from tests.api.shop import Shop, order_body

TOKEN = "0b7e6f9a-3c1d-4e52-8f60-1a2b3c4d5e6f"


def run(shop: Shop, path: Path) -> ImportReport:
    return import_file(
        shop.api.database, path, shop.clock(), lambda _done, _total: None, Options(format="jsonl")
    )


def bring(shop: Shop, folder: Path, *lines: Any) -> tuple[ImportReport, list[tuple[str, str]]]:
    """Import these lines, objects as JSON; return the report, and line and reason of what was rejected."""
    path = folder / "orders.jsonl"
    path.write_bytes(
        b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    )
    report = run(shop, path)
    return report, rejected(report)


def rejected(report: ImportReport) -> list[tuple[str, str]]:
    if report.rejected_path is None:
        return []
    with report.rejected_path.open(newline="", encoding="utf-8") as file:
        return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


def test_bodies_of_create_come_in_and_importing_again_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    body = order_body(status="CANCELLED", cancelReason="DUPLICATE", createdAt="2025-01-02T03:04:05Z")
    report, listed = bring(shop, tmp_path, body)
    assert (report.added, report.already_there, listed) == (1, 0, [])
    order = shop.order(body["orderNumber"])
    assert (order["status"], order["paymentStatus"], order["cancelReason"]) == (
        "CANCELLED",
        "VOIDED",
        "DUPLICATE",
    )
    assert order["createdAt"] == "2025-01-02T03:04:05Z"
    assert [(entry["kind"], entry["actor"]) for entry in shop.timeline(body["orderNumber"])] == [
        ("CREATED", "import")
    ]
    again, _ = bring(shop, tmp_path, body)
    assert (again.added, again.already_there, again.rejected) == (0, 1, 0)
    assert shop.order(body["orderNumber"]) == order
    assert not shop.sql(
        "SELECT 1 FROM outbox JOIN orders ON orders.id = order_id WHERE order_number = :n",
        n=body["orderNumber"],
    )


def test_what_get_gives_comes_in_as_the_same_order(shop: Shop, own_shop: Shop, tmp_path: Path) -> None:
    created = shop.create(
        currency="KWD", items=[{"sku": "A", "name": "B", "quantity": 3, "unitPrice": "1.250"}]
    )
    shop.cancel(created["orderNumber"], {"reason": "OUT_OF_STOCK"})
    given = shop.order(created["orderNumber"])
    report, listed = bring(own_shop, tmp_path, given)
    assert (report.added, listed) == (1, [])
    assert own_shop.order(created["orderNumber"]) == given | {"source": "import"}


def test_what_get_gives_of_an_imported_order_comes_in_with_the_total_that_its_parts_do_not_explain(
    shop: Shop, own_shop: Shop, tmp_path: Path
) -> None:
    line = {"sku": "A", "name": "Bolt", "quantity": 700, "unitPrice": "0.0168", "total": "11.76"}
    body = OrderImport.model_validate(
        order_body(items=[line], dutiesTotal="1.50", refundedTotal="2.00", tags=["bulk"], email=None)
    )
    with shop.api.database.writing() as session:
        session.add(new_order(body, str(body.order_number), shop.clock(), adjustment=-26))
    given = shop.order(str(body.order_number))
    assert given["grandTotal"] == "13.00"
    report, listed = bring(own_shop, tmp_path, given)
    assert (report.added, listed) == (1, [])
    assert own_shop.order(given["orderNumber"]) == given
    assert "0.26 EUR less than its parts" in own_shop.timeline(given["orderNumber"])[0]["detail"]
    wrong = given | {"orderNumber": "W", "trackingToken": None, "source": "api"}
    assert bring(own_shop, tmp_path, wrong)[1][0][1].startswith("grandTotal: does not agree")


def test_what_get_gives_masked_is_rejected(shop: Shop, own_shop: Shop, tmp_path: Path) -> None:
    created = shop.create()
    masked = shop.order(created["orderNumber"], token=shop.staff("support"))
    assert masked["contactMasked"] is True
    report, listed = bring(own_shop, tmp_path, masked)
    assert report.added == 0
    assert listed == [("1", "contactMasked: the contact data are masked")]


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subtotal": "19.99"}, "subtotal"),
        ({"grandTotal": "20.01"}, "grandTotal"),
        ({"itemCount": 3}, "itemCount"),
        ({"itemCount": "2"}, "itemCount"),
        ({"shippingCity": "Paris"}, "shippingCity"),
        ({"shippingCountry": "DE"}, "shippingCountry"),
        ({"cancelReason": "BORED", "status": "CANCELLED"}, "cancelReason"),
        ({"cancelReason": "OTHER"}, "cancelReason"),
        ({"updatedAt": "2020-01-01T00:00:00Z"}, "updatedAt"),
        ({"updatedAt": "2099-01-01T00:00:00Z"}, "updatedAt"),
        ({"createdAt": "2099-01-01T00:00:00Z"}, "createdAt"),
        ({"contactMasked": "no"}, "contactMasked"),
        ({"unheardOf": 1}, "unheardOf"),
        ({"lineTotals": ["20.00"]}, "lineTotals"),
        ({"evil\n\x1b[31m": 1}, "evil\ufffd\ufffd[31m"),
        ({"\ud800": 1}, "the line"),
        ({"email": "\ud800@example.com"}, "email"),
        ({"items": []}, "items"),
        ({"items": "many"}, "items"),
        ({"items": [7]}, "items.0"),
        (
            {"items": [{"sku": "A", "name": "B", "quantity": 1, "unitPrice": "1.00", "total": "2.00"}]},
            "items.0.total",
        ),
        (
            {"items": [{"sku": "A", "name": "B", "quantity": 1, "unitPrice": "1.00", "total": [[]]}]},
            "items.0.total",
        ),
        (
            {"items": [{"sku": "A", "name": "B", "quantity": 1, "unitPrice": "1.00", "colour": "red"}]},
            "items.0.colour",
        ),
        (
            {"items": [{"sku": "A", "name": "B", "quantity": 10**400, "unitPrice": "1.00"}]},
            "items.0.quantity",
        ),
        (
            {"items": [{"sku": "A", "name": "B", "quantity": 99999, "unitPrice": "9" * 15}]},
            "items.0.unitPrice",
        ),
        ({"discountTotal": "20.01"}, "discountTotal"),
        ({"orderNumber": "a\tb"}, "orderNumber"),
        ({"trackingToken": "1"}, "trackingToken"),
        ({"phone": "a\x00b"}, "phone"),
        ({"customerId": None, "status": "LOST"}, "status"),
    ],
)
def test_a_line_that_contradicts_itself_or_the_contract_is_rejected_and_the_others_are_kept(
    shop: Shop, tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    report, listed = bring(shop, tmp_path, order_body() | changes, order_body())
    assert (report.added, report.rejected) == (1, 1)
    assert listed[0][0] == "1"
    assert listed[0][1].startswith(f"{field}:")


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON: "),
        (b"nonsense", "not JSON: "),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"email": NaN}', "not JSON: "),
        (b'{"email": "a", "email": "b"}', "not clear: "),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON: "),
        (b'{"email": "\xff"}', "not UTF-8"),
        (b'{"email": "\x00"}', "not JSON: "),
        (b" " * 10_500_000 + b"{}", "longer than 10485760 characters"),
    ],
)
def test_a_line_that_is_no_object_is_rejected_and_the_next_is_kept(
    shop: Shop, tmp_path: Path, line: bytes, reason: str
) -> None:
    report, listed = bring(shop, tmp_path, line, b"", b"  \r", order_body())
    assert (report.added, report.rejected) == (1, 1)
    assert listed[0][0] == "1"
    assert listed[0][1].startswith(reason)
    assert "\n" not in listed[0][1]


@pytest.mark.any_engine
def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle(shop: Shop, tmp_path: Path) -> None:
    lines = [json.dumps(order_body()).encode() for _ in range(2)]
    report, _ = bring(shop, tmp_path, b"\xef\xbb\xbf" + lines[0] + b"\r", lines[1] + b"\r", b"")
    assert (report.added, report.rejected) == (2, 0)


def test_a_number_or_token_that_stands_twice_in_the_file_is_rejected_the_second_time(
    shop: Shop, tmp_path: Path
) -> None:
    first, second, third = order_body(trackingToken=TOKEN), order_body(), order_body(trackingToken=TOKEN)
    second["orderNumber"] = first["orderNumber"].lower()
    for expected in ((1, 0), (0, 1)):
        report, listed = bring(shop, tmp_path, first, second, third)
        assert (report.added, report.already_there) == expected
        assert listed == [
            ("2", "a duplicate: line 1 has this order already"),
            ("3", "a duplicate: line 1 has its trackingToken already"),
        ]


def test_another_orders_tracking_token_is_rejected(shop: Shop, tmp_path: Path) -> None:
    taken = shop.create()["trackingToken"]
    report, listed = bring(shop, tmp_path, order_body(trackingToken=taken), order_body())
    assert report.added == 1
    assert listed == [("1", "trackingToken: another order has it")]


def test_lines_without_a_number_are_given_one_once_each(own_shop: Shop, tmp_path: Path) -> None:
    taken = order_body(orderNumber="ord-2025-0002", createdAt="2025-06-01T00:00:00Z")
    bare = order_body(createdAt="2025-06-01T00:00:00Z")
    del bare["orderNumber"]
    own_shop.sql("INSERT INTO order_counters (year, last) VALUES (2025, 0)")
    report, listed = bring(own_shop, tmp_path, bare, bare, bare | {"email": "joe@example.com"})
    assert (report.added, listed) == (3, [])
    numbers = [row["order_number"] for row in own_shop.sql("SELECT order_number FROM orders ORDER BY id")]
    assert numbers == ["ORD-2025-0001", "ORD-2025-0002", "ORD-2025-0003"]
    again, _ = bring(own_shop, tmp_path, bare, bare, bare | {"email": "joe@example.com"}, taken)
    assert (again.added, again.already_there) == (0, 4)
    found = own_shop.get("/v1/orders?q=ord-2025-0003").json
    assert [item["orderNumber"] for item in found["items"]] == ["ORD-2025-0003"]


def test_create_goes_on_counting_above_imported_numbers(own_shop: Shop, tmp_path: Path) -> None:
    bring(
        own_shop, tmp_path, order_body(orderNumber="ORD-2026-0041"), order_body(orderNumber="Ord-2026-0007")
    )
    assert own_shop.create(orderNumber=None)["orderNumber"] == "ORD-2026-0042"


@pytest.mark.any_engine
def test_a_table_is_refused_as_a_whole(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="leave --format out"):
        bring(shop, tmp_path, b"Name,Email,Total", b"#1,a@example.com,1.00")


def test_many_lines_come_in_batches_and_one_bad_one_does_not_hold_up_its_batch(
    shop: Shop, tmp_path: Path
) -> None:
    lines = [order_body() for _ in range(600)]
    lines[300]["currency"] = "XQQ"
    report, listed = bring(shop, tmp_path, *lines)
    assert (report.added, [line for line, _ in listed]) == (599, ["301"])


def test_two_imports_of_the_same_file_at_once_add_each_order_once(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    bodies = [order_body() for _ in range(300)]
    bare = order_body()
    del bare["orderNumber"]
    path.write_text("\n".join(json.dumps(body) for body in [*bodies, bare]), "utf-8")
    reports: list[ImportReport] = []
    threads = [threading.Thread(target=lambda: reports.append(run(shop, path))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.added for report in reports) == 301
    assert sum(report.already_there for report in reports) == 301
    assert sum(report.rejected for report in reports) == 0
