"""Finds orders by what is looked up whole: number, email, token, phone, article, parcel."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, not_, or_, select

from lib.orders_api.domain.folding import fold
from lib.orders_api.domain.phones import WantedPhone, wanted_phones
from lib.orders_api.domain.search_terms import Term
from lib.orders_api.domain.text import email_key, parcel_key
from lib.orders_api.store.order_numbers import is_named
from lib.orders_api.store.tables.orders import PARCEL_KEY, LineItem, Order, OrderText

WHOLE_PHONE = 9
"""So many digits that end somebody's phone number are nothing else."""


@dataclass(frozen=True)
class Key:
    """Orders that a key finds. Where a decisive one finds any, nothing else was meant."""

    ids: Select[int]
    is_decisive: bool = False
    check: ColumnElement[bool] | None = None
    """Whether an order of OrderText is one of them, where that is told faster than all are found."""

    def finds(self) -> ColumnElement[bool]:
        """Return the condition that it finds an order of OrderText."""
        return OrderText.order_id.in_(self.ids) if self.check is None else self.check


def whole_key(text: str) -> Select[int]:
    """Return the orders that a whole number, email address or tracking token names."""
    if "@" in text and (email := email_key(text)) is not None:
        return select(Order.id).where(Order.email_key == email)
    if (token := _as_token(text)) is not None:
        return select(Order.id).where(Order.tracking_token == token)
    return select(Order.id).where(is_named(text))


def keys_of(term: Term) -> Iterator[Key]:
    """Return the orders that a term names by one of their keys."""
    if "@" in term.text or _as_token(term.text) is not None:
        yield Key(whole_key(term.text), is_decisive=True)
    yield from article_or_parcel(term.text)
    wanted = wanted_phones(fold(term.text))
    if wanted:
        longest = max(len(each.ending) for each in wanted)
        ids = select(Order.id).where(or_(*map(_has_phone, wanted)))
        yield Key(ids, is_decisive=longest >= WHOLE_PHONE)


def article_or_parcel(text: str) -> Iterator[Key]:
    """Return the orders with a whole SKU, and those whose parcel has a whole tracking number."""
    has_sku = LineItem.sku_key == text.casefold()
    of_order = exists().where(LineItem.order_id == OrderText.order_id, has_sku).correlate(OrderText)
    yield Key(select(LineItem.order_id).where(has_sku), check=of_order)
    if parcel := parcel_key(fold(text)):
        # The index has only those with one.
        sent = Order.tracking_number.is_not(None)
        yield Key(select(Order.id).where(sent, PARCEL_KEY.in_([parcel])))


def _has_phone(wanted: WantedPhone) -> ColumnElement[bool]:
    """Return the condition that an order's phone ends so, and is not known to be another country's."""
    # Digits and a plus sort before the colon, so this is the range of all that begins with them.
    ends_so = (Order.phone_reversed >= wanted.ending) & (Order.phone_reversed < wanted.ending + ":")
    if wanted.with_country is None:
        return ends_so
    named = Order.phone_reversed.endswith("+", autoescape=True)
    return ends_so & or_(Order.phone_reversed.startswith(wanted.with_country, autoescape=True), not_(named))


def _as_token(text: str) -> str | None:
    try:
        return str(UUID(text)) if len(text) == len(str(UUID(int=0))) else None
    except ValueError:
        return None
