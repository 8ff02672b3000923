"""Says which values an address or a widget may hold: days, amounts, countries, currencies; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache

import pycountry
from babel.core import get_global
from iso4217 import Currency

from lib.ui.shared.format import FORMER_COUNTRIES, NO_COUNTRY, country

LARGEST_AMOUNT = 1e12
EARLIEST_DAY = date(2000, 1, 1)
LATEST_DAY = date(2099, 12, 31)
RESERVED = ("AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK")
"""Not countries of ISO 3166-1, but what shops, carriers and the API use, such as Kosovo and the Canaries."""


@cache
def country_codes() -> tuple[str, ...]:
    """List the countries of ISO 3166-1, reserved codes and former ones, by their English names, then none."""
    codes = (*RESERVED, *FORMER_COUNTRIES, *(each.alpha_2 for each in pycountry.countries))
    return (*sorted(codes, key=country), NO_COUNTRY)


@cache
def currency_codes() -> tuple[str, ...]:
    """List the currencies of ISO 4217 that the API takes, and those that are legal tender by Babel.

    Babel still has what ISO 4217 has just dropped, such as BGN, and what a shop may still have orders in.
    """
    uses = (use for uses in get_global("territory_currencies").values() for use in uses)
    tender = {code for code, _start, end, tender in uses if tender and end is None}
    return tuple(sorted(tender | {each.code for each in Currency if each.exponent is not None}))


def complaints(params: Mapping[str, Sequence[str]], checks: Mapping[str, tuple[str, Check]]) -> list[str]:
    """Name the filters of an address whose values can't be used, in the order of `checks`."""
    return [
        name
        for key, (name, valid) in checks.items()
        if any(value and not valid(value) for value in params.get(key, ()))
    ]


Check = Callable[[str], bool]


def one_of(words: Iterable[str]) -> Check:
    """Check that a value is one of these words."""
    return frozenset(words).__contains__


def is_day(text: str) -> bool:
    """Return whether this is a day that can be chosen, as addresses write it, such as `2026-05-01`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-05-01") and EARLIEST_DAY <= day <= LATEST_DAY


def is_amount(text: str) -> bool:
    """Return whether this is an amount that can be searched for: a finite number from zero up."""
    try:
        return 0 <= float(text) <= LARGEST_AMOUNT
    except ValueError:
        return False
