"""Filters, searches and sorts orders that were read, where the API does not; pure, it asks for nothing."""

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from lib.orders_client import OrderListItem, misfits
from lib.ui.shared.format import country

FIELDS: Mapping[str, str] = {
    "status": "status",
    "payment_status": "payment_status",
    "fulfillment_status": "fulfillment_status",
    "country": "shipping_country",
    "currency": "currency",
    "created_from": "created_at",
    "created_to": "created_at",
    "min_total": "grand_total",
    "max_total": "grand_total",
}
"""The filters that the desk can do itself, each with the field that it looks at."""
SEARCHED = "order number, customer's name, city and country"
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "’": "", "'": ""})
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_AROUND_WORDS = "\"'.,;:()"
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


def sift(orders: Iterable[OrderListItem], wanted: Mapping[str, Any], sort: str) -> list[OrderListItem]:
    """Return the orders that fit every filter, `q` included, in the order of `sort`."""
    filters = {name: value for name, value in wanted.items() if name != "q"}
    words = search_words(wanted.get("q"))
    found = [order for order in orders if not misfits(order, filters) and holds(order, words)]
    name = sort.lstrip("-")
    keys = {"createdAt": _by_time, "grandTotal": _by_total, "orderNumber": _by_number}
    # Newest first within what is equal, whichever way the rest goes.
    found.sort(key=_by_time, reverse=True)
    found.sort(key=keys[name], reverse=sort.startswith("-"))
    return sorted(found, key=lambda order: order.grand_total is None) if name == "grandTotal" else found


def search_words(text: str | None) -> list[str]:
    """Return what all has to be in an order that is found."""
    return [word for each in (text or "").split() if (word := fold(each.strip(_AROUND_WORDS)).lstrip("#№"))]


def fold(text: str) -> str:
    """Write text without case, accents, width and kind of dash."""
    apart = unicodedata.normalize("NFKD", text.translate(_DASHES).casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_LETTERS)


def holds(order: OrderListItem, words: Iterable[str]) -> bool:
    """Return whether what a list shows of an order has all these words."""
    text = fold(_shown(order))
    return all(word in text for word in words)


def shows(order: OrderListItem, words: Iterable[str]) -> bool:
    """Return whether what a list shows of an order has any of these words, umlauts written out or not."""
    shown = _shown(order)
    texts = (fold(shown), fold(shown.lower().translate(_WRITTEN_OUT)))
    return any(word in text for word in words for text in texts)


def _shown(order: OrderListItem) -> str:
    to = order.shipping_country
    places = (order.shipping_city, to, country(to) if to else None)
    return "\n".join(part for part in (order.order_number, order.customer_name, *places) if part)


def _by_time(order: OrderListItem) -> Any:
    return order.created_at


def _by_total(order: OrderListItem) -> Any:
    return order.grand_total or Decimal(0)


def _by_number(order: OrderListItem) -> Any:
    return fold(order.order_number), order.order_number
