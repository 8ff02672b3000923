"""WooCommerce's statuses and sums in our words: what its exports and its API have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lib.orders_api.domain.money import currency_digits, format_minor_units, unit_price_of
from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Statuses
from lib.orders_api.importing.kinds.fields import Address, money, plain
from lib.orders_api.importing.kinds.shop_order import Item, Stated

ON_DELIVERY = "cod"
CHANGED = "perhaps the order was changed after it was placed"
PLACES = 2

_ORDER = {
    "pending": OrderStatus.PENDING,
    "on-hold": OrderStatus.PENDING,
    "failed": OrderStatus.PENDING,
    "processing": OrderStatus.CONFIRMED,
    # Shops complete an order when they hand it to the carrier; whether it has arrived, the export can't know.
    "completed": OrderStatus.SHIPPED,
    "cancelled": OrderStatus.CANCELLED,
    "refunded": OrderStatus.REFUNDED,
}
_NO_ORDERS = ("checkout-draft", "auto-draft", "trash")
_SENT = (OrderStatus.SHIPPED, OrderStatus.DELIVERED)


@dataclass(frozen=True)
class Line:
    """A line item or fee: `total` after and `subtotal` before discounts, in minor units, without taxes."""

    name: str
    sku: str
    quantity: int
    total: int
    subtotal: int


def address(country_name: str, given: Callable[[str], str]) -> Address:
    """Return an address of its parts; `country_name` is what messages call its country."""
    return Address(
        country_name=country_name,
        country=given("country"),
        first_name=given("first_name"),
        last_name=given("last_name"),
        company=given("company"),
        line1=given("address_1"),
        line2=given("address_2"),
        city=given("city"),
        region=given("state"),
        postal_code=given("postcode"),
    )


def own_status(word: str) -> str:
    """Return a status as shops write it, `processing` or `wc-processing`, in one form."""
    return word.casefold().removeprefix("wc-")


def statuses(
    word: str, others: Mapping[str, OrderStatus], *, paid: bool, refunded: bool, on_delivery: bool
) -> Statuses:
    """Return where an order stands.

    Args:
        word: such as `processing` or `wc-processing`.
        others: what the statuses of plugins mean, by `own_status`; they go before WooCommerce's own.
        paid: whether the shop says when it was paid.
        refunded: whether some of it was paid back.
        on_delivery: whether it is paid to the carrier.

    Raises:
        RowRejectedError: nobody said what the word means, or it is not that of an order.
    """
    word = own_status(word)
    order = others.get(word) or _ORDER.get(word)
    if order is None and word in _NO_ORDERS:
        raise RowRejectedError(f"status: {word} is no order")
    if order is None:
        shown = word if word.isprintable() and 0 < len(word) <= 40 else "…"
        raise RowRejectedError(
            f"status: none of {', '.join(_ORDER)}; what a plugin's own means is said with"
            f" --status wc-{shown}=SHIPPED"
        )
    fulfillment = FulfillmentStatus.FULFILLED if order in _SENT else FulfillmentStatus.UNFULFILLED
    return Statuses(order, _payment(word, order, paid, refunded, on_delivery), fulfillment)


def _payment(word: str, order: OrderStatus, paid: bool, refunded: bool, on_delivery: bool) -> PaymentStatus:
    if word == "failed":
        return PaymentStatus.FAILED
    if order is OrderStatus.REFUNDED:
        return PaymentStatus.REFUNDED
    if refunded:
        return PaymentStatus.PARTIALLY_REFUNDED
    if order is OrderStatus.CANCELLED:
        return PaymentStatus.PAID if paid else PaymentStatus.VOIDED
    if order is OrderStatus.PENDING or (order not in _SENT and on_delivery and not paid):
        return PaymentStatus.PENDING
    return PaymentStatus.PAID


def priced(
    lines: Sequence[Line], fees: Sequence[Line], currency: str, *, total: int, shipping: int, taxes: int
) -> tuple[list[Item], Stated, list[str]]:
    """Return the line items, the sums, and what is to be said of them.

    A fee is a line item of its own, and a discount where it is negative.
    """
    if not lines:
        raise RowRejectedError("line_items: the order has no line item")
    added = [fee for fee in fees if fee.total > 0]
    items = [_item(line, currency) for line in (*lines, *added)]
    given = sum(line.subtotal - line.total for line in lines)
    given -= sum(fee.total for fee in fees if fee.total < 0)
    # WooCommerce writes two places, whatever the currency has.
    rounding = 10 ** max(currency_digits(currency) - PLACES, 0)
    stated = Stated(
        items=sum(item.total for item in items),
        lines=(len(items) + 1) * rounding,
        total=total,
        discount=max(given, 0),
        shipping=shipping,
        taxes=taxes,
        tax_included=False,  # line items are without taxes, whatever the shop shows
    )
    return items, stated, [_fee(fee, currency) for fee in fees if fee.total]


def _item(line: Line, currency: str) -> Item:
    price = unit_price_of(line.subtotal, line.quantity)
    digits = currency_digits(currency) + price.extra_digits
    shown = format_minor_units(price.amount, digits)
    return Item(line.sku, line.name, line.quantity, shown, line.subtotal, is_rounded=price.extra_digits > 0)


def _fee(fee: Line, currency: str) -> str:
    what = "A fee" if fee.total > 0 else "A deduction"
    return f"{what} of {money(abs(fee.total), currency)} is in the total: {plain(fee.name)}."
