"""An order as another system tells it, in our words: what every kind but our own makes of what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.money import UnitPrice, currency_digits, format_minor_units, to_decimal_string
from lib.orders_api.domain.wire import format_time
from lib.orders_api.importing.candidates import Built
from lib.orders_api.importing.errors import RowRejectedError, reason_of
from lib.orders_api.importing.history import Statuses, Times, remarks, timeline
from lib.orders_api.importing.kinds.fields import NO_SKU, Address, Phone, plain
from lib.orders_api.importing.kinds.sums import Kept, Stated, remark, settle
from lib.orders_api.orders.creating import new_order
from lib.orders_api.orders.schemas import OrderImport


@dataclass(frozen=True)
class Item:
    """A line item; its total, in minor units, counts where the unit price is rounded."""

    sku: str
    name: str
    quantity: int
    unit_price: UnitPrice
    total: int


@dataclass(frozen=True)
class ShopOrder:
    """What a system tells of an order; amounts in minor units, texts as they were."""

    number: str
    currency: str
    items: Sequence[Item]
    stated: Stated
    perhaps: str
    """What a total that its parts don't explain may come from."""
    reached: Statuses
    times: Times
    shipping: Address
    billing: Address
    phone: Phone
    email: str = ""
    customer_id: str | None = None
    note: str | None = None
    tags: Sequence[str] = ()
    shipping_method: str = ""
    carrier: str = ""
    tracking_number: str = ""
    refunded: int = 0
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class ReadShopOrder:
    """A shop's order, checked."""

    order: ShopOrder
    kept: Kept
    body: OrderImport
    now: datetime
    remarks: list[str] = field(default_factory=list)

    @property
    def adjustment(self) -> int:
        """Return what its total has more than its parts."""
        return self.kept.adjustment

    def build(self, number: str) -> Built:
        """Make the rows of the store.

        Raises:
            RowRejectedError: an amount is too large.
        """
        try:
            made = new_order(self.body, number, self.now, self.adjustment)
        except ValidationFailedError as error:
            raise RowRejectedError(reason_of(error)) from None
        entries = timeline(self.order.reached, self.order.times)
        made.updated_at = entries[-1].at
        made.status_since = max(entry.at for entry in entries if entry.to_status is not None)
        return made, [*entries, *remarks(self.remarks, made.updated_at)]


def read(order: ShopOrder, now: datetime) -> ReadShopOrder:
    """Check an order, and decide how its sums are kept.

    Raises:
        RowRejectedError: it can't be right.
    """
    kept = settle(order.stated)
    try:
        body = OrderImport.model_validate(_body(order, kept))
    except ValidationError as error:
        raise RowRejectedError(reason_of(error)) from None
    said = list(order.remarks)
    if unexplained := remark(order.stated, kept, order.currency, order.perhaps):
        said.append(unexplained)
    if order.phone.lost:
        said.append(f"No phone: a spreadsheet made {order.phone.lost} of it.")
    return ReadShopOrder(order, kept, body, now, said)


def _body(order: ShopOrder, kept: Kept) -> dict[str, object]:
    def money(minor_units: int) -> str:
        return to_decimal_string(minor_units, order.currency)

    stated = order.stated
    return {
        "orderNumber": order.number,
        "currency": order.currency,
        "items": [_item(item, order.currency) for item in order.items],
        "discountTotal": money(kept.discount),
        "shippingTotal": money(stated.shipping),
        "taxTotal": money(stated.taxes),
        "taxIncluded": kept.tax_included,
        "dutiesTotal": money(stated.duties) if stated.duties else None,
        "refundedTotal": money(order.refunded) if order.refunded else None,
        "status": order.reached.order,
        "paymentStatus": order.reached.payment,
        "fulfillmentStatus": order.reached.fulfillment,
        "createdAt": format_time(order.times.created),
        "email": order.email or None,
        "phone": order.phone.number,
        "customerId": order.customer_id,
        "customerName": order.shipping.name or order.billing.name or None,
        "shippingAddress": order.shipping.as_body(order.billing),
        "billingAddress": order.billing.as_body(order.shipping),
        "customerNote": order.note,
        "tags": list(order.tags),
        "shippingMethod": plain(order.shipping_method) or None,
        "carrier": plain(order.carrier) or None,
        "trackingNumber": plain(order.tracking_number) or None,
    }


def _item(item: Item, currency: str) -> dict[str, object]:
    digits = currency_digits(currency) + item.unit_price.extra_digits
    return {
        "sku": plain(item.sku) or NO_SKU,
        "name": plain(item.name),
        "quantity": item.quantity,
        "unitPrice": format_minor_units(item.unit_price.amount, digits),
        "total": to_decimal_string(item.total, currency),
    }
