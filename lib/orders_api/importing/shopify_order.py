"""Makes one order of its rows in Shopify's orders export; it reads no file and touches no store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from lib.orders_api.domain.money import to_decimal_string, to_minor_units
from lib.orders_api.domain.statuses import FulfillmentStatus
from lib.orders_api.importing.building import build, currency_code
from lib.orders_api.importing.candidates import Built
from lib.orders_api.importing.errors import RowRejectedError, reason_of
from lib.orders_api.importing.history import Statuses, Times
from lib.orders_api.importing.shopify_fields import NO_SKU, Cells, addresses, moment, phone
from lib.orders_api.importing.shopify_history import statuses
from lib.orders_api.importing.shopify_sums import Kept, Stated, settle
from lib.orders_api.orders.creating import CLOCK_LEEWAY
from lib.orders_api.orders.schemas import MAX_QUANTITY, OrderImport

_ITEM_COLUMNS = ("Lineitem quantity", "Lineitem name", "Lineitem price")


class ShopifyOrder:
    """An order as the export has it: one full row, and rows that hold a line item each."""

    def __init__(self, full: Cells, rows: Sequence[Cells], now: datetime) -> None:
        """Read an order; `rows` are all its rows with a line item, in the order of the file.

        Raises:
            RowRejectedError: the rows can't be right.
        """
        currency = currency_code(full["Currency"], "Currency")
        self.times = _times(full, now)
        self.statuses = statuses(
            full["Financial Status"], full["Fulfillment Status"], self.times.cancelled is not None
        )
        items = [_item(row) for row in rows if _has_item(row, full)]
        kept = settle(_stated(full, rows, items, currency))
        self._now = now
        try:
            self._body = OrderImport.model_validate(
                _fields(full, currency, items)
                | _sums(kept, currency)
                | _standing(self.statuses, self.times, full)
            )
        except ValidationError as error:
            raise RowRejectedError(reason_of(error)) from None

    def build(self, number: str) -> Built:
        """Make the rows of the store.

        Raises:
            RowRejectedError: an amount is too large.
        """
        return build(self._body, number, self.statuses, self.times, self._now)


def _times(full: Cells, now: datetime) -> Times:
    created = moment(full, "Created at")
    if created is None:
        raise RowRejectedError("Created at: is missing")
    times = Times(
        created, moment(full, "Paid at"), moment(full, "Fulfilled at"), moment(full, "Cancelled at")
    )
    for column, at in (
        ("Created at", times.created),
        ("Paid at", times.paid),
        ("Fulfilled at", times.fulfilled),
        ("Cancelled at", times.cancelled),
    ):
        if at is not None and at > now + CLOCK_LEEWAY:
            raise RowRejectedError(f"{column}: lies in the future")
    return times


def _has_item(row: Cells, full: Cells) -> bool:
    if any(row[column] for column in _ITEM_COLUMNS):
        return True
    if row is full:
        return False
    raise RowRejectedError("a row with neither a line item nor the order's own data")


def _item(row: Cells) -> dict[str, Any]:
    quantity = row["Lineitem quantity"]
    plain = quantity.isascii() and quantity.isdigit() and len(quantity) <= len(str(MAX_QUANTITY))
    if not plain or int(quantity) == 0:
        raise RowRejectedError(f"Lineitem quantity: not a whole number from 1 to {MAX_QUANTITY}")
    return {
        "sku": row["Lineitem sku"] or NO_SKU,
        "name": row["Lineitem name"],
        "quantity": int(quantity),
        "unitPrice": row["Lineitem price"],
    }


def _stated(full: Cells, rows: Sequence[Cells], items: list[dict[str, Any]], currency: str) -> Stated:
    return Stated(
        line_totals=tuple(
            _amount("Lineitem price", item["unitPrice"], currency) * int(item["quantity"]) for item in items
        ),
        line_discounts=sum(
            _amount("Lineitem discount", row["Lineitem discount"] or "0", currency) for row in rows
        ),
        subtotal=_amount("Subtotal", full["Subtotal"], currency),
        discount=_amount("Discount Amount", full["Discount Amount"] or "0", currency),
        shipping=_amount("Shipping", full["Shipping"] or "0", currency),
        duties=_amount("Duties", full["Duties"] or "0", currency),
        taxes=_amount("Taxes", full["Taxes"] or "0", currency),
        total=_amount("Total", full["Total"], currency),
    )


def _amount(column: str, text: str, currency: str) -> int:
    if not text:
        raise RowRejectedError(f"{column}: is missing")
    try:
        return to_minor_units(text, currency)
    except ValueError as error:
        raise RowRejectedError(f"{column}: {error}") from None


def _fields(full: Cells, currency: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    if not full["Email"]:
        raise RowRejectedError("Email: is missing")
    shipping, billing = addresses(full)
    return {
        "email": full["Email"],
        "currency": currency,
        "items": items,
        "shippingAddress": shipping,
        "billingAddress": billing,
        "phone": phone(full),
    }


def _sums(kept: Kept, currency: str) -> dict[str, Any]:
    return {
        "discountTotal": to_decimal_string(kept.discount, currency),
        "shippingTotal": to_decimal_string(kept.shipping, currency),
        "taxTotal": to_decimal_string(kept.taxes, currency),
        "taxIncluded": kept.tax_included,
    }


def _standing(reached: Statuses, times: Times, full: Cells) -> dict[str, Any]:
    was_sent = reached.fulfillment is not FulfillmentStatus.UNFULFILLED
    return {
        "status": reached.order,
        "paymentStatus": reached.payment,
        "fulfillmentStatus": reached.fulfillment,
        # The export names no carrier but in the shipping method that was chosen.
        "carrier": (full["Shipping Method"] or None) if was_sent else None,
        "createdAt": times.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
