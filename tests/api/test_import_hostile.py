"""Exports that no shop would send: never a traceback, never anything silently wrong (issue 13, part 11)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from lib.orders_api.domain.text import order_number_key
from lib.orders_api.importing import ImportFileError, ImportReport
from lib.orders_api.importing.sources import CUT_OFF
from tests.api.hostile_exports import Export, amount, exports
from tests.api.imported import rejected, run
from tests.api.shop import Shop


def stored_totals(shop: Shop) -> dict[str, Decimal]:
    """Return the totals of the orders that are there, by the key of their number."""
    rows = shop.sql("SELECT order_number_key, grand_total, currency_digits FROM orders")
    return {
        row["order_number_key"]: Decimal(row["grand_total"]).scaleb(-row["currency_digits"]) for row in rows
    }


def name_of(row: dict[str, str]) -> str | None:
    names = (row.get(column, "").strip() for column in ("Name", "order_number", "order_id"))
    return order_number_key(next((name for name in names if name), ""))


def check_totals(shop: Shop, export: Export, report: ImportReport) -> None:
    """See that each order's total is one that the file names for it, but for a last row that is cut off."""
    other = [
        (key, total)
        for key, total in stored_totals(shop).items()
        if total
        not in [
            amount(row.get("Total") or row.get("order_total") or "")
            for _, row in export.rows
            if name_of(row) == key
        ]
    ]
    assert len(other) <= (CUT_OFF in report.hints), (other, export.rows)


def check_rows(shop: Shop, export: Export, report: ImportReport) -> None:
    """See that each row of the file is either rejected, or of an order that is there with all its items."""
    refused = {int(row["line"]) for row in rejected(report)}
    assert len(refused) == report.rejected
    kept = [
        row for line, row in export.rows if line not in refused and any(cell.strip() for cell in row.values())
    ]
    assert {name_of(row) for row in kept} == set(stored_totals(shop))
    with_items = [
        row for row in kept if row.get("Lineitem quantity", "").strip(" 0,.") or "order_total" in row
    ]
    assert shop.count("line_items") >= len(with_items)


@pytest.mark.any_engine
def test_whatever_an_export_holds_what_is_stored_and_what_is_rejected_make_the_file(
    shop: Shop, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path, refused = tmp_path / "orders.csv", list[str]()

    @settings(
        max_examples=2000 if request.config.getoption("--long") else 120,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not request.config.getoption("--long"),
    )
    @given(export=exports())
    def check(export: Export) -> None:
        shop.sql("DELETE FROM orders")
        path.write_bytes(export.content)
        try:
            report = run(shop, path)
        except ImportFileError as error:
            refused.append(str(error))
            assert stored_totals(shop) == {}
            return
        check_totals(shop, export, report)
        if not export.is_damaged:
            check_rows(shop, export, report)
        before = rejected(report)
        again = run(shop, path, update=True)
        assert (again.added, again.outcome.updated, rejected(again)) == (0, 0, before)

    check()
    assert refused
    assert [each for each in refused if "\n" in each] == []
