"""WooCommerce's orders, a row each, as a plugin exports them: WooCommerce has no export of its own.

It is "Order Export & Order Import for WooCommerce" (WebToffee), also sold as "Import Export Suite for
WooCommerce", with its default columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.history import Times
from lib.orders_api.importing.kinds import fields
from lib.orders_api.importing.kinds.fields import Address, Cells, TimeReader
from lib.orders_api.importing.kinds.shop_order import ReadShopOrder, ShopOrder, read
from lib.orders_api.importing.kinds.woocommerce import CHANGED, ON_DELIVERY, Line, address, priced, statuses
from lib.orders_api.importing.sources import Kind

_FORMULA_BEGINS = ("'=", "'+", "'-", "'@")
# A name may hold anything, bars too: it goes on until the next of the keys that the plugin writes after it.
_NAME = re.compile(r"(?:^|\|)name:(.*?)(?=\|(?:product_id|sku|quantity|total|sub_total|tax):|$)", re.DOTALL)
_FIELD = re.compile(r"\|(sku|quantity|total|sub_total):([^|]*)")
_REFUND = re.compile(r"(?:^|\|)(?:total|amount):-?([0-9.]+)", re.ASCII)


class WooCommerceCsv(Kind):
    """The plugin's export."""

    name = 'WooCommerce\'s orders from the plugin "Order Export & Order Import"'
    format = "woocommerce"
    needed: Sequence[tuple[str, ...]] = tuple(
        (column,)
        for column in ("order_id", "order_date", "status", "order_total", "order_currency", "line_item_1")
    )

    def __init__(self, reader: TimeReader, others: Mapping[str, OrderStatus]) -> None:
        self.reader = reader
        self._others = others

    def number(self, cells: Cells) -> str:
        return fields.order_number(cells["order_number"] or cells["order_id"], "order_number")

    def read(self, full: Cells, _rows: Sequence[Cells]) -> ReadShopOrder:
        currency = fields.currency(full["order_currency"], "order_currency")
        times = self._times(full)

        def given(column: str, signed: bool = False) -> int:
            return fields.amount(full[column], column, currency, signed=signed, rounded=True)

        lines = [_line(text, column, currency) for column, text in _line_cells(full)]
        items, stated, said = priced(
            lines,
            _fees(full, given("fee_total", signed=True), currency),
            currency,
            total=fields.amount(full["order_total"], "order_total", currency, needed=True),
            shipping=given("shipping_total"),
            taxes=given("tax_total"),
        )
        billing, shipping = (_address(full, kind) for kind in ("billing", "shipping"))
        order = ShopOrder(
            number=self.number(full),
            currency=currency,
            items=items,
            stated=stated,
            perhaps=CHANGED,
            reached=statuses(
                full["status"],
                self._others,
                paid=times.paid is not None,
                refunded=bool(full["refund_items"]),
                on_delivery=full["payment_method"] == ON_DELIVERY,
            ),
            times=times,
            billing=billing,
            # A shop that sends to the billing address only leaves the other one empty.
            shipping=billing if billing.is_somewhere and not shipping.is_somewhere else shipping,
            phone=fields.phone(full["billing_phone"], full["shipping_phone"]),
            email=_text(full, "billing_email") or _text(full, "customer_email"),
            locale=full["meta:wpml_language"],
            customer_id=_customer_id(full),
            note=fields.note(full["customer_note"]),
            shipping_method=full["shipping_method"],
            refunded=sum(
                fields.amount(amount, "refund_items", currency, rounded=True)
                for amount in _REFUND.findall(full["refund_items"])
            ),
            remarks=said,
        )
        return read(order, self.reader.now)

    def _times(self, cells: Cells) -> Times:
        created = self.reader.needed(cells["order_date"], "order_date")
        return Times(created, self.reader.read(cells["paid_date"], "paid_date"))


def _text(cells: Cells, column: str) -> str:
    """Return a cell without the apostrophe by which the plugin keeps spreadsheets from computing it."""
    cell = cells[column]
    return cell[1:].strip() if cell.startswith(_FORMULA_BEGINS) else cell


def _customer_id(cells: Cells) -> str | None:
    found = cells["customer_id"] or cells["customer_user"]
    return None if found in ("", "0") else found


def _address(cells: Cells, kind: str) -> Address:
    return address(f"{kind}_country", lambda part: _text(cells, f"{kind}_{part}"))


def _line_cells(cells: Cells) -> Iterator[tuple[str, str]]:
    for number in count(1):
        column = f"line_item_{number}"
        if column not in cells:
            return
        if cells[column]:
            yield column, cells[column]


def _line(text: str, column: str, currency: str) -> Line:
    name = _NAME.search(text)
    if name is None:
        raise RowRejectedError(f"{column}: not a line item such as name:…|sku:…|quantity:1|total:9.90")
    found: dict[str, str] = {}
    for key, value in _FIELD.findall(text[name.end() :]):
        found.setdefault(key, value.strip())  # what comes later is meta data, which may be named the same
    quantity = fields.quantity(found.get("quantity", ""), column)
    if not quantity:
        raise RowRejectedError(f"{column}: the quantity is 0")
    total, subtotal = (
        fields.amount(found.get(key) or found.get("total", ""), column, currency, needed=True, rounded=True)
        for key in ("total", "sub_total")
    )
    return Line(name[1].strip(), found.get("sku", ""), quantity, total, subtotal)


def _fees(cells: Cells, total: int, currency: str) -> list[Line]:
    """Return the fees by their names, or all together where those don't add up to their sum."""
    named = [name[1].strip() for name in _NAME.finditer(cells["fee_items"])]
    words = " + ".join(fields.plain(name) for name in named if name) or "Fee"
    return [Line(words[:200], "", 1, total, total)] if total else []
