"""Works out the sums of a new order in minor units, and checks what was sent of them; it touches no row."""

from __future__ import annotations

from dataclasses import dataclass

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.money import MAX_MINOR_UNITS, UnitPrice, to_minor_units, to_unit_price
from lib.orders_api.orders.schemas import LineItemCreate, LineItemImport, OrderCreate, OrderImport


@dataclass(frozen=True)
class Line:
    """What a line item costs."""

    unit_price: UnitPrice
    total: int


@dataclass(frozen=True)
class Sums:
    """The sums of an order; what nobody said is None."""

    subtotal: int
    discount_total: int
    shipping_total: int
    tax_total: int
    duties_total: int | None
    refunded_total: int | None
    adjustment: int
    grand_total: int


def lines_of(body: OrderCreate) -> list[Line]:
    """Return what each line item costs.

    Raises:
        ValidationFailedError: a price can't be right, or a line's total is not that of its unit price.
    """
    return [_line(f"items.{position}", item, body.currency) for position, item in enumerate(body.items)]


def sums_of(body: OrderCreate, lines: list[Line], adjustment: int) -> Sums:
    """Add up an order.

    Raises:
        ValidationFailedError: an amount can't be right, or a sum that was sent is not that of its parts.
    """
    subtotal = sum(line.total for line in lines)
    discount = _minor_units("discountTotal", body.discount_total, body.currency)
    shipping = _minor_units("shippingTotal", body.shipping_total, body.currency)
    tax = _minor_units("taxTotal", body.tax_total, body.currency)
    duties = refunded = None
    if isinstance(body, OrderImport):
        duties = _optional("dutiesTotal", body.duties_total, body.currency)
        refunded = _optional("refundedTotal", body.refunded_total, body.currency)
    added_tax = 0 if body.tax_included else tax
    grand_total = subtotal - discount + shipping + (duties or 0) + adjustment + added_tax
    if not 0 <= grand_total <= MAX_MINOR_UNITS or subtotal > MAX_MINOR_UNITS:
        raise ValidationFailedError.of(
            "discountTotal", "the order's sum must be neither negative nor too large"
        )
    for field, given, computed in (
        ("subtotal", body.subtotal, subtotal),
        ("grandTotal", body.grand_total, grand_total),
    ):
        if given is not None and _minor_units(field, given, body.currency) != computed:
            raise ValidationFailedError.of(field, "does not agree with the sum that the store computes")
    return Sums(subtotal, discount, shipping, tax, duties, refunded, adjustment, grand_total)


def _line(field: str, item: LineItemCreate, currency: str) -> Line:
    if not isinstance(item, LineItemImport):
        price = UnitPrice(_minor_units(f"{field}.unitPrice", item.unit_price, currency))
        return Line(price, price.times(item.quantity))
    try:
        price = to_unit_price(item.unit_price, currency)
    except ValueError as error:
        raise ValidationFailedError.of(f"{field}.unitPrice", str(error)) from None
    total = _optional(f"{field}.total", item.total, currency)
    if total is not None and not price.agrees(item.quantity, total):
        raise ValidationFailedError.of(f"{field}.total", "is not unitPrice times quantity")
    return Line(price, price.times(item.quantity) if total is None else total)


def _optional(field: str, amount: str | None, currency: str) -> int | None:
    return None if amount is None else _minor_units(field, amount, currency)


def _minor_units(field: str, amount: str, currency: str) -> int:
    try:
        return to_minor_units(amount, currency)
    except ValueError as error:
        raise ValidationFailedError.of(field, str(error)) from None
