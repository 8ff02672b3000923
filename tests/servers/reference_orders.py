"""The orders of the reference server, and which of them fit a query; none of it is lib/orders_api's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

STATUSES = ("PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED")
PAYMENTS = ("PENDING", "PAID", "PAID", "PAID", "PAID", "VOIDED", "REFUNDED")
PEOPLE = (("Jane", "Doe", "Lyon", "FR"), ("Kenji", "Itō", "Ōsaka", "JP"), ("Jörg", "Müller", "Köln", "DE"))
BY_FIELD = {
    "status": "status",
    "paymentStatus": "paymentStatus",
    "fulfillmentStatus": "fulfillmentStatus",
    "country": "shippingCountry",
    "currency": "currency",
}


def make_orders(count: int) -> dict[str, dict[str, Any]]:
    """Make orders, newest first, five hours apart, whose statuses go round the seven."""
    now = datetime.now(UTC)
    orders = (make_order(index, now - timedelta(hours=5 * index)) for index in range(count))
    return {order["orderNumber"]: order for order in orders}


def make_order(index: int, at: datetime) -> dict[str, Any]:
    """Make one order; every tenth has slashes in its number, every third is in yen."""
    first, last, city, country = PEOPLE[index % 3]
    digits = 0 if country == "JP" else 2

    def money(units: int) -> str:
        return f"{Decimal(units):.{digits}f}"

    when = at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "orderNumber": f"#FR/2026/{1000 + index}" if index % 10 == 9 else f"SHOP-{1000 + index}",
        "status": STATUSES[index % 7],
        "paymentStatus": PAYMENTS[index % 7],
        "fulfillmentStatus": "FULFILLED" if index % 7 in (3, 4) else "UNFULFILLED",
        "currency": "EUR" if digits else "JPY",
        "grandTotal": money(54 + 2 * index),
        "itemCount": 3,
        "customerName": f"{first} {last}",
        "emailMasked": f"{first[0].lower()}***@example.com",
        "shippingCity": city,
        "shippingCountry": country,
        "createdAt": when,
        "updatedAt": when,
        "email": f"{last.lower()}{index}@example.com".replace("ō", "o").replace("ü", "u"),
        "phone": f"+49 151 {1000000 + index}",
        "items": [
            {"sku": f"A-{index}", "name": "Wool blanket", "quantity": 2}
            | {"unitPrice": money(20 + index), "total": money(40 + 2 * index)},
            {"sku": f"B-{index}", "name": "Mug", "quantity": 1, "unitPrice": money(9), "total": money(9)},
        ],
        "subtotal": money(49 + 2 * index),
        "shippingTotal": money(5),
        "shippingAddress": {"firstName": first, "lastName": last, "line1": f"{index + 1} Main Street"}
        | {"city": city, "postalCode": "69001", "country": country},
        "trackingToken": f"track-{1000 + index}",
    }


def fits(order: Mapping[str, Any], query: Mapping[str, list[str]]) -> bool:
    """Say whether an order is one that is asked for."""
    made, total = datetime.fromisoformat(order["createdAt"]), Decimal(order["grandTotal"])
    for name, (first, *more) in query.items():
        if name in BY_FIELD and order[BY_FIELD[name]] not in (first, *more):
            return False
        if name == "createdFrom" and made < datetime.fromisoformat(first):
            return False
        if name == "createdTo" and made >= datetime.fromisoformat(first):
            return False
        if name == "minTotal" and total < Decimal(first):
            return False
        if name == "maxTotal" and total > Decimal(first):
            return False
        if name == "q" and first.casefold() not in json.dumps(order, ensure_ascii=False).casefold():
            return False
    return True


def in_order(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Sort rows by `createdAt`, `grandTotal` or `orderNumber`, falling with a `-` in front."""
    name = sort.lstrip("-")

    def key(row: dict[str, Any]) -> tuple[Any, str]:
        return (Decimal(row[name]) if name == "grandTotal" else row[name]), row["orderNumber"]

    return sorted(rows, key=key, reverse=sort.startswith("-"))
