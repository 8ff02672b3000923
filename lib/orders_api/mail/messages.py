"""Words the emails to customers; subjects hold neither a code nor anything of the order."""

from __future__ import annotations

from dataclasses import dataclass

from lib.orders_api.domain.money import format_minor_units
from lib.orders_api.store.tables.orders import Order


@dataclass(frozen=True)
class Message:
    """An email's subject and plain text."""

    subject: str
    text: str


def confirmation(order: Order, tracking_link: str) -> Message:
    """Confirm an order, with the link that tracks it."""
    total = format_minor_units(order.grand_total, order.currency_digits)
    return Message(
        "We have received your order",
        f"Thank you for your order {order.order_number}.\n\n"
        f"Total: {total} {order.currency}\n\n"
        f"Follow it here:\n{tracking_link}\n\n"
        "Whoever has this link sees the order's status and items, but not your name or address.\n",
    )


def cancellation(order: Order) -> Message:
    """Report that an order was cancelled."""
    return Message(
        "Your order was cancelled",
        f"Your order {order.order_number} was cancelled. It had not been paid, so nothing is charged.\n\n"
        "If you did not expect this, please answer this email.\n",
    )


def access_code(order_number: str, code: str) -> Message:
    """Return the email that gives a guest the one-time code for an order."""
    return Message(
        "Your one-time code",
        f"Your one-time code is\n\n    {code}\n\n"
        f"It opens the order {order_number} once, within ten minutes.\n\n"
        "If you did not ask for it, you need not do anything: nobody can use it without this email.\n",
    )
