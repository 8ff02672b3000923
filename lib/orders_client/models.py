"""Orders as the API gives and takes them; statuses are plain text, so that a new one can be shown."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from pydantic import AwareDatetime, Field

from lib.orders_client._fields import Count, Flag, Model, Money, Secret, SecretOrNull, TextOrNone, Time


class Address(Model):
    """An address; masked parts are stars, and parts that there are none of are empty."""

    first_name: TextOrNone
    last_name: TextOrNone
    line1: TextOrNone
    line2: str | None = None
    city: TextOrNone
    region: str | None = None
    postal_code: TextOrNone
    country: str


class LineItem(Model):
    """One article of an order; `total` is quantity × unit price, in the order's currency."""

    sku: str
    name: str
    quantity: Count
    unit_price: Money
    total: Money


class OrderListItem(Model):
    """An order in a list; money is in `currency`, times are in UTC."""

    order_number: str
    status: str
    payment_status: str
    fulfillment_status: str
    currency: str
    grand_total: Money
    item_count: Count
    customer_name: Secret
    email_masked: str
    shipping_city: str
    shipping_country: str
    created_at: Time
    updated_at: Time


class OrderPage(Model):
    """A page of orders; `total` is exact, and a page past the end is empty."""

    items: tuple[OrderListItem, ...]
    total: Count
    page: Count
    total_pages: Count


class OrderDetail(OrderListItem):
    """A whole order; contact data are stars where `contact_masked`, and then there is no tracking token.

    For staff who see them in the clear for a while, `contact_shown_until` says until when, and
    `contact_shown_by` whether by `CONTACT_REVEALED` or `GUEST_VERIFIED`; both come in headers.
    """

    customer_id: str | None = None
    email: Secret
    phone: SecretOrNull = None
    items: tuple[LineItem, ...]
    subtotal: Money
    discount_total: Money
    shipping_total: Money
    tax_total: Money
    tax_included: Flag
    shipping_address: Address = Field(repr=False)
    billing_address: Address | None = Field(default=None, repr=False)
    tracking_number: str | None = None
    carrier: str | None = None
    cancel_reason: str | None = None
    contact_masked: Flag
    tracking_token: SecretOrNull = None
    contact_shown_until: Time | None = None
    contact_shown_by: str | None = None


class ContactShown(Model):
    """The headers that tell until when contact data are shown, and why."""

    until: Time
    by: str


class TrackedOrder(Model):
    """What whoever holds a tracking link may see; it has no field for a name, a street or a whole email."""

    order_number: str
    status: str
    payment_status: str
    fulfillment_status: str
    currency: str
    grand_total: Money
    email_masked: str
    shipping_city: str
    shipping_country: str
    items: tuple[LineItem, ...]
    created_at: Time


class AccessGrant(Model):
    """A guest's way into one order, read only, for `expires_in` seconds."""

    access_token: Secret = Field(min_length=1)
    expires_in: Count
    order: OrderDetail


class TimelineEntry(Model):
    """Something that happened to an order: `actor` is such as `staff:sam`, `kind` such as `NOTE`."""

    at: Time
    actor: str
    kind: str
    detail: TextOrNone


class Timeline(Model):
    """All that happened to an order, newest first."""

    items: tuple[TimelineEntry, ...]


class NewLineItem(Model):
    """An article of an order to be made."""

    sku: str
    name: str
    quantity: int
    unit_price: Decimal


class NewOrder(Model):
    """An order to be made (contract, section 4, Bodies); what is None is left to the store."""

    email: Secret
    currency: str
    items: tuple[NewLineItem, ...]
    shipping_address: Address = Field(repr=False)
    order_number: str | None = None
    customer_id: str | None = None
    phone: SecretOrNull = None
    billing_address: Address | None = Field(default=None, repr=False)
    shipping_total: Decimal | None = None
    tax_total: Decimal | None = None
    tax_included: bool | None = None
    discount_total: Decimal | None = None
    subtotal: Decimal | None = None
    grand_total: Decimal | None = None
    tracking_token: UUID | None = Field(default=None, repr=False)
    status: str | None = None
    payment_status: str | None = None
    fulfillment_status: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    created_at: AwareDatetime | None = None
