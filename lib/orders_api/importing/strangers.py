"""Says what a file that can't be imported looks like, so that whoever has it knows what to fetch instead."""

from collections.abc import Collection, Mapping
from typing import Any

from lib.orders_api.importing.reading.decoding import SAVE_AS_UTF8

TAKEN = (
    "What can be imported: the orders export of Shopify or Squarespace (CSV), that of WooCommerce's plugin"
    ' "Order Export & Order Import" (CSV), orders from the API of Shopify or WooCommerce (JSON, JSON Lines),'
    " and Order Desk's own JSON Lines; docs/importing.md says how to get each"
)

_SPREADSHEET = f"save it as CSV first ({SAVE_AS_UTF8})"
_BINARY = (
    (b"\xd0\xcf\x11\xe0", f"an old Excel workbook (.xls): {_SPREADSHEET}"),
    (b"\x1f\x8b", "a compressed file: unpack it first"),
    (b"BZh", "a compressed file: unpack it first"),
    (b"7z\xbc\xaf", "a compressed file: unpack it first"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)
_ZIPPED = (
    (b"xl/", f"an Excel workbook (.xlsx): {_SPREADSHEET}"),
    (b"opendocument.spreadsheet", f"an OpenDocument spreadsheet (.ods): {_SPREADSHEET}"),
    (b"word/", "a Word document"),
    (b"", "a ZIP archive, or a spreadsheet: unpack it, or save it as CSV"),
)
_TABLES = (
    ({"order-id", "purchase-date"}, "an order report of Amazon's"),
    ({"amazon-order-id"}, "an order report of Amazon's"),
    ({"sale date", "listing id"}, "Etsy's export of sold items"),
    ({"sale date", "order id", "number of items"}, "Etsy's export of orders"),
    ({"sales record number"}, "eBay's export of orders"),
    ({"line: type"}, "an export of the app Matrixify"),
    ({"handle", "variant price"}, "Shopify's export of products, not of orders"),
    ({"accepts email marketing"}, "Shopify's export of customers, not of orders"),
    ({"payout id"}, "an export of payouts, not of orders"),
    ({"order #", "n. revenue"}, "WooCommerce's report of orders (Analytics), which has no line items"),
    ({"order #", "net sales"}, "WooCommerce's report of orders (Analytics), which has no line items"),
    ({"order number", "order status", "order date"}, "an export of another plugin for WooCommerce"),
    ({"type", "sku", "published"}, "WooCommerce's export of products, not of orders"),
    ({"purchase point", "bill-to name"}, "Adobe Commerce's (Magento's) list of orders"),
    ({"increment_id"}, "an export of Adobe Commerce (Magento)"),
    ({"order id", "order status", "subtotal (ex tax)"}, "BigCommerce's export of orders"),
    ({"order number", "date created", "item"}, "Wix's export of orders"),
    ({"reference", "new client"}, "PrestaShop's list of orders"),
    ({"transaction id", "gross", "net"}, "an export of payments, not of orders"),
    ({"ordernumber", "grandtotal"}, "an export of Order Desk's list, which has no line items"),
)
_JSON = (
    ({"orders"}, "an answer without any order"),
    ({"errors"}, "an error message of an API"),
    ({"code", "message"}, "an error message of an API"),
    ({"orderNumber", "lineItems", "customerEmail"}, "orders from Squarespace's API"),
    ({"receipt_id"}, "orders from Etsy's API"),
    ({"AmazonOrderId"}, "orders from Amazon's API"),
    ({"display_id", "region_id"}, "orders from Medusa's API"),
    ({"orderPlacedAt", "lines"}, "orders from Vendure's API"),
    ({"entity_id", "increment_id"}, "orders from Adobe Commerce's (Magento's) API"),
    ({"status_id", "total_inc_tax"}, "orders from BigCommerce's API"),
    ({"variants", "handle"}, "Shopify's products, not orders"),
)


def binary(beginning: bytes) -> str | None:
    """Return what a file that is no text looks like by its first bytes."""
    if beginning.startswith(b"PK\x03\x04"):
        return next(what for mark, what in _ZIPPED if mark in beginning)
    return next((what for mark, what in _BINARY if beginning.startswith(mark)), None)


def text(beginning: str) -> str | None:
    """Return what text that is neither a table nor JSON looks like."""
    start = beginning.lstrip()[:200].casefold()
    if start.startswith(("<!doctype html", "<html", "<head", "<table")):
        return "a web page (HTML): perhaps the page to log in, saved instead of the file"
    if start.startswith("<"):
        return "XML"
    return None


def table(columns: Collection[str]) -> str:
    """Return what a table looks like by its columns, in lower case."""
    known = next((what for wanted, what in _TABLES if wanted <= set(columns)), None)
    if known is None and len(columns) < 2:
        return "text, but neither a table nor JSON"
    shown = ", ".join(column for column in list(columns)[:4] if column.isprintable())[:80]
    return known or f"a table of another kind (its columns are {shown} …)"


def json(value: Any) -> str:
    """Return what the first object of a JSON file looks like."""
    keys = value.keys() if isinstance(value, Mapping) else ()
    return next((what for wanted, what in _JSON if wanted <= set(keys)), "JSON of another kind")
