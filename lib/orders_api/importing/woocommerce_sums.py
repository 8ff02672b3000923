"""Decides whether the sums of a WooCommerce order agree, and how the store keeps them; it knows no rows.

The export writes each line item and sum rounded to two places, so each may be off by half of one. The store's
sums are exact: unit prices times quantities, shipping with fees, taxes and the total stand as the export has
them, and the discount is what is left. Where that would be a negative discount, it is added to the shipping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.orders_api.domain.money import currency_digits
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.woocommerce_items import Item

PLACES = 2


@dataclass(frozen=True)
class Stated:
    """What the export says, in minor units; `subtotal` and `discount` only where it does."""

    items: Sequence[Item]
    shipping: int
    fees: int
    taxes: int
    total: int
    subtotal: int | None
    discount: int | None


@dataclass(frozen=True)
class Kept:
    """What the store keeps, in minor units."""

    discount: int
    shipping: int
    taxes: int


def settle(stated: Stated, currency: str) -> Kept:
    """Return the sums to keep.

    Raises:
        RowRejectedError: the sums can't be right.
    """
    tolerance = len(stated.items) * 10 ** max(currency_digits(currency) - PLACES, 0)
    before, after = (sum(getattr(item, name) for item in stated.items) for name in ("sub_total", "total"))
    if stated.shipping < 0 or stated.taxes < 0:
        raise RowRejectedError("shipping_total: shipping and taxes can't be negative")
    if after > before + tolerance:
        raise RowRejectedError("line_item_1: the total after discounts is more than before")
    if stated.subtotal is not None and abs(stated.subtotal - before) > tolerance:
        raise RowRejectedError("order_subtotal: is not the sum of the line items")
    if stated.discount is not None and abs(before - after - stated.discount) > tolerance:
        raise RowRejectedError("discount_total: is not what the line items' discounts add up to")
    if abs(after + stated.shipping + stated.fees + stated.taxes - stated.total) > tolerance:
        raise RowRejectedError(
            "order_total: is not the sum of line items, shipping_total, fee_total and tax_total"
        )
    shipping = stated.shipping + max(stated.fees, 0)
    goods = sum(item.unit_price * item.quantity for item in stated.items)
    discount = goods + shipping + stated.taxes - stated.total
    return Kept(max(discount, 0), shipping + max(-discount, 0), stated.taxes)
