"""Fills in what an order leaves out and what follows from the rest of it (contract, section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.alias_generators import to_snake


def with_computed(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order's fields, as they come from the wire, with those that can be computed."""
    address = _mapping(order.get("shippingAddress")) or _mapping(order.get("billingAddress"))
    to = _mapping(order.get("shippingAddress"))
    computed = {
        "itemCount": _item_count(order.get("items")),
        "customerName": _joined(address.get("firstName"), address.get("lastName")),
        "emailMasked": masked_email(order.get("email")),
        "shippingCity": _text(to.get("city")),
        "shippingCountry": _text(to.get("country")),
    }
    missing = {
        name: value
        for name, value in computed.items()
        if value is not None and order.get(name) is None and order.get(to_snake(name)) is None
    }
    return order | missing


def with_page_numbers(listed: dict[str, Any], page: int, limit: int) -> dict[str, Any]:
    """Return a page of a list with its number and how many there are, where it does not say so itself."""
    total = listed.get("total")
    known = {"page": page, "totalPages": -(-total // limit) if type(total) is int and limit > 0 else None}
    return listed | {name: value for name, value in known.items() if listed.get(name) is None}


def masked_email(email: object) -> str | None:
    """Return `j***@example.com` for `jane.doe@example.com`, or None for what is no email."""
    local, at, domain = email.rpartition("@") if isinstance(email, str) else ("", "", "")
    return f"{local[:1]}***@{domain}" if at else None


def _item_count(items: object) -> int | None:
    if not isinstance(items, list):
        return None
    quantities = [_mapping(item).get("quantity") for item in items]
    counted = [quantity for quantity in quantities if type(quantity) is int]
    return sum(counted) if len(counted) == len(items) else None


def _joined(*parts: object) -> str | None:
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
