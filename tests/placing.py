"""Places an order through the API as the shop would, for the tests of several packages; no test."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from lib.orders_client import NewOrder, OrderDetail, OrdersClient
from lib.orders_client.models import Address, NewLineItem

CALLER = "lena.brandt@example.com"


def place_order(
    shop: OrdersClient, number: str, created_at: datetime | None = None, email: str = CALLER
) -> OrderDetail:
    """Place an order that awaits its payment, as the shop would, now or at another time."""
    return shop.orders.create(
        NewOrder(
            order_number=number,
            created_at=created_at,
            email=email,
            phone="+49 30 23125 148",
            currency="EUR",
            items=(
                _item("LAMP-12", "Reading lamp, brass", 2, "39.50"),
                _item("BULB-E14", "Bulb E14, warm white", 4, "4.90"),
                _item("SHADE-03", "Linen shade", 1, "24.00"),
            ),
            shipping_address=Address(
                first_name="Lena",
                last_name="Brandt",
                line1="Gärtnerstraße 14",
                line2=None,
                city="Berlin",
                region="Berlin",
                postal_code="10245",
                country="DE",
            ),
        )
    )


def _item(sku: str, name: str, quantity: int, price: str) -> NewLineItem:
    return NewLineItem(sku=sku, name=name, quantity=quantity, unit_price=Decimal(price))
