"""Money between decimal strings and minor units, in each currency's own digits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.orders_api.domain.money import (
    MAX_MINOR_UNITS,
    PRICE_DIGITS,
    UnitPrice,
    currency_digits,
    format_minor_units,
    to_decimal_string,
    to_minor_units,
    to_unit_price,
    unit_price_of,
)


@pytest.mark.parametrize(
    ("currency", "digits"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("CLF", 4)]
)
def test_a_currency_has_its_own_digits(currency: str, digits: int) -> None:
    assert currency_digits(currency) == digits


@pytest.mark.parametrize("code", ["", "EU", "EUX", "eur", "XAU", "XXX", "XTS", "€"])
def test_what_one_cant_pay_in_is_no_currency(code: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 4217 currency code"):
        currency_digits(code)


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("129.90", "EUR", 12990),
        ("129.9", "EUR", 12990),
        ("0", "EUR", 0),
        ("0.01", "EUR", 1),
        ("007", "EUR", 700),
        ("1290", "JPY", 1290),
        ("1290.000", "JPY", 1290),
        ("1.250", "KWD", 1250),
    ],
)
def test_a_decimal_string_is_so_many_smallest_units(amount: str, currency: str, units: int) -> None:
    assert to_minor_units(amount, currency) == units


@pytest.mark.parametrize(
    "amount",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "-1",
        "+1",
        "1e2",
        "1,5",
        ".5",
        "5.",
        "1.005",
        "NaN",
        "Infinity",
        "0x1",
        "١",
        "1_0",
    ],
)
def test_what_is_no_plain_amount_in_euros_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match=r"must be|decimal places"):
        to_minor_units(amount, "EUR")


def test_an_amount_has_an_upper_bound() -> None:
    most = to_decimal_string(MAX_MINOR_UNITS, "EUR")
    assert to_minor_units(most, "EUR") == MAX_MINOR_UNITS
    with pytest.raises(ValueError, match="too large"):
        to_minor_units(str(Decimal(most) + Decimal("0.01")), "EUR")


@given(st.integers(0, MAX_MINOR_UNITS), st.sampled_from(("EUR", "JPY", "KWD", "CLF")))
def test_there_and_back_is_the_same_amount(units: int, currency: str) -> None:
    text = to_decimal_string(units, currency)
    assert to_minor_units(text, currency) == units
    assert len(text.partition(".")[2]) == currency_digits(currency)


@given(st.integers(0, MAX_MINOR_UNITS), st.integers(1, 100_000), st.sampled_from(("EUR", "JPY", "KWD")))
def test_a_lines_unit_price_agrees_with_its_total_and_has_no_more_digits_than_it_needs(
    total: int, quantity: int, currency: str
) -> None:
    price = unit_price_of(total, quantity)
    assert price.agrees(quantity, total)
    assert (price.extra_digits == 0) or price.amount % 10 or price.extra_digits == PRICE_DIGITS
    # A price that was rounded to end in zero is written as an exact one is: nobody can tell them apart.
    assume(price.times(quantity) == total or price.amount % 10)
    written = format_minor_units(price.amount, currency_digits(currency) + price.extra_digits)
    assert to_unit_price(written, currency).agrees(quantity, total)
    assert not UnitPrice(price.amount + quantity + 10**price.extra_digits).agrees(quantity, total)


@pytest.mark.parametrize(
    ("total", "quantity", "price"),
    [
        (2521, 1000, (2521, 3)),
        (2518, 3, (8393, 1)),
        (2997, 3, (999, 0)),
        (0, 7, (0, 0)),
        (1, 3, (3, 1)),
        (1, 9999, (1, 4)),
    ],
)
def test_a_unit_price_has_as_few_digits_as_give_the_total(
    total: int, quantity: int, price: tuple[int, int]
) -> None:
    assert unit_price_of(total, quantity) == price
