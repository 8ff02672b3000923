"""The lists and searches that the budgets name, over HTTP; it times nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from bench.table import Case
from lib.orders_client import OrdersClient

LIMIT = 50


def cases(client: OrdersClient) -> Iterator[Case]:
    """Return each list and search, with what an order of the store has for the searches."""
    for line, budget, name, filters in _filters(client):
        yield Case(line, budget, name, partial(client.orders.list, **{"limit": LIMIT, **filters}))


def _filters(client: OrdersClient) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    page = client.orders.list(limit=LIMIT)
    order = client.orders.reveal(page.items[20].order_number, "A benchmark")
    now = datetime.now(UTC)
    month, year = now - timedelta(days=30), now - timedelta(days=365)
    number, name = order.order_number, (order.customer_name or "").split()
    any_list = "any page, sort, or one of the five filters"
    yield any_list, "list", "no filter", {}
    yield any_list, "list", "last page", {"page": page.total_pages}
    yield any_list, "list", "page in the middle", {"page": page.total_pages // 2}
    yield any_list, "list", "status PENDING", {"status": "PENDING"}
    yield any_list, "list", "status DELIVERED", {"status": "DELIVERED"}
    yield any_list, "list", "status, two", {"status": ["PENDING", "CONFIRMED"]}
    yield any_list, "list", "paymentStatus", {"payment_status": "PAID"}
    yield any_list, "list", "fulfillmentStatus", {"fulfillment_status": "FULFILLED"}
    yield any_list, "list", "country", {"country": "DE"}
    yield any_list, "list", "currency", {"currency": "EUR"}
    for sort in ("createdAt", "-grandTotal", "grandTotal", "orderNumber", "-orderNumber"):
        yield any_list, "list", f"sort {sort}", {"sort": sort}
        yield any_list, "list", f"sort {sort}, last page", {"sort": sort, "page": page.total_pages}
    created, amounts = (
        "created: a month; a year",
        "amounts: from 50; 100 to 120; and more filters",
    )
    many = {"status": "DELIVERED", "country": "DE", "min_total": Decimal(50), "created_from": year}
    yield created, "range", "a month", {"created_from": month}
    yield created, "range", "a year", {"created_from": year}
    yield amounts, "range", "minTotal", {"min_total": Decimal(50)}
    yield amounts, "range", "minTotal, maxTotal", {"min_total": Decimal(100), "max_total": Decimal(120)}
    yield amounts, "range", "with status, country and time", many
    yield "q: whole number", "key", "whole number", {"q": number}
    yield "q: email; token", "key", "whole email", {"q": order.email}
    yield "q: email; token", "key", "token", {"q": str(order.tracking_token)}
    yield "q: phone", "key", "phone", {"q": order.phone}
    yield "q: an SKU that a tenth have", "key", "SKU", {"q": order.items[0].sku}
    parts = "q: part of a number; whole name; part of one"
    yield parts, "part", "part of number", {"q": number[-6:]}
    yield parts, "part", "name", {"q": " ".join(name)}
    yield parts, "part", "part of name", {"q": name[-1][:4]}
    numbers = "q: this year's numbers; last year's"
    yield numbers, "shared", "this year's numbers", {"q": number[:8]}
    yield numbers, "shared", "last year's numbers", {"q": f"{number[:4]}{int(number[4:8]) - 1}"}
    shared = "q: a domain; two letters; two that few have"
    yield shared, "shared", "a domain that most share", {"q": "@example.com"}
    yield shared, "shared", "two letters", {"q": name[0][:2]}
    yield shared, "shared", "two letters that few share", {"q": "zq"}
