"""Reads line items and amounts of a WooCommerce orders export; it knows nothing of the order around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lib.orders_api.domain.money import MAX_MINOR_UNITS, currency_digits
from lib.orders_api.importing.csv_rows import NamedCells
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.shopify_fields import NO_SKU
from lib.orders_api.orders.schemas import MAX_LINE_ITEMS, MAX_QUANTITY

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
_QUANTITY = re.compile(r"([0-9]{1,9})(?:\.0+)?", re.ASCII)
# A name may hold anything, bars too: it goes on until the next of the keys that the plugin writes after it.
_NAME = re.compile(r"(?:^|\|)name:(.*?)(?=\|(?:product_id|sku|quantity|total|sub_total):|$)", re.DOTALL)
_FIELD = re.compile(r"\|(sku|quantity|total|sub_total):([^|]*)")


@dataclass(frozen=True)
class Item:
    """A line item: `total` and `sub_total` are after and before discounts, both without taxes."""

    name: str
    sku: str
    quantity: int
    total: int
    sub_total: int

    @property
    def unit_price(self) -> int:
        """What one costs, in minor units; rounded up, as the store has no parts of them."""
        return -(-self.sub_total // self.quantity)


def items(cells: NamedCells, currency: str) -> list[Item]:
    """Read the line items of an order: the columns line_item_1, line_item_2 ..

    Raises:
        RowRejectedError: one can't be right.
    """
    return [_item(text, column, currency) for column, text in _item_cells(cells)]


def amount(cells: NamedCells, column: str, currency: str) -> int:
    """Read an amount in minor units, 0 where there is none; fees may be negative.

    Raises:
        RowRejectedError: it is no amount.
    """
    return _minor_units(cells[column] or "0", column, currency)


def _item_cells(cells: NamedCells) -> Iterator[tuple[str, str]]:
    for number in range(1, MAX_LINE_ITEMS + 2):
        column = f"line_item_{number}"
        if cells[column]:
            yield column, cells[column]


def _item(text: str, column: str, currency: str) -> Item:
    name = _NAME.search(text)
    if name is None:
        raise RowRejectedError(f"{column}: not a line item such as name:…|sku:…|quantity:1|total:9.90")
    found: dict[str, str] = {}
    for key, value in _FIELD.findall(text[name.end() :]):
        found.setdefault(key, value.strip())  # what comes later is meta data, which may be named the same
    quantity = _QUANTITY.fullmatch(found.get("quantity", ""))
    if quantity is None or not 1 <= int(quantity[1]) <= MAX_QUANTITY:
        raise RowRejectedError(f"{column}: the quantity is not a whole number from 1 to {MAX_QUANTITY}")
    if not found.get("total"):
        raise RowRejectedError(f"{column}: the total is missing")
    total = _minor_units(found["total"], column, currency)
    sub_total = _minor_units(found.get("sub_total") or found["total"], column, currency)
    if total < 0 or sub_total < 0:
        raise RowRejectedError(f"{column}: the total is negative")
    return Item(name[1].strip(), found.get("sku") or NO_SKU, int(quantity[1]), total, sub_total)


def _minor_units(text: str, column: str, currency: str) -> int:
    if not _AMOUNT.fullmatch(text):
        raise RowRejectedError(f'{column}: must be an amount such as "129.90"')
    # WooCommerce calculates, and sometimes writes, more digits than the currency has.
    units = Decimal(text).scaleb(currency_digits(currency)).quantize(Decimal(1), ROUND_HALF_UP)
    if abs(units) > MAX_MINOR_UNITS:
        raise RowRejectedError(f"{column}: is too large")
    return int(units)
