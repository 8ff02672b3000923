"""A served API with its store in the test's hands, and an order to send to it by the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lib.orders_client import NewOrder, OrdersClient
from lib.orders_client.models import Address, NewLineItem
from lib.staff.tokens import mint_customer_token, mint_staff_token
from tests.api.shop import EMAIL, Shop
from tests.conftest import JWT_SECRET
from tests.servers.desk import wait_until


def staff_token(*roles: str, name: str = "sam") -> str:
    """Return a token for a staff member with these roles: an admin's where none are named."""
    return mint_staff_token(JWT_SECRET, name, roles or ("admin",), datetime.now(UTC))


@dataclass(frozen=True)
class Live:
    """A served API, and the store behind it."""

    url: str
    store: Shop

    def as_staff(self, *roles: str, name: str = "sam") -> OrdersClient:
        """Return a client that mints a fresh token for each call, as the dashboard does."""
        return OrdersClient(self.url, lambda: staff_token(*roles, name=name))

    def as_customer(self, customer_id: str) -> OrdersClient:
        """Return a customer's client."""
        return OrdersClient(self.url, mint_customer_token(JWT_SECRET, customer_id, datetime.now(UTC)))

    def code(self, number: str) -> str:
        """Wait for the code that the API's worker puts into the outbox."""
        wait_until(lambda: bool(self.store.codes(number)), 20)
        return self.store.codes(number)[-1]


def new_order(**changes: Any) -> NewOrder:
    """Make an order of three teas, 3.750 KWD, for the customer c-1."""
    home = Address(
        first_name="Jané",
        last_name="Doe",
        line1="12 Main St",
        line2=None,
        city="Kuwait",
        region=None,
        postal_code="1",
        country="KW",
    )
    kept: dict[str, Any] = {
        "email": EMAIL,
        "currency": "KWD",
        "items": (NewLineItem(sku="A", name="Tea ☕", quantity=3, unit_price=Decimal("1.250")),),
        "shipping_address": home,
        "customer_id": "c-1",
    }
    return NewOrder(**(kept | changes))
