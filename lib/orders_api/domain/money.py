"""Turns money between decimal strings outside and integer minor units inside; it knows no order."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from iso4217 import Currency

MAX_MINOR_UNITS = 10**14
SORT_DIGITS = 4
"""Amounts of every currency are compared in ten-thousandths: no ISO 4217 currency has more digits."""

_PLAIN_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)


@cache
def currency_digits(currency: str) -> int:
    """Return how many digits after the point a currency has (ISO 4217).

    Raises:
        ValueError: the code is not that of a currency in which one can pay.
    """
    try:
        digits = Currency(currency).exponent
    except ValueError:
        digits = None
    if digits is None:
        raise ValueError("not an ISO 4217 currency code")
    return digits


def to_minor_units(amount: str, currency: str) -> int:
    """Return a decimal string such as "129.90" in the currency's smallest unit, such as 12990.

    Raises:
        ValueError: not a plain, non-negative decimal, too large, or with more digits than the currency has.
    """
    if not _PLAIN_DECIMAL.fullmatch(amount):
        raise ValueError('must be a decimal string such as "129.90"')
    digits = currency_digits(currency)
    scaled = Decimal(amount).scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"has more than the {digits} decimal places of its currency")
    if scaled > MAX_MINOR_UNITS:
        raise ValueError("is too large")
    return int(scaled)


def to_decimal_string(minor_units: int, currency: str) -> str:
    """Return minor units as a decimal string with the currency's own digits (contract, section 2)."""
    return format_minor_units(minor_units, currency_digits(currency))


def format_minor_units(minor_units: int, digits: int) -> str:
    """Return minor units as a decimal string with `digits` places."""
    return f"{Decimal(minor_units).scaleb(-digits):.{digits}f}"
