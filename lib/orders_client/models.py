"""Orders as the API gives and takes them; statuses are plain text, so that a new one can be shown."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field, ValidationInfo, model_validator

from ._fields import (
    Count,
    Flag,
    Model,
    Money,
    Secret,
    SecretOrNull,
    TextOrNone,
    Time,
    with_computed,
    with_page_numbers,
)


class Address(Model):
    """An address; masked parts are stars, and parts that are not given are None."""

    first_name: str | None = None
    last_name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


class LineItem(Model):
    """One article of an order; `total` is quantity × unit price, in the order's currency."""

    sku: str | None = None
    name: str
    quantity: Count
    unit_price: Money | None = None
    total: Money | None = None


class OrderListItem(Model):
    """An order in a list; money is in `currency`, times are in UTC, and what is not given is None.

    What a shop's API leaves out and what follows from the rest is filled in: the number of items, the name
    and the place from the address, the masked email from the email.
    """

    order_number: str
    status: str
    payment_status: str | None = None
    fulfillment_status: str | None = None
    currency: str | None = None
    grand_total: Money | None = None
    item_count: Count | None = None
    customer_name: SecretOrNull = None
    email_masked: str | None = None
    shipping_city: str | None = None
    shipping_country: str | None = None
    created_at: Time
    updated_at: Time | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        return with_computed(data) if isinstance(data, dict) else data


class OrderPage(Model):
    """A page of orders; `total` is exact, and a page past the end is empty."""

    items: tuple[OrderListItem, ...]
    total: Count
    page: Count
    total_pages: Count

    @model_validator(mode="before")
    @classmethod
    def _number_pages(cls, data: Any, info: ValidationInfo) -> Any:
        asked = info.context
        return with_page_numbers(data, **asked) if asked and isinstance(data, dict) else data


class RelatedOrders(Model):
    """The newest of the other orders of a customer, `total` in all, known by `account`, `email` or None."""

    items: tuple[OrderListItem, ...]
    total: Count
    matched_by: str | None = None


class OrderDetail(OrderListItem):
    """A whole order; contact data are stars where `contact_masked`, and then there is no tracking token.

    `email` is None where the shop has none (a till's or a phone order), addresses where the order has none
    (pickup, download). For staff who see contact data in the clear for a while, `contact_shown_until`
    says until when, and `contact_shown_by` whether by `CONTACT_REVEALED` or `GUEST_VERIFIED` (in headers).
    """

    currency: str
    grand_total: Money
    customer_id: str | None = None
    email: SecretOrNull = None
    phone: SecretOrNull = None
    items: tuple[LineItem, ...]
    subtotal: Money | None = None
    discount_total: Money | None = None
    shipping_total: Money | None = None
    tax_total: Money | None = None
    tax_included: Flag | None = None
    refunded_total: Money | None = None
    duties_total: Money | None = None
    shipping_address: Address | None = Field(default=None, repr=False)
    billing_address: Address | None = Field(default=None, repr=False)
    tracking_number: str | None = None
    carrier: str | None = None
    shipping_method: str | None = None
    cancel_reason: str | None = None
    customer_note: SecretOrNull = None
    tags: tuple[str, ...] | None = None
    source: str | None = None
    contact_masked: Flag | None = None
    tracking_token: SecretOrNull = None
    contact_shown_until: Time | None = None
    contact_shown_by: str | None = None
    caller_verified_until: Time | None = None


class SeenBy(Model):
    """The headers that tell until when contact data are shown, by what, and the caller is verified."""

    contact_shown_until: Time | None = None
    contact_shown_by: str | None = None
    caller_verified_until: Time | None = None


class TrackedOrder(Model):
    """What whoever holds a tracking link may see; it has no field for a name, a street or a whole email."""

    order_number: str
    status: str
    payment_status: str | None = None
    fulfillment_status: str | None = None
    currency: str
    grand_total: Money
    email_masked: str | None = None
    shipping_city: str | None = None
    shipping_country: str | None = None
    items: tuple[LineItem, ...]
    created_at: Time


class AccessGrant(Model):
    """A guest's way into one order, read only, for `expires_in` seconds."""

    access_token: Secret = Field(min_length=1)
    expires_in: Count
    order: OrderDetail


class TimelineEntry(Model):
    """Something that happened to an order: `actor` is such as `staff:sam`, `kind` such as `NOTE`.

    `id` and `pinned` are of notes, where pins were asked for.
    """

    at: Time
    actor: str
    kind: str
    detail: TextOrNone
    id: int | None = None
    pinned: bool = False


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

    currency: str
    items: tuple[NewLineItem, ...]
    email: SecretOrNull = None
    shipping_address: Address | None = Field(default=None, repr=False)
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
