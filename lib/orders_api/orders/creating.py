"""Builds the rows of a new order out of what was sent, with its sums; it touches no database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.money import MAX_MINOR_UNITS, currency_digits, to_minor_units
from lib.orders_api.domain.statuses import usual_fulfillment, usual_payment
from lib.orders_api.domain.text import email_key, order_number_key, reversed_digits, search_form
from lib.orders_api.orders.schemas import AddressCreate, OrderCreate
from lib.orders_api.store.tables.orders import LineItem, Order, OrderAddress, TimelineEntry

CLOCK_LEEWAY = timedelta(minutes=5)


@dataclass(frozen=True)
class _Sums:
    subtotal: int
    discount_total: int
    shipping_total: int
    tax_total: int
    grand_total: int


def new_order(body: OrderCreate, order_number: str, now: datetime) -> Order:
    """Return a new order with its line items and addresses, not yet in any session.

    Args:
        body: what was sent.
        order_number: the number to use, whether sent or given by the store.
        now: the present; the order's time where none was sent.

    Raises:
        ValidationFailedError: an amount can't be right, a sum does not agree, or the time is in the future.
    """
    created_at = (body.created_at or now).replace(microsecond=0)
    if created_at > now + CLOCK_LEEWAY:
        raise ValidationFailedError.of("createdAt", "must not be in the future")
    items = [_line_item(body, position) for position in range(len(body.items))]
    sums = _sums(body, sum(item.total for item in items))
    shipping, billing = body.shipping_address, body.billing_address or body.shipping_address
    name = _full_name(shipping) or _full_name(billing)
    order = Order(
        order_number=order_number,
        order_number_key=order_number_key(order_number),
        status=body.status,
        payment_status=body.payment_status or usual_payment(body.status),
        fulfillment_status=body.fulfillment_status or usual_fulfillment(body.status),
        currency=body.currency,
        currency_digits=currency_digits(body.currency),
        subtotal=sums.subtotal,
        discount_total=sums.discount_total,
        shipping_total=sums.shipping_total,
        tax_total=sums.tax_total,
        tax_included=body.tax_included,
        grand_total=sums.grand_total,
        item_count=sum(item.quantity for item in items),
        customer_id=body.customer_id,
        customer_name=name,
        email=body.email,
        email_key=email_key(body.email),
        phone=body.phone or None,
        phone_reversed=reversed_digits(body.phone or "") or None,
        shipping_city=shipping.city,
        shipping_country=shipping.country,
        search_text=search_text(order_number, body.email, _full_name(shipping), _full_name(billing)),
        tracking_token=str(body.tracking_token or uuid.uuid4()),
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        cancel_reason=None,
        created_at=created_at,
        updated_at=created_at,
        items=items,
    )
    order.addresses = [_address("shipping", shipping), _address("billing", billing)]
    return order


def created_entry(order: Order, actor: str) -> TimelineEntry:
    """Return the timeline row that says an order was made, and with which status."""
    return TimelineEntry(at=order.created_at, actor=actor, kind="CREATED", detail=str(order.status))


def search_text(order_number: str, email: str, *names: str) -> str:
    """Return the text in which parts of words are looked for: a line for each of number, email and names."""
    parts = [order_number, email, *dict.fromkeys(name for name in names if name)]
    return "\n".join(search_form(part) for part in parts)


def _full_name(address: AddressCreate) -> str:
    return f"{address.first_name} {address.last_name}".strip()


def _address(kind: str, address: AddressCreate) -> OrderAddress:
    return OrderAddress(kind=kind, **address.model_dump())


def _line_item(body: OrderCreate, position: int) -> LineItem:
    item = body.items[position]
    unit_price = _minor_units(f"items.{position}.unitPrice", item.unit_price, body.currency)
    return LineItem(
        position=position,
        sku=item.sku,
        sku_key=item.sku.casefold(),
        name=item.name,
        quantity=item.quantity,
        unit_price=unit_price,
        total=unit_price * item.quantity,
    )


def _sums(body: OrderCreate, subtotal: int) -> _Sums:
    discount = _minor_units("discountTotal", body.discount_total, body.currency)
    shipping = _minor_units("shippingTotal", body.shipping_total, body.currency)
    tax = _minor_units("taxTotal", body.tax_total, body.currency)
    grand_total = subtotal - discount + shipping + (0 if body.tax_included else tax)
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
    return _Sums(subtotal, discount, shipping, tax, grand_total)


def _minor_units(field: str, amount: str, currency: str) -> int:
    try:
        return to_minor_units(amount, currency)
    except ValueError as error:
        raise ValidationFailedError.of(field, str(error)) from None
