"""Fills in what an order leaves out and what follows from the rest of it (contract, section 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def with_computed(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order's fields, as they come from the wire, with those that can be computed."""
    computed = {
        alias: value
        for alias, (name, compute) in _COMPUTED.items()
        if order.get(alias) is None and order.get(name) is None and (value := compute(order)) is not None
    }
    return order | computed if computed else order


def with_page_numbers(listed: dict[str, Any], page: int, limit: int) -> dict[str, Any]:
    """Return a page of a list with its number and how many there are, where it does not say so itself."""
    total = listed.get("total")
    known = {"page": page, "totalPages": -(-total // limit) if type(total) is int and limit > 0 else None}
    return listed | {name: value for name, value in known.items() if listed.get(name) is None}


def masked_email(email: object) -> str | None:
    """Return `j***@example.com` for `jane.doe@example.com`, or None for what is no email."""
    local, at, domain = email.rpartition("@") if isinstance(email, str) else ("", "", "")
    return f"{local[:1]}***@{domain}" if at else None


def _item_count(order: Mapping[str, Any]) -> int | None:
    items = order.get("items")
    if not isinstance(items, list):
        return None
    counted = [quantity for item in items if type(quantity := _mapping(item).get("quantity")) is int]
    return sum(counted) if len(counted) == len(items) else None


def _customer_name(order: Mapping[str, Any]) -> str | None:
    address = _mapping(order.get("shippingAddress")) or _mapping(order.get("billingAddress"))
    parts = (address.get("firstName"), address.get("lastName"))
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None


def _of_shipping(name: str) -> Callable[[Mapping[str, Any]], str | None]:
    def compute(order: Mapping[str, Any]) -> str | None:
        value = _mapping(order.get("shippingAddress")).get(name)
        return value if isinstance(value, str) and value else None

    return compute


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


_COMPUTED: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    "itemCount": ("item_count", _item_count),
    "customerName": ("customer_name", _customer_name),
    "emailMasked": ("email_masked", lambda order: masked_email(order.get("email"))),
    "shippingCity": ("shipping_city", _of_shipping("city")),
    "shippingCountry": ("shipping_country", _of_shipping("country")),
}
"""Each field's name on the wire, its name here, and how it is computed."""
