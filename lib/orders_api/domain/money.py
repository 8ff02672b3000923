"""Turns money between decimal strings outside and integer minor units inside; it knows no order."""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from iso4217 import Currency

MAX_MINOR_UNITS = 10**14
SORT_DIGITS = 4
"""Amounts of every currency are compared in ten-thousandths: no ISO 4217 currency has more digits."""

PRICE_DIGITS = 4
"""So many digits more than its currency's may a unit price have, where a line's total needs them."""

_PLAIN_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)
_PLAIN_PRICE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,8})?", re.ASCII)


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
    whole, part = divmod(abs(minor_units), 10**digits)
    amount = f"{whole}.{part:0{digits}}" if digits else str(whole)
    return f"-{amount}" if minor_units < 0 else amount


class UnitPrice(NamedTuple):
    """A price in minor units, or in a part of them: `amount` has `extra_digits` more than the currency."""

    amount: int
    extra_digits: int = 0

    def times(self, quantity: int) -> int:
        """Return what so many cost in minor units, halves rounded up."""
        part: int = 10**self.extra_digits
        return (2 * self.amount * quantity + part) // (2 * part)

    def agrees(self, quantity: int, total: int) -> bool:
        """Return whether this is a line's unit price, were it not rounded."""
        part: int = 10**self.extra_digits
        off = 2 * abs(total * part - self.amount * quantity)
        return off <= quantity + part if self.extra_digits else off == 0


def to_unit_price(amount: str, currency: str) -> UnitPrice:
    """Return a unit price such as "0.02521", with as few digits beyond the currency's as hold it.

    Raises:
        ValueError: not a plain, non-negative decimal, too large, or with more digits than can be kept.
    """
    if not _PLAIN_PRICE.fullmatch(amount):
        raise ValueError('must be a decimal string such as "129.90"')
    digits = currency_digits(currency)
    for extra_digits in range(PRICE_DIGITS + 1):
        scaled = Decimal(amount).scaleb(digits + extra_digits)
        if scaled == scaled.to_integral_value() and scaled <= MAX_MINOR_UNITS * 10**extra_digits:
            return UnitPrice(int(scaled), extra_digits)
    raise ValueError(f"is too large, or has more than {digits + PRICE_DIGITS} decimal places")


def unit_price_of(total: int, quantity: int) -> UnitPrice:
    """Return the unit price of a line that costs `total` minor units, with as few more digits as give it."""
    price = UnitPrice(0)
    for extra_digits in range(PRICE_DIGITS + 1):
        part = 10**extra_digits
        price = UnitPrice((2 * total * part + quantity) // (2 * quantity), extra_digits)
        if price.times(quantity) == total:
            break
    return price
