"""The CSV export: the list's orders, masked like it, safe in a spreadsheet, whole or plainly not."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.orders import export_endpoints
from lib.orders_api.orders.export import _lines, csv_chunks, safe_cell
from lib.orders_api.store import engine
from tests.api.asgi import Answer
from tests.api.shop import ADDRESS, Shop
from tests.api.test_get import LIST_KEYS


def export(shop: Shop, query: str = "", role: str = "ops") -> tuple[Answer, list[dict[str, str]]]:
    answer = shop.get(f"/v1/orders.csv{query}", shop.staff(role, name="olga"))
    assert answer.status == 200, answer.content
    assert answer.content.startswith(codecs.BOM_UTF8)
    return answer, read(answer, ",")


def read(answer: Answer, delimiter: str) -> list[dict[str, str]]:
    text = io.StringIO(answer.content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=delimiter))


@pytest.fixture
def three(own_shop: Shop) -> Shop:
    """A store with three orders, one of them in another currency."""
    own_shop.create(orderNumber="E-1", email="secret.person@example.com")
    own_shop.clock.advance(60)
    own_shop.create(orderNumber="E-2", currency="JPY", items=[
        {"sku": "A", "name": "Tea", "quantity": 3, "unitPrice": "430"}
    ])  # fmt: skip
    own_shop.clock.advance(60)
    own_shop.create(orderNumber='E-3 "quoted", 注文')
    own_shop.cancel("E-1")
    return own_shop


def test_an_export_has_the_lists_own_fields_rows_and_order(three: Shop) -> None:
    answer, rows = export(three, "?sort=orderNumber")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="orders-20261123T081700Z.csv"'
    assert answer.headers["x-total-count"] == "3"
    listed = three.get("/v1/orders?sort=orderNumber").json["items"]
    assert rows == [{name: str(value) for name, value in item.items()} for item in listed]
    assert set(rows[0]) == LIST_KEYS
    assert [(row["currency"], row["grandTotal"]) for row in rows[:2]] == [("EUR", "20.00"), ("JPY", "1290")]
    assert answer.content.endswith(b"\r\n")


def test_an_export_takes_the_lists_filters_and_no_page(three: Shop) -> None:
    for query in (
        "status=PENDING&sort=-grandTotal",
        "q=e-3",
        "q=doe&currency=EUR",
        "country=DE",
        "minTotal=21",
    ):
        wanted = [item["orderNumber"] for item in three.get(f"/v1/orders?limit=200&{query}").json["items"]]
        answer, rows = export(three, f"?{query}")
        assert [row["orderNumber"] for row in rows] == wanted
        assert answer.headers["x-total-count"] == str(len(wanted))
    for query in ("page=1", "limit=5", "status=LOST", "sort=email"):
        assert three.get(f"/v1/orders.csv?{query}").code == "VALIDATION_FAILED"


def test_an_export_is_masked_and_written_down_with_its_rows_and_the_names_of_its_filters(three: Shop) -> None:
    answer, rows = export(three, "?q=secret.person")
    assert rows[0]["emailMasked"] == "s***@example.com"
    for secret in (b"secret.person", b"Marked Street", b"69001", b"72 00"):
        assert secret not in answer.content
    (row,) = three.sql("SELECT * FROM audit_log WHERE action = 'order.export'")
    assert (row["actor"], row["outcome"]) == ("staff:olga", "OK")
    assert re.fullmatch("1 orders, filters: q; search [0-9a-f]{8}", row["detail"])
    assert "secret" not in str(dict(row))


def test_no_cell_is_a_formula(three: Shop) -> None:
    evil = "@HYPERLINK(1)"
    three.create(
        orderNumber=evil,
        email="=cmd@example.com",
        shippingAddress=ADDRESS | {"firstName": evil, "city": "=HYPERLINK(2)"},
    )
    row = export(three, "?sort=createdAt")[1][-1]
    assert (row["orderNumber"], row["emailMasked"]) == (f"'{evil}", "'=***@example.com")
    assert (row["customerName"], row["shippingCity"]) == (f"'{evil} Doe", "'=HYPERLINK(2)")
    for start in ("=", "+", "-", "@", "＝", " =", "  @", "\t", "\r", "\n"):
        assert safe_cell(f"{start}1") == f"'{start}1"
    harmless = ("a=b", "", "1-2", " x", "Doe; Jane", "3,5 + 2", "a\tb", 'it\'s "so"')
    assert tuple(map(safe_cell, harmless)) == harmless
    assert safe_cell("\u200b=1\u202e") == "'=1"


@given(st.lists(st.text("=-＠ab ,;\t\r\n\"'", max_size=8), min_size=2, max_size=4))
def test_no_cell_is_a_formula_with_whatever_separator_it_is_read(cells: list[str]) -> None:
    row = ("ORD-1", *map(safe_cell, cells), "2026-11-23T08:15:00Z")
    for written in ",;\t":
        text = _lines([row], written).decode()
        assert next(csv.reader(io.StringIO(text, newline=""), delimiter=written)) == list(row)
        for delimiter in ",;\t":
            # Line by line too, for who takes every line end for a row's.
            lines = [io.StringIO(text, newline=""), *(io.StringIO(line) for line in text.splitlines())]
            read_cells = [
                cell for each in lines for found in csv.reader(each, delimiter=delimiter) for cell in found
            ]
            assert [cell for cell in read_cells if cell.lstrip(" ").startswith(("=", "-", "＠"))] == []


@pytest.mark.parametrize(("separator", "delimiter"), [("comma", ","), ("semicolon", ";"), ("tab", "\t")])
def test_an_export_is_written_with_the_separator_that_is_asked_for(
    three: Shop, separator: str, delimiter: str
) -> None:
    plain = export(three)[1]
    answer = three.get(f"/v1/orders.csv?separator={separator}")
    assert read(answer, delimiter) == plain
    assert answer.content.splitlines()[0].count(delimiter.encode()) == len(LIST_KEYS) - 1
    assert three.get("/v1/orders.csv?separator=%3B").code == "VALIDATION_FAILED"


def test_line_items_are_exported_a_row_each(three: Shop) -> None:
    three.create(
        orderNumber="E-4",
        createdAt="2026-11-23T08:16:30Z",
        items=[
            {"sku": "B", "name": "=Cup; =x", "quantity": 1, "unitPrice": "3.00"},
            {"sku": "A", "name": "Pot", "quantity": 2, "unitPrice": "9.50"},
        ],
    )
    answer, rows = export(three, "?rows=items&sort=createdAt&q=e-4")
    assert answer.headers["x-total-count"] == "2"
    assert answer.headers["content-disposition"].startswith('attachment; filename="order-items-2026')
    same = {"orderNumber": "E-4", "status": "PENDING", "createdAt": "2026-11-23T08:16:30Z", "currency": "EUR"}
    assert rows == [
        same | {"sku": "B", "name": "'=Cup; '=x", "quantity": "1", "unitPrice": "3.00", "total": "3.00"},
        same | {"sku": "A", "name": "Pot", "quantity": "2", "unitPrice": "9.50", "total": "19.00"},
    ]
    everything, rows = export(three, "?rows=items&sort=-grandTotal&separator=comma")
    assert int(everything.headers["x-total-count"]) == len(rows) == three.count("line_items")
    details = [row["detail"] for row in three.sql("SELECT detail FROM audit_log ORDER BY id DESC LIMIT 2")]
    assert details == ["5 order items, no filters", "2 order items, filters: q"]
    assert three.get("/v1/orders.csv?rows=items", three.staff("support")).code == "FORBIDDEN"


def test_an_order_without_email_or_address_leaves_its_cells_empty(three: Shop) -> None:
    three.create(orderNumber="E-5", email=None, shippingAddress=None)
    (row,) = export(three, "?q=e-5")[1]
    empty = ("customerName", "emailMasked", "shippingCity", "shippingCountry")
    assert {name: row[name] for name in empty} == dict.fromkeys(empty, "")


def test_an_export_is_of_one_state_however_long_it_takes(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.orders_api.orders.export.ROWS_AT_ONCE", 1)
    real = csv_chunks

    def meddled(*given: Any) -> Any:
        chunks = real(*given)
        yield next(chunks)
        yield next(chunks)
        three.set_status("E-2", "CONFIRMED")
        three.create(orderNumber="E-9")
        yield from chunks

    monkeypatch.setattr(export_endpoints, "csv_chunks", meddled)
    answer, rows = export(three, "?sort=orderNumber")
    assert [(row["orderNumber"], row["status"]) for row in rows][1:2] == [("E-2", "PENDING")]
    assert len(rows) == int(answer.headers["x-total-count"]) == 3


def test_an_export_that_waited_before_it_began_is_as_whole_as_any(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL is then told to wait no longer than the rest, beside the cursor that reads the rows."""
    monkeypatch.setattr(engine, "FRESH_SECONDS", -1.0)
    assert len(export(three)[1]) == 3


def test_an_export_that_breaks_off_is_no_whole_file_and_frees_what_it_held(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        yield b"orderNumber\r\n"
        raise OSError("secret.person")

    with monkeypatch.context() as patch:
        patch.setattr(export_endpoints, "csv_chunks", broken)
        for _ in range(export_endpoints.AT_ONCE + 1):
            with pytest.raises(OSError, match="secret"):
                three.get("/v1/orders.csv")
    details = three.sql("SELECT outcome FROM audit_log WHERE action = 'order.export' ORDER BY id")
    assert [row["outcome"] for row in details[:2]] == ["OK", "BROKEN_OFF"]
    assert three.api.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool's
    assert len(export(three)[1]) == 3


def test_a_reader_who_leaves_frees_the_store_and_is_written_down(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: Any) -> Any:
        while True:
            yield b"row\r\n"

    with monkeypatch.context() as patch:
        patch.setattr(export_endpoints, "csv_chunks", endless)
        for _ in range(export_endpoints.AT_ONCE + 1):
            three.get("/v1/orders.csv", hang_up_after=3)
    rows = three.sql("SELECT outcome FROM audit_log WHERE action = 'order.export' ORDER BY id")
    assert [row["outcome"] for row in rows[:2]] == ["OK", "BROKEN_OFF"]
    assert three.api.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool's
    assert len(export(three)[1]) == 3


def test_too_many_exports_at_once_are_told_to_come_back(three: Shop) -> None:
    for _ in range(export_endpoints.AT_ONCE):
        export_endpoints._running.acquire()
    try:
        answer = three.get("/v1/orders.csv")
    finally:
        for _ in range(export_endpoints.AT_ONCE):
            export_endpoints._running.release()
    assert (answer.code, answer.headers["retry-after"]) == ("RATE_LIMITED", "10")
