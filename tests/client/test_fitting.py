"""Whether a row fits a filter, for the lists of an API that does not filter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lib.orders_client import OrderListItem, misfits
from tests.client.fakes import LIST_ITEM

MADE = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
ORDER = OrderListItem.model_validate(LIST_ITEM)
BARE = OrderListItem(order_number="1", status="PENDING", created_at=MADE)


@pytest.mark.parametrize(
    ("filters", "unmet"),
    [
        ({"status": "PENDING", "country": ["DE", "fr"], "currency": None, "payment_status": ()}, set()),
        ({"status": ["SHIPPED", "DELIVERED"], "country": "DE"}, {"status", "country"}),
        ({"created_from": MADE, "max_total": "129.90", "min_total": 129}, set()),
        (
            {"created_to": MADE, "min_total": "129.91", "max_total": 100},
            {"created_to", "min_total", "max_total"},
        ),
        ({"q": "nobody can tell", "sort": "createdAt", "reached": "SHIPPED", "min_total": "much"}, set()),
    ],
)
def test_a_row_fits_or_not_by_each_filter(filters: dict[str, Any], unmet: set[str]) -> None:
    assert misfits(ORDER, filters) == unmet


def test_what_is_not_given_fits_no_filter() -> None:
    filters = {
        "payment_status": "PAID",
        "country": "FR",
        "currency": "EUR",
        "max_total": 9,
    }
    assert misfits(BARE, filters | {"status": "PENDING"}) == set(filters)
    assert misfits(BARE, {"country": ["FR", "ZZ"]}) == set(), "ZZ: orders without an address"
