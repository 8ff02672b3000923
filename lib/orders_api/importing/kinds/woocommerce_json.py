"""Orders as WooCommerce's REST API gives them (v2 and v3)."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Times
from lib.orders_api.importing.kinds import fields
from lib.orders_api.importing.kinds.fields import Address, TimeReader
from lib.orders_api.importing.kinds.json_fields import part, parts, text
from lib.orders_api.importing.kinds.shop_order import ReadShopOrder, ShopOrder, read
from lib.orders_api.importing.kinds.woocommerce import CHANGED, ON_DELIVERY, Line, address, priced, statuses
from lib.orders_api.importing.sources import Kind

Json = Mapping[str, Any]
_TRACKING = "_wc_shipment_tracking_items"
_LANGUAGE = "wpml_language"
"""Under which WPML, by which most shops have several languages, keeps the customer's."""


class WooCommerceJson(Kind):
    """Orders of WooCommerce's REST API."""

    name = "orders from WooCommerce's API (JSON)"
    format = "woocommerce"

    def __init__(self, reader: TimeReader, others: Mapping[str, OrderStatus]) -> None:
        self.reader = reader
        self._others = others

    @staticmethod
    def fits(value: Json) -> bool:
        """Return whether a value is one that this API gives."""
        return "line_items" in value and ("billing" in value or {"status", "total"} <= value.keys())

    def number(self, value: Json) -> str:
        return fields.order_number(text(value, "number", "id"), "number")

    def read(self, full: Json, _rows: Sequence[Json]) -> ReadShopOrder:
        currency = fields.currency(text(full, "currency"), "currency")

        def given(value: Json, name: str, signed: bool = False) -> int:
            return fields.amount(text(value, name), name, currency, signed=signed, rounded=True)

        def line(value: Json) -> Line:
            count = fields.quantity(text(value, "quantity") or "1", "quantity")
            if not count:
                raise RowRejectedError("quantity: is 0")
            if not text(value, "total"):
                raise RowRejectedError("line_items.total: is missing")
            total = given(value, "total", signed=True)
            subtotal = given(value, "subtotal", signed=True) if text(value, "subtotal") else total
            return Line(text(value, "name"), text(value, "sku"), count, total, subtotal)

        times = self._times(full)
        refunded = sum(abs(given(each, "total", signed=True)) for each in parts(full, "refunds"))
        items, stated, said = priced(
            [line(each) for each in parts(full, "line_items")],
            [line(each) for each in parts(full, "fee_lines")],
            currency,
            total=fields.amount(text(full, "total"), "total", currency, needed=True),
            shipping=given(full, "shipping_total"),
            taxes=given(full, "total_tax"),
        )
        billing, shipping = (_address(full, kind) for kind in ("billing", "shipping"))
        customer = text(full, "customer_id")
        order = ShopOrder(
            number=self.number(full),
            currency=currency,
            items=items,
            stated=stated,
            perhaps=CHANGED,
            reached=statuses(
                text(full, "status"),
                self._others,
                paid=times.paid is not None,
                refunded=refunded > 0,
                on_delivery=text(full, "payment_method") == ON_DELIVERY,
            ),
            times=times,
            billing=billing,
            shipping=billing if billing.is_somewhere and not shipping.is_somewhere else shipping,
            phone=fields.phone(text(part(full, "billing"), "phone"), text(part(full, "shipping"), "phone")),
            email=text(part(full, "billing"), "email"),
            locale=text(_meta(full, _LANGUAGE), "value"),
            customer_id=None if customer in ("", "0") else customer,
            note=fields.note(text(full, "customer_note")),
            shipping_method=", ".join(text(each, "method_title") for each in parts(full, "shipping_lines")),
            refunded=refunded,
            remarks=said,
            **_tracking(full),
        )
        return read(order, self.reader.now)

    def _times(self, order: Json) -> Times:
        created, paid, completed = (
            self.reader.read(text(order, f"{name}_gmt"), f"{name}_gmt", UTC)
            or self.reader.read(text(order, name), name)
            for name in ("date_created", "date_paid", "date_completed")
        )
        if created is None:
            raise RowRejectedError("date_created: is missing")
        return Times(created, paid, completed)


def _meta(order: Json, key: str) -> Json:
    """Return what a plugin keeps with an order under a key."""
    return next((each for each in parts(order, "meta_data") if each.get("key") == key), {})


def _tracking(order: Json) -> dict[str, str]:
    """Return carrier and number as the usual plugin keeps them."""
    first = next(iter(parts(_meta(order, _TRACKING), "value")), {})
    carrier = text(first, "tracking_provider", "custom_tracking_provider")
    return {"carrier": carrier, "tracking_number": text(first, "tracking_number")}


def _address(order: Json, kind: str) -> Address:
    given = part(order, kind)
    return address(f"{kind}.country", lambda name: text(given, name))
