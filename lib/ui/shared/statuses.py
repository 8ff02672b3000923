"""How a status looks and reads, one colour each everywhere, and as a chip; it decides nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

import streamlit as st

from lib.orders_client import OrderDetail, TrackedOrder
from lib.ui.shared.format import NOT_GIVEN

Color = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray", "grey", "primary"]
_STYLE = (
    "display:inline-block;margin:0 6px 2px 0;padding:1px 10px;border-radius:999px;"
    "font-size:0.875rem;line-height:1.4;white-space:nowrap;color:#fff;background:"
)


@dataclass(frozen=True)
class Look:
    """A status to people: its word, Streamlit's colour name, the same hue as hex for tables, and an icon."""

    label: str
    color: Color
    hex: str
    icon: str
    meaning: str


STATUSES: Mapping[str, Look] = {
    "PENDING": Look("Pending", "orange", "#b35900", "schedule", "awaiting payment"),
    "CONFIRMED": Look("Confirmed", "blue", "#0072b2", "check", "payment received"),
    "PROCESSING": Look("Processing", "violet", "#7a5bc4", "inventory_2", "being prepared"),
    "SHIPPED": Look("Shipped", "primary", "#00857a", "local_shipping", "dispatched"),
    "DELIVERED": Look("Delivered", "green", "#3c7d22", "task_alt", "delivered"),
    "CANCELLED": Look("Cancelled", "gray", "#6b7280", "block", "cancelled"),
    "REFUNDED": Look("Refunded", "red", "#b8336a", "undo", "refunded"),
}
PAYMENT_STATUSES: Mapping[str, Look] = {
    "PENDING": Look("Unpaid", "orange", "#b35900", "hourglass_empty", "not paid yet"),
    "PAID": Look("Paid", "green", "#3c7d22", "paid", "paid in full"),
    "PARTIALLY_REFUNDED": Look("Partly refunded", "violet", "#7a5bc4", "undo", "part of it paid back"),
    "REFUNDED": Look("Refunded", "red", "#b8336a", "undo", "paid back"),
    "FAILED": Look("Payment failed", "red", "#b8336a", "error", "the payment did not go through"),
    "VOIDED": Look("Voided", "gray", "#6b7280", "block", "nothing will be charged"),
}
FULFILLMENT_STATUSES: Mapping[str, Look] = {
    "UNFULFILLED": Look("Unfulfilled", "gray", "#6b7280", "inventory_2", "nothing sent yet"),
    "PARTIALLY_FULFILLED": Look("Partly fulfilled", "blue", "#0072b2", "package_2", "part of it sent"),
    "FULFILLED": Look("Fulfilled", "green", "#3c7d22", "local_shipping", "everything sent"),
    "RETURNED": Look("Returned", "red", "#b8336a", "assignment_return", "sent back"),
}


def look(table: Mapping[str, Look], code: str | None) -> Look:
    """Return a status' look; one that this desk does not know reads as its own code in grey."""
    if code is None:
        return Look("Not given", "gray", "#6b7280", "help", "the shop's API does not say")
    return table.get(code) or Look(code.replace("_", " ").capitalize(), "gray", "#6b7280", "help", code)


def looks_of(order: OrderDetail | TrackedOrder) -> tuple[Look, Look, Look]:
    """Return how an order's three statuses look, side by side without a heading."""
    payment, fulfilment = (
        look(table, code) if code else replace(look(table, code), label=f"{name} {NOT_GIVEN}")
        for name, table, code in (
            ("Payment", PAYMENT_STATUSES, order.payment_status),
            ("Fulfilment", FULFILLMENT_STATUSES, order.fulfillment_status),
        )
    )
    return look(STATUSES, order.status), payment, fulfilment


def label_of(table: Mapping[str, Look], code: str | None) -> str:
    """Return the word for a status."""
    return look(table, code).label


def status_chips(looks: Iterable[Look]) -> None:
    """Draw one chip a status, side by side, each with its meaning on hover."""
    st.html("".join(chip(each) for each in looks), width="content")


def chip(look: Look) -> str:
    """Return a chip's HTML; all escaped, for an unknown status is text from elsewhere."""
    return (
        f'<span style="{_STYLE}{escape(look.hex)}" title="{escape(look.meaning)}">{escape(look.label)}</span>'
    )
