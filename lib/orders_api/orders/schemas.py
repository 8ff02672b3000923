"""The shapes that the calls on orders take and give (contract, section 4)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from lib.orders_api.domain.statuses import CancelReason, FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.domain.wire import (
    Country,
    CurrencyCode,
    Email,
    LongText,
    MoneyInput,
    OptionalWord,
    OrderNumber,
    Reason,
    RequestModel,
    TimeInput,
    UtcTime,
    WireModel,
    Word,
)

MAX_LINE_ITEMS = 200
MAX_QUANTITY = 100_000


class AddressCreate(RequestModel):
    """An address as it is sent; a name or a postal code may be empty where there is none."""

    first_name: OptionalWord
    last_name: OptionalWord
    line1: Word
    line2: OptionalWord | None = None
    city: Word
    region: OptionalWord | None = None
    postal_code: OptionalWord
    country: Country


class LineItemCreate(RequestModel):
    """A line item as it is sent."""

    sku: Word
    name: Word
    quantity: Annotated[int, Field(strict=True, ge=1, le=MAX_QUANTITY)]
    unit_price: MoneyInput


class OrderCreate(RequestModel):
    """The body of `create`, and each line of `import --format jsonl`."""

    email: Email
    currency: CurrencyCode
    items: Annotated[list[LineItemCreate], Field(min_length=1, max_length=MAX_LINE_ITEMS)]
    shipping_address: AddressCreate
    order_number: OrderNumber | None = None
    customer_id: Word | None = None
    phone: OptionalWord | None = None
    billing_address: AddressCreate | None = None
    shipping_total: MoneyInput = "0"
    tax_total: MoneyInput = "0"
    tax_included: Annotated[bool, Field(strict=True)] = False
    discount_total: MoneyInput = "0"
    subtotal: MoneyInput | None = None
    grand_total: MoneyInput | None = None
    tracking_token: UUID | None = None
    status: OrderStatus = OrderStatus.PENDING
    payment_status: PaymentStatus | None = None
    fulfillment_status: FulfillmentStatus | None = None
    carrier: Word | None = None
    tracking_number: Word | None = None
    created_at: TimeInput | None = None


class OrderCancel(RequestModel):
    """The body of `cancel`; all of it may be left out."""

    reason: CancelReason = CancelReason.OTHER
    note: LongText | None = None
    notify: Annotated[bool, Field(strict=True)] = True


class StatusChange(RequestModel):
    """The body of `set_status`."""

    status: OrderStatus
    carrier: Word | None = None
    tracking_number: Word | None = None
    note: LongText | None = None


class NoteCreate(RequestModel):
    """The body of `add_note`."""

    text: LongText


class Reveal(RequestModel):
    """The body of `reveal`: why contact data have to be seen."""

    reason: Reason


class Resent(WireModel):
    """The answer to `resend_confirmation`."""

    message: str = "The confirmation is on its way to the order's email address again."


class Address(WireModel):
    """An address as it is given; masked parts are stars."""

    first_name: str
    last_name: str
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str
    country: str


class LineItem(WireModel):
    """A line item."""

    sku: str
    name: str
    quantity: int
    unit_price: str
    total: str


class OrderListItem(WireModel):
    """An order in a list."""

    order_number: str
    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    currency: str
    grand_total: str
    item_count: int
    customer_name: str
    email_masked: str
    shipping_city: str
    shipping_country: str
    created_at: UtcTime
    updated_at: UtcTime


class OrderPage(WireModel):
    """A page of orders with the exact total."""

    items: list[OrderListItem]
    total: int
    page: int
    total_pages: int


class OrderDetail(OrderListItem):
    """A whole order; `contact_masked` tells whether contact data are stars."""

    customer_id: str | None
    email: str
    phone: str | None
    items: list[LineItem]
    subtotal: str
    discount_total: str
    shipping_total: str
    tax_total: str
    tax_included: bool
    shipping_address: Address
    billing_address: Address
    tracking_number: str | None
    carrier: str | None
    cancel_reason: CancelReason | None
    contact_masked: bool
    tracking_token: str | None


class TimelineItem(WireModel):
    """Something that happened to an order."""

    at: UtcTime
    actor: str
    kind: str
    detail: str


class Timeline(WireModel):
    """All that happened to an order, newest first."""

    items: list[TimelineItem]
