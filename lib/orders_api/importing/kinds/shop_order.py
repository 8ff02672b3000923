"""An order as another system tells it, in our words, and its sums; every kind but our own makes one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from lib.orders_api.domain.money import to_decimal_string, to_unit_price
from lib.orders_api.domain.wire import format_time
from lib.orders_api.importing.errors import RowRejectedError, reason_of
from lib.orders_api.importing.history import Statuses, Times, remarks, timeline
from lib.orders_api.importing.kinds.fields import NO_SKU, Address, Phone, decimal, locale, money, plain
from lib.orders_api.importing.sources import ReadOrder
from lib.orders_api.orders.creating import PlainOrder
from lib.orders_api.orders.schemas import OrderImport
from lib.orders_api.store.tables.orders import TimelineEntry


@dataclass(frozen=True)
class Stated:
    """What a shop says, in minor units."""

    items: int
    """All line items together, before discounts."""
    lines: int
    """How many line items there are: each may have been rounded."""
    total: int
    discount: int = 0
    shipping: int = 0
    duties: int = 0
    taxes: int = 0
    tax_included: bool | None = None
    """Whether prices hold the taxes; None: the total says which."""


@dataclass(frozen=True)
class Kept:
    """What the store keeps beside what was stated."""

    discount: int
    tax_included: bool
    adjustment: int
    """What the total has more than its parts."""


def settle(stated: Stated) -> Kept:
    """Return the sums to keep, so that the total is the shop's own.

    What the shop states is kept as it is. A total that is a unit or so off, as rounding makes it, takes that
    from a discount that was given anyway. Any other difference is kept apart, and said in a remark: nobody
    gave a discount that the shop does not name.
    """
    with_tax_included = stated.total - (stated.items - stated.discount + stated.shipping + stated.duties)
    with_tax_added = with_tax_included - stated.taxes
    included = stated.tax_included
    if included is None:
        included = abs(with_tax_included) < abs(with_tax_added)
    gap = with_tax_included if included else with_tax_added
    if is_rounding(stated, gap) and stated.discount >= gap and stated.discount:
        return Kept(stated.discount - gap, included, 0)
    return Kept(stated.discount, included, gap)


def is_rounding(stated: Stated, gap: int) -> bool:
    """Return whether a difference can come from rounding line by line."""
    return abs(gap) <= stated.lines


def remark(stated: Stated, kept: Kept, currency: str, perhaps: str) -> str | None:
    """Say what a total has more or less than its parts; None where it has neither."""
    gap = kept.adjustment
    if not gap:
        return None
    by = f"{money(abs(gap), currency)} {'more' if gap > 0 else 'less'}"
    whole = money(stated.total, currency)
    why = "rounding" if is_rounding(stated, gap) else perhaps
    return f"The shop's total, {whole}, is {by} than its parts add up to: {why}."


@dataclass(frozen=True)
class Item:
    """A line item, with its total in minor units."""

    sku: str
    name: str
    quantity: int
    unit_price: str
    total: int
    is_rounded: bool = False
    """Whether the total counts, and the unit price is what comes of sharing it out."""


def item_of(sku: str, name: str, quantity: int, price: str, field: str, currency: str) -> Item:
    """Return a line item by its unit price, as it stands in a field of this name.

    Raises:
        RowRejectedError: the price is none.
    """
    text = decimal(price, field)
    try:
        total = to_unit_price(text, currency).times(quantity)
    except ValueError as error:
        raise RowRejectedError(f"{field}: {error}") from None
    return Item(sku, name, quantity, text, total)


@dataclass(frozen=True)
class ShopOrder:
    """What a system tells of an order; amounts in minor units, texts as they were."""

    number: str
    currency: str
    items: Sequence[Item]
    stated: Stated
    perhaps: str
    """What a total that its parts don't explain may come from."""
    reached: Statuses
    times: Times
    shipping: Address
    billing: Address
    phone: Phone
    email: str = ""
    locale: str = ""
    customer_id: str | None = None
    note: str | None = None
    tags: Sequence[str] = ()
    shipping_method: str = ""
    carrier: str = ""
    tracking_number: str = ""
    refunded: int = 0
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class ReadShopOrder(ReadOrder):
    """A shop's order."""

    order: ShopOrder
    kept: Kept
    body: OrderImport
    now: datetime
    remarks: list[str] = field(default_factory=list)

    @property
    def adjustment(self) -> int:
        return self.kept.adjustment

    def updated_at(self, order: PlainOrder) -> datetime:
        return self.order.times.last

    def events(self, order: PlainOrder) -> list[TimelineEntry]:
        return [*timeline(self.order.reached, self.order.times), *remarks(self.remarks, order.updated_at)]


def read(order: ShopOrder, now: datetime) -> ReadShopOrder:
    """Check an order, and decide how its sums are kept.

    Raises:
        RowRejectedError: it can't be right.
    """
    kept = settle(order.stated)
    try:
        body = OrderImport.model_validate(_body(order, kept))
    except ValidationError as error:
        raise RowRejectedError(reason_of(error)) from None
    said = list(order.remarks)
    if unexplained := remark(order.stated, kept, order.currency, order.perhaps):
        said.append(unexplained)
    if order.phone.lost:
        said.append(f"No phone: a spreadsheet made {order.phone.lost} of it.")
    return ReadShopOrder(order, kept, body, now, said)


def _body(order: ShopOrder, kept: Kept) -> dict[str, object]:
    def money(minor_units: int) -> str:
        return to_decimal_string(minor_units, order.currency)

    stated = order.stated
    return {
        "orderNumber": order.number,
        "currency": order.currency,
        "items": [_item(item, order.currency) for item in order.items],
        "discountTotal": money(kept.discount),
        "shippingTotal": money(stated.shipping),
        "taxTotal": money(stated.taxes),
        "taxIncluded": kept.tax_included,
        "dutiesTotal": money(stated.duties) if stated.duties else None,
        "refundedTotal": money(order.refunded) if order.refunded else None,
        "status": order.reached.order,
        "paymentStatus": order.reached.payment,
        "fulfillmentStatus": order.reached.fulfillment,
        "createdAt": format_time(order.times.created),
        "email": order.email or None,
        "locale": locale(order.locale),
        "phone": order.phone.number,
        "customerId": order.customer_id,
        "customerName": order.shipping.name or order.billing.name or None,
        "shippingAddress": order.shipping.as_body(order.billing),
        "billingAddress": order.billing.as_body(order.shipping),
        "customerNote": order.note,
        "tags": list(order.tags),
        "shippingMethod": plain(order.shipping_method) or None,
        "carrier": plain(order.carrier) or None,
        "trackingNumber": plain(order.tracking_number) or None,
    }


def _item(item: Item, currency: str) -> dict[str, object]:
    return {
        "sku": plain(item.sku) or NO_SKU,
        "name": plain(item.name),
        "quantity": item.quantity,
        "unitPrice": item.unit_price,
        "total": to_decimal_string(item.total, currency) if item.is_rounded else None,
    }
