"""An order's number means the same in every writing and in every call (contract, section 2)."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.api.imported import run
from tests.api.shop import EMAIL, Shop, order_body

NUMBER = "#Re–2026/77"
WRITINGS = ("#Re–2026/77", "re-2026/77", " № RE\u20102026/77 ", "＃ｒｅ－２０２６／７７", "Re\u22122026/77")


@pytest.fixture
def order(shop: Shop) -> str:
    """The number of a new order; to be asked for in other writings."""
    shop.sql("DELETE FROM orders WHERE order_number = :n", n=NUMBER)
    shop.create(orderNumber=NUMBER)
    return NUMBER


@pytest.mark.parametrize("asked", WRITINGS)
def test_a_number_is_shown_as_it_was_given_and_found_in_any_writing(
    shop: Shop, order: str, asked: str, tmp_path: Path
) -> None:
    path = f"/v1/orders/{quote(asked, safe='')}"
    assert shop.get(path).json["orderNumber"] == order
    assert shop.get(f"{path}/timeline").status == 200
    assert shop.post(f"{path}/notes", {"text": "Called"}).status == 201
    assert shop.post(f"{path}/reveal", {"reason": "Asked for"}).json["orderNumber"] == order
    assert shop.post("/v1/orders", order_body(orderNumber=asked)).code == "ORDER_EXISTS"
    assert shop.verify(asked, shop_code(shop, asked)).json["order"]["orderNumber"] == order
    audited = shop.get(f"/v1/audit?limit=200&orderNumber={quote(asked, safe='')}").json["items"]
    assert {entry["orderNumber"] for entry in audited} == {order}
    assert {"order.create", "order.note", "guest.verify"} <= {entry["action"] for entry in audited}
    file = tmp_path / "again.jsonl"
    file.write_text(json.dumps(order_body(orderNumber=asked)), "utf-8")
    report = run(shop, file)
    assert (report.added, report.already_there) == (0, 1)


def shop_code(shop: Shop, asked: str) -> str:
    assert shop.request_code(asked, EMAIL).status == 202
    shop.work()
    return shop.codes(NUMBER)[-1]


def test_a_number_that_names_a_call_leads_to_its_order_and_not_to_the_call(shop: Shop) -> None:
    for number in ("A/timeline", "A/cancel", "A", "A/../B", "//"):
        shop.create(orderNumber=number)
    for number in ("A/timeline", "a/cancel", "A/../B", "//"):
        for encoded in (quote(number, safe=""), quote(number, safe="").replace("%2F", "%2f")):
            assert shop.get(f"/v1/orders/{encoded}").json["orderNumber"].casefold() == number.casefold()
    assert shop.cancel("A/cancel").json["orderNumber"] == "A/cancel"
    assert shop.order("A")["status"] == "PENDING"
    assert shop.get("/v1/orders/A%2Fcancel/timeline").json["items"][0]["kind"] == "STATUS_CHANGED"
    assert shop.get("/v1%2Forders").status == 404
    assert shop.call("GET", "/v1/track%2Fx").status == 404


def test_audit_rows_from_before_are_found_by_any_writing(shop: Shop) -> None:
    shop.create(orderNumber="#Old 9")
    # As rows were written until numbers were compared without such signs; their seal covers it.
    shop.sql("DROP TRIGGER audit_log_no_update" if shop.api.database.is_sqlite else "SELECT 1")
    if not shop.api.database.is_sqlite:
        shop.sql("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only")
    shop.sql("UPDATE audit_log SET order_number_key = '#old 9' WHERE order_number = '#Old 9'")
    for asked in ("old 9", "№OLD 9", "#Old 9"):
        found = shop.get(f"/v1/audit?orderNumber={quote(asked)}&action=order.create").json["items"]
        assert [entry["orderNumber"] for entry in found] == ["#Old 9"]
