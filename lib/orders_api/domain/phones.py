"""Brings phone numbers into the form in which they are looked up: from the last digit to the first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    is_valid_number,
    national_significant_number,
    parse,
)

LAST_DIGITS = 4
"""So many digits typed are the end of a number."""
ENOUGH_DIGITS = 7
"""So many and more are enough of a number to look for it."""
_NAMES_ITS_COUNTRY = "+"
_WRITTEN = re.compile(r"[0-9+()/.\s-]+", re.ASCII)
_DIAL_OTHERWISE = ("RU", "BY", "HU")
"""Where people dial an 8 or 06 before a number within the country; elsewhere it is a 0, a 1 or nothing."""


@dataclass(frozen=True)
class WantedPhone:
    """A phone number, or its end, that somebody looks for; both as the key of a phone begins."""

    ending: str
    with_country: str | None = None
    """The key of the whole number, where its country was given."""


@lru_cache(maxsize=4096)
def phone_key(phone: str, country: str | None) -> str | None:
    """Return the key of an order's phone: its digits from the last to the first, those of its country too.

    A plus at the end says that the number itself names its country. Otherwise it is the order's, if numbers
    there look so, and left out if not.

    Args:
        phone: as it was given.
        country: the order's, by its ISO code; None without one.
    """
    named = _parsed(phone, None)
    number = named or _parsed(phone, country)
    if number is None:
        return _reversed(_digits(phone).lstrip("0")) or None
    national = national_significant_number(number)
    whole = f"{number.country_code}{national}"
    if named is not None:
        return _reversed(whole) + _NAMES_ITS_COUNTRY
    return _reversed(whole if is_valid_number(number) else national.lstrip("0"))


def phone_digits(phone: str | None, country: str | None) -> str:
    """Return the digits of an order's phone as `phone_key` knows them, from the first on; none for none."""
    key = phone_key(phone, country) if phone else None
    return (key or "").removesuffix(_NAMES_ITS_COUNTRY)[::-1]


def wanted_phones(text: str) -> list[WantedPhone]:
    """Return what to look for where text is a phone number or the end of one; nothing where it is neither."""
    if not _WRITTEN.fullmatch(text):
        return []
    typed = _digits(text)
    number = _parsed(text, None)
    if number is not None:
        national = national_significant_number(number)
        if len(national) < ENOUGH_DIGITS:
            return []
        whole = f"{number.country_code}{national}"
        return [WantedPhone(_reversed(national), _reversed(whole))]
    if len(typed) == LAST_DIGITS:
        return [WantedPhone(_reversed(typed))] if typed == text else []
    written = {typed, typed.lstrip("0"), *_dialled_within(text)}
    return [WantedPhone(_reversed(each)) for each in sorted(written) if len(each) >= ENOUGH_DIGITS]


def _dialled_within(text: str) -> Iterator[str]:
    """Return the whole numbers that this is where people dial otherwise."""
    for country in _DIAL_OTHERWISE:
        number = _parsed(text, country)
        if number is not None and is_valid_number(number):
            yield f"{number.country_code}{national_significant_number(number)}"


def _parsed(phone: str, country: str | None) -> PhoneNumber | None:
    """Read a number; without a country it must name its own, by a plus or by 00."""
    written = phone.strip()
    if written.startswith("00"):
        written = "+" + written.removeprefix("00")
    try:
        return parse(written, country)
    except NumberParseException:
        return None


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


def _reversed(digits: str) -> str:
    return digits[::-1]
