"""Makes the rows of the store for an order read from a shop's export; it knows no columns."""

from __future__ import annotations

from datetime import datetime

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.money import currency_digits
from lib.orders_api.importing.candidates import Built
from lib.orders_api.importing.errors import RowRejectedError, reason_of
from lib.orders_api.importing.history import Statuses, Times, timeline
from lib.orders_api.orders.creating import new_order
from lib.orders_api.orders.schemas import OrderImport


def currency_code(text: str, column: str) -> str:
    """Return a currency's code in capitals.

    Raises:
        RowRejectedError: it is none; the text names `column`.
    """
    try:
        currency_digits(text.upper())
    except ValueError as error:
        raise RowRejectedError(f"{column}: {error}") from None
    return text.upper()


def build(
    body: OrderImport, number: str, reached: Statuses, times: Times, now: datetime, adjustment: int = 0
) -> Built:
    """Make the rows of an order and of its way to where it stands.

    `adjustment` is what the other system's total has more than its parts, in minor units.

    Raises:
        RowRejectedError: an amount is too large.
    """
    try:
        order = new_order(body, number, now, adjustment)
    except ValidationFailedError as error:
        raise RowRejectedError(reason_of(error)) from None
    entries = timeline(reached, times)
    order.updated_at = entries[-1].at
    return order, entries
