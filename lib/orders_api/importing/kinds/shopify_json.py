"""Orders as Shopify's APIs give them: REST, GraphQL, and the JSON Lines of GraphQL's bulk exports."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lib.orders_api.domain.money import to_decimal_string
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Times
from lib.orders_api.importing.kinds import fields
from lib.orders_api.importing.kinds.fields import Address, TimeReader, money
from lib.orders_api.importing.kinds.json_fields import part, parts, snake, text, texts
from lib.orders_api.importing.kinds.shop_order import Item, ReadShopOrder, ShopOrder, Stated, item_of, read
from lib.orders_api.importing.kinds.shopify_csv import EDITED, TIP, is_tip, statuses
from lib.orders_api.importing.sources import Kind

GID = "gid://shopify/"
_PARENT = "__parentId"

Json = Mapping[str, Any]


class ShopifyJson(Kind):
    """Orders of Shopify's REST or GraphQL API; of a bulk export, line items are values of their own."""

    name = "orders from Shopify's API (JSON)"
    format = "shopify"

    def __init__(self, reader: TimeReader) -> None:
        self.reader = reader
        self.never_cancelled = False
        """Whether an order does not even say that it was not cancelled."""

    @staticmethod
    def fits(value: Json) -> bool:
        """Return whether a value is one that this API gives."""
        identity = value.get("id")
        return (
            (isinstance(identity, str) and identity.startswith(GID))
            or _PARENT in value
            or "displayFinancialStatus" in value
            or "financial_status" in value
            or {"line_items", "total_price"} <= value.keys()
        )

    @staticmethod
    def lacks(values: Iterable[Json]) -> list[str]:
        """Return what a query of GraphQL's left out that has to be there."""
        first = next((each for each in values if _PARENT not in each), {})
        if not str(first.get("id", "")).startswith(GID):
            return []
        needed = ("name", "createdAt", "cancelledAt", "displayFinancialStatus", "displayFulfillmentStatus")
        return [name for name in (*needed, "totalPriceSet") if name not in first]

    def number(self, value: Json) -> str:
        return fields.order_number(text(value, "name"), "name")

    def key(self, value: Json) -> str | None:
        identity = value.get(_PARENT) or value.get("id")
        return identity if isinstance(identity, str) and identity.startswith(GID) else super().key(value)

    def is_full(self, value: Json) -> bool:
        return _PARENT not in value

    def read(self, full: Json, rows: Sequence[Json]) -> ReadShopOrder:
        order = snake(full)
        currency = fields.currency(
            text(order, "currency", "currency_code")
            or text(part(part(order, "total_price_set"), "shop_money"), "currency_code"),
            "currency",
        )
        children = [snake(row) for row in rows if _PARENT in row and "quantity" in row]
        items, said = _items([*parts(order, "line_items"), *children], order, currency)
        stated = _stated(order, items, currency)
        if stated.duties:
            said.append(f"Duties of {money(stated.duties, currency)} are in the total.")
        sent = parts(order, "fulfillments")
        tracking = next((each for each in sent if _tracking(each)), {})
        customer = part(order, "customer")
        method = parts(order, "shipping_lines") or [part(order, "shipping_line")]
        times = self._times(order, sent)
        self.never_cancelled = self.never_cancelled or "cancelled_at" not in order
        made = ShopOrder(
            number=self.number(order),
            currency=currency,
            items=items,
            stated=stated,
            perhaps=EDITED,
            reached=statuses(
                text(order, "financial_status", "display_financial_status"),
                text(order, "fulfillment_status", "display_fulfillment_status"),
                times.cancelled is not None,
                "financial_status",
            ),
            times=times,
            shipping=_address(order, "shipping_address"),
            billing=_address(order, "billing_address"),
            phone=fields.phone(
                text(order, "phone"),
                text(part(order, "shipping_address"), "phone"),
                text(part(order, "billing_address"), "phone"),
                text(customer, "phone"),
            ),
            email=text(order, "email", "contact_email"),
            locale=text(order, "customer_locale"),
            customer_id=text(customer, "id").rpartition("/")[2] or None,
            note=fields.note(text(order, "note")),
            tags=fields.tags(texts(order.get("tags"))),
            shipping_method=text(method[0], "title"),
            carrier=text(_tracking(tracking), "tracking_company", "company"),
            tracking_number=text(_tracking(tracking), "tracking_number", "number"),
            refunded=_refunded(order, currency),
            remarks=said,
        )
        return read(made, self.reader.now)

    def _times(self, order: Json, sent: Sequence[Json]) -> Times:
        at = [self.reader.read(text(each, "created_at"), "fulfillments.created_at") for each in sent]
        return Times(
            self.reader.needed(text(order, "created_at"), "created_at"),
            None,
            min((time for time in at if time), default=None),
            self.reader.read(text(order, "cancelled_at"), "cancelled_at"),
        )


def _items(rows: Sequence[Json], order: Json, currency: str) -> tuple[list[Item], list[str]]:
    """Return the line items, and what is to be said of them."""
    items = [item for row in rows if (item := _item(row, currency))]
    tip = _money(order, "total_tip_received", currency)
    if tip and not any(is_tip(item) for item in items) and not any("tip" in row for row in rows):
        items.append(Item("", TIP.capitalize(), 1, to_decimal_string(tip, currency), tip))
    if not items:
        raise RowRejectedError("line_items: the order has no line item")
    tips = [item for item in items if is_tip(item)]
    return items, [f"A tip of {money(item.total, currency)} is in the total." for item in tips]


def _item(row: Json, currency: str) -> Item | None:
    quantity = fields.quantity(text(row, "quantity"), "quantity")
    if not quantity:
        return None
    price = text(row, "price", "original_unit_price") or _set(row, "original_unit_price")
    return item_of(text(row, "sku"), text(row, "name", "title"), quantity, price, "price", currency)


def _stated(order: Json, items: Sequence[Item], currency: str) -> Stated:
    included = order.get("taxes_included")
    lines = parts(order, "shipping_lines")
    shipping = _money(order, "total_shipping_price", currency) or sum(
        fields.amount(text(line, "price"), "shipping_lines", currency) for line in lines
    )
    return Stated(
        items=sum(item.total for item in items),
        lines=len(items),
        total=_money(order, "total_price", currency, needed=True),
        discount=_money(order, "total_discounts", currency),
        shipping=shipping,
        duties=_money(order, "original_total_duties", currency),
        taxes=_money(order, "total_tax", currency),
        tax_included=included if isinstance(included, bool) else None,
    )


def _money(order: Json, name: str, currency: str, needed: bool = False) -> int:
    return fields.amount(text(order, name) or _set(order, name), name, currency, needed=needed)


def _set(order: Json, name: str) -> str:
    return text(part(part(order, f"{name}_set"), "shop_money"), "amount")


def _refunded(order: Json, currency: str) -> int:
    if stated := _money(order, "total_refunded", currency):
        return stated
    return sum(
        fields.amount(text(paid, "amount"), "refunds", currency)
        for refund in parts(order, "refunds")
        for paid in parts(refund, "transactions")
        if text(paid, "kind") == "refund" and text(paid, "status") == "success"
    )


def _tracking(fulfillment: Json) -> Json:
    """Return the part of a fulfilment that holds carrier and number."""
    if text(fulfillment, "tracking_number"):
        return fulfillment
    return next(iter(parts(fulfillment, "tracking_info")), {})


def _address(order: Json, name: str) -> Address:
    given = part(order, name)
    first, last = text(given, "first_name"), text(given, "last_name")
    if not first and not last:
        first, last = fields.split_name(text(given, "name"))
    return Address(
        country_name=f"{name}.country_code",
        country=text(given, "country_code", "country_code_v2", "country"),
        first_name=first,
        last_name=last,
        company=text(given, "company"),
        line1=text(given, "address1"),
        line2=text(given, "address2"),
        city=text(given, "city"),
        region=text(given, "province_code", "province"),
        postal_code=text(given, "zip"),
    )
