"""Decides whether the sums of a Shopify order agree, and how the store keeps them; it knows no rows.

Shopify rounds per line, so each sum may be off by one smallest unit for each line item. The store's sums
are exact: line items, shipping, taxes and the total stand as the export has them, and the discount is what
is left (so it may differ from `Discount Amount` by those units). Where that would be a negative discount,
the units are added to the shipping instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib.orders_api.importing.errors import RowRejectedError


@dataclass(frozen=True)
class Stated:
    """What the export says, in minor units; `duties` are kept with the shipping."""

    line_totals: tuple[int, ...]
    line_discounts: int
    subtotal: int
    discount: int
    shipping: int
    duties: int
    taxes: int
    total: int


@dataclass(frozen=True)
class Kept:
    """What the store keeps, in minor units."""

    discount: int
    shipping: int
    taxes: int
    tax_included: bool


def settle(stated: Stated) -> Kept:
    """Return the sums to keep.

    Raises:
        RowRejectedError: the sums can't be right.
    """
    tolerance = len(stated.line_totals)
    items, shipping = sum(stated.line_totals), stated.shipping + stated.duties
    tax_included = _tax_included(stated, _shipping_paid(stated, items, tolerance), tolerance)
    discount = items + shipping + (0 if tax_included else stated.taxes) - stated.total
    return Kept(max(discount, 0), shipping + max(-discount, 0), stated.taxes, tax_included)


def _shipping_paid(stated: Stated, items: int, tolerance: int) -> int:
    """Return what was paid for shipping, once Subtotal is seen to be the line items less their discount."""
    taken_off = items - stated.subtotal
    shipping = stated.shipping + stated.duties
    # Discounts of single lines are part of Discount Amount, but in some exports stand beside it.
    if min(abs(stated.discount + extra - taken_off) for extra in (0, stated.line_discounts)) <= tolerance:
        return shipping
    # A code for free shipping is in Discount Amount, but not in Subtotal.
    waived = stated.discount - taken_off
    if stated.shipping and taken_off >= 0 and abs(waived - stated.shipping) <= tolerance:
        return stated.duties
    raise RowRejectedError("Subtotal: is not the sum of the line items less Discount Amount")


def _tax_included(stated: Stated, shipping_paid: int, tolerance: int) -> bool:
    """Return whether Total holds the taxes without adding them."""
    without = stated.subtotal + shipping_paid
    gap_if_added = abs(stated.total - without - stated.taxes)
    gap_if_included = abs(stated.total - without)
    if min(gap_if_added, gap_if_included) > tolerance:
        raise RowRejectedError("Total: is neither Subtotal and Shipping together nor these and Taxes")
    return gap_if_included < gap_if_added
