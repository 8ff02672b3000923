"""Shopify's orders export, and Squarespace's, which has its columns but for the number of the order.

An order has a row a line item; only the first holds the order's own data. Its rows may be apart.
"""

from collections.abc import Sequence

from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Statuses, Times
from lib.orders_api.importing.kinds import fields
from lib.orders_api.importing.kinds.fields import Address, Cells, TimeReader, amount, money
from lib.orders_api.importing.kinds.shop_order import Item, ReadShopOrder, ShopOrder, Stated, item_of, read
from lib.orders_api.importing.sources import Kind

MAX_ROWS = 2000
TIP = "tip"
EDITED = "perhaps the order was edited, or a fee or refund of shipping is in it"
_FULL_ROW = ("Currency", "Subtotal", "Total", "Financial Status")
"""A row with any of these holds the order's own data; `Email` and `Created at` may stand in each row."""
_ITEM = ("Lineitem quantity", "Lineitem name", "Lineitem price")
_PAYMENT = {
    "paid": PaymentStatus.PAID,
    "partially_refunded": PaymentStatus.PARTIALLY_REFUNDED,
    "refunded": PaymentStatus.REFUNDED,
    "voided": PaymentStatus.VOIDED,
    "expired": PaymentStatus.FAILED,
}
_CONFIRMED = ("paid", "partially_paid", "partially_refunded", "refunded")
_PENDING = ("pending", "authorized", "expired", "voided", "unpaid", "")
_SENT = {
    "fulfilled": (OrderStatus.SHIPPED, FulfillmentStatus.FULFILLED),
    "partial": (OrderStatus.PROCESSING, FulfillmentStatus.PARTIALLY_FULFILLED),
    "partially_fulfilled": (OrderStatus.PROCESSING, FulfillmentStatus.PARTIALLY_FULFILLED),
}
_NOT_SENT = (
    *("unfulfilled", "unshipped", "restocked", "pending", "open", "scheduled", "on_hold", "in_progress", ""),
    *("pending_fulfillment", "request_declined", "not_eligible", "canceled", "cancelled"),
)


class ShopifyCsv(Kind):
    """Shopify's orders export."""

    name = "Shopify's orders export"
    format = "shopify"
    number_column = "Name"
    needed: Sequence[tuple[str, ...]] = (
        *((column,) for column in ("Email", "Financial Status", "Fulfillment Status", "Currency")),
        *((column,) for column in ("Subtotal", "Total", "Created at", *_ITEM)),
        ("Cancelled at", "Canceled at"),
    )
    """The columns without which nothing can be told, in all the ways in which they may be written."""

    def __init__(self, reader: TimeReader) -> None:
        self.reader = reader

    def number(self, cells: Cells) -> str:
        return fields.order_number(cells[self.number_column], self.number_column)

    def is_full(self, cells: Cells) -> bool:
        return any(cells[column] for column in _FULL_ROW)

    def read(self, full: Cells, rows: Sequence[Cells]) -> ReadShopOrder:
        if len(rows) > MAX_ROWS:
            raise RowRejectedError(f"the order has more than {MAX_ROWS} rows")
        currency = fields.currency(full["Currency"], "Currency")
        times = self._times(full)
        with_items = [row for row in rows if _has_item(row, full)]
        items, said = _items(with_items, currency)
        stated = _stated(full, with_items, items, currency)
        fulfillment = full["Fulfillment Status"]
        if not is_known_fulfillment(fulfillment):
            said.append(f"Fulfillment Status: {fields.plain(fulfillment)} was taken for unfulfilled.")
        if stated.duties:
            said.append(f"Duties of {money(stated.duties, currency)} are in the total.")
        order = ShopOrder(
            number=full[self.number_column],
            currency=currency,
            items=items,
            stated=stated,
            perhaps=EDITED,
            reached=statuses(
                full["Financial Status"], fulfillment, times.cancelled is not None, "Financial Status"
            ),
            times=times,
            shipping=_address(full, "Shipping"),
            billing=_address(full, "Billing"),
            phone=fields.phone(full["Phone"], full["Shipping Phone"], full["Billing Phone"]),
            email=full["Email"],
            note=fields.note(full["Notes"]),
            tags=fields.tags(full["Tags"].split(",")),
            shipping_method=full["Shipping Method"],
            refunded=_either(full, currency, "Refunded Amount", "Amount Refunded"),
            remarks=said,
        )
        return read(order, self.reader.now)

    def _times(self, full: Cells) -> Times:
        paid, fulfilled, cancelled, canceled = (
            self.reader.read(full[column], column)
            for column in ("Paid at", "Fulfilled at", "Cancelled at", "Canceled at")
        )
        created = self.reader.needed(full["Created at"], "Created at")
        return Times(created, paid, fulfilled, cancelled or canceled)


class SquarespaceCsv(ShopifyCsv):
    """Squarespace's orders export."""

    name = "Squarespace's orders export"
    number_column = "Order ID"


def _has_item(row: Cells, full: Cells) -> bool:
    if any(row[column] for column in _ITEM):
        return True
    if row is full:
        return False
    raise RowRejectedError("a row with neither a line item nor the order's own data")


def _items(rows: Sequence[Cells], currency: str) -> tuple[list[Item], list[str]]:
    """Return the line items, and what is to be said of them."""
    items, said = [], []
    for row in rows:
        name = fields.plain(row["Lineitem name"])
        quantity = fields.quantity(row["Lineitem quantity"], "Lineitem quantity")
        if not quantity:
            said.append(f"{name} is left out: its quantity is 0, so it was removed from the order.")
            continue
        variant = fields.plain(row["Lineitem variant"])
        item = item_of(
            row["Lineitem sku"],
            f"{name} - {variant}" if variant else name,
            quantity,
            row["Lineitem price"],
            "Lineitem price",
            currency,
        )
        if is_tip(item):
            said.append(f"A tip of {money(item.total, currency)} is in the total.")
        items.append(item)
    if not items:
        raise RowRejectedError("Lineitem quantity: the order has no line item")
    return items, said


def is_tip(item: Item) -> bool:
    """Return whether a line item is a tip, which Shopify counts in the total, but not in the subtotal."""
    return item.name.casefold() == TIP and item.sku == ""


def _stated(full: Cells, rows: Sequence[Cells], items: Sequence[Item], currency: str) -> Stated:
    def given(column: str) -> int:
        return amount(full[column], column, currency)

    discounts = sum(amount(row["Lineitem discount"], "Lineitem discount", currency) for row in rows)
    bought = sum(item.total for item in items)
    subtotal = amount(full["Subtotal"], "Subtotal", currency, needed=True)
    taken_off = bought - sum(item.total for item in items if is_tip(item)) - subtotal
    # Discounts of single lines are part of Discount Amount, but in some exports stand beside it.
    possible = (given("Discount Amount"), given("Discount Amount") + discounts)
    return Stated(
        items=bought,
        lines=len(items),
        total=amount(full["Total"], "Total", currency, needed=True),
        discount=min(possible, key=lambda discount: abs(taken_off - discount)),
        shipping=given("Shipping"),
        duties=given("Duties"),
        taxes=given("Taxes"),
    )


def _either(full: Cells, currency: str, *columns: str) -> int:
    return next((amount(full[column], column, currency) for column in columns if full[column]), 0)


def _address(full: Cells, kind: str) -> Address:
    first, last = fields.split_name(full[f"{kind} Name"])
    return Address(
        country_name=f"{kind} Country",
        country=full[f"{kind} Country"],
        first_name=first,
        last_name=last,
        company=full[f"{kind} Company"],
        line1=full[f"{kind} Address1"] or full[f"{kind} Street"],
        line2=full[f"{kind} Address2"],
        city=full[f"{kind} City"],
        region=full[f"{kind} Province"],
        postal_code=full[f"{kind} Zip"],
    )


def statuses(financial: str, fulfillment: str, cancelled: bool, name: str) -> Statuses:
    """Return where an order stands; `name` is what the field of `financial` is called.

    Raises:
        RowRejectedError: nobody knows this word for a payment.
    """
    paid, sent = _word(financial), _word(fulfillment)
    if paid not in _CONFIRMED and paid not in _PENDING:
        known = ", ".join(word for word in dict.fromkeys((*_CONFIRMED, *_PENDING)) if word)
        raise RowRejectedError(f"{name}: none of {known}")
    by_sending, fulfilled = _SENT.get(sent, (None, FulfillmentStatus.UNFULFILLED))
    if cancelled:
        order = OrderStatus.CANCELLED
    elif paid == "refunded":
        order = OrderStatus.REFUNDED
    else:
        order = by_sending or (OrderStatus.PENDING if paid in _PENDING else OrderStatus.CONFIRMED)
    return Statuses(order, _PAYMENT.get(paid, PaymentStatus.PENDING), fulfilled)


def is_known_fulfillment(word: str) -> bool:
    """Return whether Shopify has this word for how much of an order was sent."""
    return _word(word) in _SENT or _word(word) in _NOT_SENT


def _word(text: str) -> str:
    return text.casefold().replace(" ", "_")
