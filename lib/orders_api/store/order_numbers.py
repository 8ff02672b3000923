"""Finds orders by their numbers, however these are written (contract, section 2); it reads nothing itself."""

from sqlalchemy import ColumnElement, UnaryExpression

from lib.orders_api.domain.text import order_number_key, written_number_key
from lib.orders_api.store.tables.orders import Order


def is_named(number: str) -> ColumnElement[bool]:
    """Return the condition that a number is an order's, in any writing; two at most fulfil it."""
    return Order.order_number_key.in_(number_keys(number))


def exact_first(number: str) -> UnaryExpression[bool]:
    """Return the order in which the one comes first that has this very writing for itself."""
    return (Order.order_number_key == number_keys(number)[1]).desc()


def number_keys(number: str) -> tuple[str, str]:
    """Return the keys by which an order with this number may be kept: always two, for no number empty ones.

    So that a statement is the same whatever was sent.
    """
    return order_number_key(number) or "", written_number_key(number) or ""
