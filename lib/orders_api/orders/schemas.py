"""The shapes that the calls on orders take and give (contract, section 4)."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from lib.orders_api.domain.statuses import CancelReason, FulfillmentStatus, OrderStatus, PaymentStatus, Source
from lib.orders_api.domain.wire import (
    Country,
    CurrencyCode,
    CustomerNote,
    Email,
    Locale,
    LongName,
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

MAX_LINE_ITEMS = 1000
MAX_QUANTITY = 100_000
MAX_ID = 2**63 - 1


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
    name: LongName
    quantity: Annotated[int, Field(strict=True, ge=1, le=MAX_QUANTITY)]
    unit_price: MoneyInput


class OrderCreate(RequestModel):
    """The body of `create`."""

    source: ClassVar[Source] = Source.API

    currency: CurrencyCode
    items: Annotated[list[LineItemCreate], Field(min_length=1, max_length=MAX_LINE_ITEMS)]
    email: Email | None = None
    shipping_address: AddressCreate | None = None
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
    locale: Locale | None = None


class AddressImport(AddressCreate):
    """An address as another system has it: of a download's buyer it may know no more than the country."""

    line1: OptionalWord
    city: OptionalWord


class LineItemImport(LineItemCreate):
    """A line item as another system has it: the line's total counts where the unit price is a rounded one."""

    total: MoneyInput | None = None


class OrderImport(OrderCreate):
    """An order as another system has it, with what `create` does not take.

    Each line of `import --format jsonl` is one, and importers of other files make one of what they read.
    """

    source: ClassVar[Source] = Source.IMPORT

    items: Annotated[list[LineItemImport], Field(min_length=1, max_length=MAX_LINE_ITEMS)]  # type: ignore[assignment]  # of a body nothing is ever changed
    shipping_address: AddressImport | None = None
    billing_address: AddressImport | None = None
    customer_name: OptionalWord | None = None
    """Of an order in none of whose addresses there is a name."""
    customer_note: CustomerNote | None = None
    tags: list[Word] = Field(default_factory=list)
    shipping_method: Word | None = None
    refunded_total: MoneyInput | None = None
    duties_total: MoneyInput | None = None
    cancel_reason: CancelReason | None = None


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


class NotePin(RequestModel):
    """The body of `pin_note`: which note of the order, and whether it is to be pinned."""

    id: Annotated[int, Field(strict=True, ge=0, le=MAX_ID)]
    pinned: Annotated[bool, Field(strict=True)]


class Reveal(RequestModel):
    """The body of `reveal`: why contact data have to be seen."""

    reason: Reason


class ContactChange(RequestModel):
    """The body of `change_contact`: what is right, and why it is changed; what is left out stays."""

    email: Email | None = None
    phone: Word | None = None
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
    customer_name: str | None
    email_masked: str | None
    shipping_city: str | None
    shipping_country: str | None
    created_at: UtcTime
    updated_at: UtcTime


class OrderPage(WireModel):
    """A page of orders with the exact total."""

    items: list[OrderListItem]
    total: int
    page: int
    total_pages: int


class RelatedOrders(WireModel):
    """The newest other orders of an order's customer, and how many there are in all.

    They are known by the account, else by the order's email; by nothing where it has neither.
    """

    items: list[OrderListItem]
    total: int
    matched_by: Literal["account", "email"] | None


class OrderDetail(OrderListItem):
    """A whole order; `contact_masked` tells whether contact data are stars."""

    customer_id: str | None
    email: str | None
    phone: str | None
    items: list[LineItem]
    subtotal: str
    discount_total: str
    shipping_total: str
    tax_total: str
    tax_included: bool
    duties_total: str | None
    refunded_total: str | None
    shipping_address: Address | None
    billing_address: Address | None
    shipping_method: str | None
    tracking_number: str | None
    carrier: str | None
    cancel_reason: CancelReason | None
    customer_note: str | None
    tags: list[str]
    source: Source
    contact_masked: bool
    tracking_token: str | None


class TimelineItem(WireModel):
    """Something that happened to an order."""

    at: UtcTime
    actor: str
    kind: str
    detail: str


class Note(TimelineItem):
    """A note of the timeline, as it is told where pins are asked for."""

    id: int
    pinned: bool


class Timeline(WireModel):
    """All that happened to an order, newest first."""

    items: list[Note | TimelineItem]


class TimelineQuery(RequestModel):
    """What the timeline is to tell beside the contract's keys: which notes are pinned."""

    include: Literal["pins"] | None = None
