"""Makes one order of its row in a WooCommerce orders export; it reads no file and touches no store."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from pydantic import ValidationError

from lib.orders_api.domain.money import to_decimal_string
from lib.orders_api.importing.building import build, currency_code
from lib.orders_api.importing.candidates import Built
from lib.orders_api.importing.csv_rows import NamedCells
from lib.orders_api.importing.errors import RowRejectedError, reason_of
from lib.orders_api.importing.history import Statuses, Times
from lib.orders_api.importing.woocommerce_fields import addresses, customer_id, email, moment, phone
from lib.orders_api.importing.woocommerce_history import statuses
from lib.orders_api.importing.woocommerce_items import Item, amount, items
from lib.orders_api.importing.woocommerce_sums import Kept, Stated, settle
from lib.orders_api.orders.creating import CLOCK_LEEWAY
from lib.orders_api.orders.schemas import OrderImport

ON_DELIVERY = "cod"


class WooCommerceOrder:
    """An order as the export has it: one row."""

    def __init__(self, cells: NamedCells, zone: tzinfo, now: datetime) -> None:
        """Read an order; times without a zone are those of `zone`.

        Raises:
            RowRejectedError: the row can't be right.
        """
        currency = currency_code(cells["order_currency"], "order_currency")
        self._now = now
        self._times = _times(cells, zone, now)
        self._statuses = statuses(
            cells["status"],
            paid=self._times.paid is not None,
            refunded=bool(cells["refund_items"]),
            on_delivery=cells["payment_method"] == ON_DELIVERY,
        )
        found = items(cells, currency)
        kept = settle(_stated(cells, found, currency), currency)
        try:
            self._body = OrderImport.model_validate(
                _fields(cells, found, currency)
                | _sums(kept, currency)
                | _standing(self._statuses, self._times)
            )
        except ValidationError as error:
            raise RowRejectedError(reason_of(error)) from None

    def build(self, number: str) -> Built:
        """Make the rows of the store.

        Raises:
            RowRejectedError: an amount is too large.
        """
        return build(self._body, number, self._statuses, self._times, self._now)


def _times(cells: NamedCells, zone: tzinfo, now: datetime) -> Times:
    created, paid = (moment(cells, column, zone) for column in ("order_date", "paid_date"))
    if created is None:
        raise RowRejectedError("order_date: is missing")
    for column, at in (("order_date", created), ("paid_date", paid)):
        if at is not None and at > now + CLOCK_LEEWAY:
            raise RowRejectedError(f"{column}: lies in the future; --time-zone names the shop's own zone")
    return Times(created, paid, None, None)


def _stated(cells: NamedCells, found: list[Item], currency: str) -> Stated:
    def given(column: str) -> int | None:
        return amount(cells, column, currency) if cells[column] else None

    total = given("order_total")
    if total is None:
        raise RowRejectedError("order_total: is missing")
    return Stated(
        items=found,
        shipping=amount(cells, "shipping_total", currency),
        fees=amount(cells, "fee_total", currency),
        taxes=amount(cells, "tax_total", currency),
        total=total,
        subtotal=given("order_subtotal"),
        discount=given("discount_total"),
    )


def _fields(cells: NamedCells, found: list[Item], currency: str) -> dict[str, Any]:
    shipping, billing = addresses(cells)
    return {
        "email": email(cells),
        "currency": currency,
        "items": [
            {
                "sku": item.sku,
                "name": item.name,
                "quantity": item.quantity,
                "unitPrice": to_decimal_string(item.unit_price, currency),
            }
            for item in found
        ],
        "shippingAddress": shipping,
        "billingAddress": billing,
        "phone": phone(cells),
        "customerId": customer_id(cells),
    }


def _sums(kept: Kept, currency: str) -> dict[str, Any]:
    return {
        "discountTotal": to_decimal_string(kept.discount, currency),
        "shippingTotal": to_decimal_string(kept.shipping, currency),
        "taxTotal": to_decimal_string(kept.taxes, currency),
        "taxIncluded": False,  # the export's line items are without taxes, whatever the shop shows
    }


def _standing(reached: Statuses, times: Times) -> dict[str, Any]:
    return {
        "status": reached.order,
        "paymentStatus": reached.payment,
        "fulfillmentStatus": reached.fulfillment,
        "createdAt": times.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
