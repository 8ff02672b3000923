"""Builds the rows of a new order out of what was sent, with its sums, which are checked; no database."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from lib.orders_api.domain import timeline
from lib.orders_api.domain.countries import NO_COUNTRY
from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.money import (
    MAX_MINOR_UNITS,
    UnitPrice,
    currency_digits,
    to_minor_units,
    to_unit_price,
)
from lib.orders_api.domain.phones import phone_key
from lib.orders_api.domain.search_texts import Addressee, search_texts
from lib.orders_api.domain.statuses import OrderStatus, usual_fulfillment, usual_payment
from lib.orders_api.domain.text import email_key, order_number_key
from lib.orders_api.orders.schemas import (
    AddressCreate,
    LineItemCreate,
    LineItemImport,
    OrderCreate,
    OrderImport,
)
from lib.orders_api.store.tables.orders import LineItem, Order, OrderAddress, OrderText, TimelineEntry

CLOCK_LEEWAY = timedelta(minutes=5)
PlainOrder = SimpleNamespace
"""An order that is no object of a session: its columns, and those of each of its `items` and `addresses`."""


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


def new_order(body: OrderCreate, order_number: str, now: datetime, adjustment: int = 0) -> Order:
    """Return a new order with all that belongs to it, not yet in any session; as `plain_order` does."""
    plain = vars(plain_order(body, order_number, now, adjustment))
    items = [LineItem(**vars(item)) for item in plain.pop("items")]
    addresses = [OrderAddress(**vars(address)) for address in plain.pop("addresses")]
    order = Order(**plain, items=items, addresses=addresses)
    order.texts = texts_of(order, _known_as(body))
    return order


def plain_order(body: OrderCreate, order_number: str, now: datetime, adjustment: int = 0) -> PlainOrder:
    """Return a new order with its line items and addresses.

    Args:
        body: what was sent, or read from another system's file.
        order_number: the number to use, whether sent or given by the store.
        now: the present; the order's time where none was sent.
        adjustment: what another system's total has more than its parts, in minor units.

    Raises:
        ValidationFailedError: an amount can't be right, a sum does not agree, or the time is in the future.
    """
    created_at = (body.created_at or now).replace(microsecond=0)
    if created_at > now + CLOCK_LEEWAY:
        raise ValidationFailedError.of("createdAt", "must not be in the future")
    lines = lines_of(body)
    return PlainOrder(
        order_number=order_number,
        order_number_key=order_number_key(order_number),
        status=body.status,
        payment_status=body.payment_status or usual_payment(body.status),
        fulfillment_status=body.fulfillment_status or usual_fulfillment(body.status),
        currency=body.currency,
        currency_digits=currency_digits(body.currency),
        tax_included=body.tax_included,
        item_count=sum(item.quantity for item in body.items),
        tracking_token=str(body.tracking_token or uuid.uuid4()),
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        source=body.source,
        created_at=created_at,
        updated_at=created_at,
        **vars(sums_of(body, lines, adjustment)),
        **_customer(body),
        **_beyond_create(body),
        items=[
            _line_item(item, position, line)
            for position, (item, line) in enumerate(zip(body.items, lines, strict=True))
        ],
        addresses=[
            SimpleNamespace(kind=kind, **address.model_dump())
            for kind, address in (("shipping", body.shipping_address), ("billing", _billing(body)))
            if address is not None
        ],
    )


def created_entry(order: Order | PlainOrder, actor: str) -> TimelineEntry:
    """Return the timeline row that says an order was made, and with which status."""
    made = timeline.created(OrderStatus(order.status), order.created_at, order.cancel_reason)
    return TimelineEntry(actor=actor, **made)


def texts_of(order: Order | PlainOrder, known_as: str = "") -> OrderText:
    """Return the texts in which an order is searched; `known_as` is a name beside its addressees'."""
    addressees = [
        Addressee(
            f"{each.first_name} {each.last_name}".strip(),
            each.city,
            each.postal_code,
            f"{each.line1} {each.line2 or ''}",
        )
        for each in order.addresses
    ]
    names = [name for name in (order.customer_name, known_as) if name]
    country = order.addresses[0].country if order.addresses else NO_COUNTRY
    items = (item.name for item in order.items)
    texts = search_texts(order.order_number_key, order.email, order.phone, country, addressees, names, items)
    return OrderText(shown=texts.shown, contact=texts.contact)


def rewrite_texts(order: Order) -> None:
    """Write the texts of a stored order anew, after what is searched of it has changed."""
    fresh = texts_of(order)
    order.texts.shown, order.texts.contact = fresh.shown, fresh.contact


def _customer(body: OrderCreate) -> dict[str, Any]:
    """Return who ordered, and where it goes: what is unknown is None, or empty where texts are sorted."""
    shipping, billing = body.shipping_address, _billing(body)
    names = [name for name in (_full_name(shipping), _full_name(billing), _known_as(body)) if name]
    place = shipping or billing
    return {
        "customer_id": body.customer_id,
        "customer_name": names[0] if names else "",
        "email": body.email,
        "email_key": None if body.email is None else email_key(body.email),
        "locale": body.locale,
        "phone": body.phone or None,
        "phone_reversed": phone_key(body.phone, place.country if place else None) if body.phone else None,
        "shipping_city": shipping.city if shipping else "",
        "shipping_country": shipping.country if shipping else NO_COUNTRY,
    }


def _beyond_create(body: OrderCreate) -> dict[str, Any]:
    """Return what only an order from another system has."""
    if not isinstance(body, OrderImport):
        return {"tags": ""}
    return {
        "customer_note": body.customer_note,
        "tags": "\n".join(dict.fromkeys(" ".join(tag.split()) for tag in body.tags)),
        "shipping_method": body.shipping_method,
        "cancel_reason": body.cancel_reason,
    }


def _known_as(body: OrderCreate) -> str:
    return (body.customer_name or "") if isinstance(body, OrderImport) else ""


def _billing(body: OrderCreate) -> AddressCreate | None:
    return body.billing_address or body.shipping_address


def _full_name(address: AddressCreate | None) -> str:
    return "" if address is None else f"{address.first_name} {address.last_name}".strip()


def _line_item(item: LineItemCreate, position: int, line: Line) -> SimpleNamespace:
    return SimpleNamespace(
        position=position,
        sku=item.sku,
        sku_key=item.sku.casefold(),
        name=item.name,
        quantity=item.quantity,
        unit_price=line.unit_price.amount,
        extra_digits=line.unit_price.extra_digits,
        total=line.total,
    )
