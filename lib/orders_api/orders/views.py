"""Shows orders as the contract's shapes, masked where the viewer may not see contact data."""

from typing import Any

from sqlalchemy import Row

from lib.orders_api.domain.countries import known_country
from lib.orders_api.domain.masking import STARS, mask_email, mask_phone, mask_text
from lib.orders_api.domain.money import format_minor_units
from lib.orders_api.orders import schemas
from lib.orders_api.store.tables.orders import Order, OrderAddress, TimelineEntry

LISTED = (
    "order_number",
    "status",
    "payment_status",
    "fulfillment_status",
    "currency",
    "item_count",
    "created_at",
    "updated_at",
)
LIST_COLUMNS = (
    *LISTED,
    "customer_name",
    "email",
    "shipping_city",
    "shipping_country",
    "grand_total",
    "currency_digits",
    "id",
    "order_number_key",
)
"""What `list_item` and the audit log read of an order."""

ListedOrder = Row[Any]
"""An order of which LIST_COLUMNS alone were read."""


def list_item(order: ListedOrder) -> schemas.OrderListItem:
    """Show an order in a list."""
    return schemas.OrderListItem(**listed(order))


def order_detail(order: Order, contact_masked: bool) -> schemas.OrderDetail:
    """Show a whole order; needs its line items and addresses to be loaded."""
    addresses = {address.kind: _address(address, contact_masked) for address in order.addresses}
    return schemas.OrderDetail(
        **listed(order),
        customer_id=order.customer_id,
        email=mask_email(order.email) if contact_masked else order.email,
        phone=mask_phone(order.phone) if contact_masked else order.phone,
        items=line_items(order),
        subtotal=_money(order, order.subtotal),
        discount_total=_money(order, order.discount_total),
        shipping_total=_money(order, order.shipping_total),
        tax_total=_money(order, order.tax_total),
        tax_included=order.tax_included,
        duties_total=_known_money(order, order.duties_total),
        refunded_total=_known_money(order, order.refunded_total),
        shipping_address=addresses.get("shipping"),
        billing_address=addresses.get("billing"),
        shipping_method=order.shipping_method,
        tracking_number=order.tracking_number,
        carrier=order.carrier,
        cancel_reason=order.cancel_reason,
        customer_note=order.customer_note,
        tags=order.tags.split("\n") if order.tags else [],
        source=order.source,
        contact_masked=contact_masked,
        tracking_token=None if contact_masked else order.tracking_token,
    )


def line_items(order: Order) -> list[schemas.LineItem]:
    """Show an order's line items."""
    return [
        schemas.LineItem(
            sku=item.sku,
            name=item.name,
            quantity=item.quantity,
            unit_price=format_minor_units(item.unit_price, order.currency_digits + item.extra_digits),
            total=_money(order, item.total),
        )
        for item in order.items
    ]


def timeline_item(entry: TimelineEntry, pins: bool = False) -> schemas.TimelineItem:
    """Show an entry of the timeline; with `pins`, a note tells whether it is pinned."""
    told = {"at": entry.at, "actor": entry.actor, "kind": entry.kind, "detail": entry.detail}
    if pins and entry.kind == "NOTE":
        return schemas.Note(**told, id=entry.id, pinned=entry.pinned)
    return schemas.TimelineItem(**told)


def listed(order: Order | ListedOrder) -> dict[str, Any]:
    """Return what a list shows of an order, by the names of OrderListItem."""
    return {
        **{name: getattr(order, name) for name in LISTED},
        "grand_total": _money(order, order.grand_total),
        "customer_name": order.customer_name or None,
        "email_masked": mask_email(order.email),
        "shipping_city": order.shipping_city or None,
        "shipping_country": known_country(order.shipping_country),
    }


def _address(address: OrderAddress, contact_masked: bool) -> schemas.Address:
    return schemas.Address(
        first_name=address.first_name,
        last_name=address.last_name,
        line1=STARS if contact_masked else address.line1,
        line2=mask_text(address.line2) if contact_masked else address.line2,
        city=address.city,
        region=address.region,
        postal_code=(mask_text(address.postal_code) or "") if contact_masked else address.postal_code,
        country=address.country,
    )


def _money(order: Order | ListedOrder, minor_units: int) -> str:
    return format_minor_units(minor_units, order.currency_digits)


def _known_money(order: Order, minor_units: int | None) -> str | None:
    return None if minor_units is None else _money(order, minor_units)
