"""Money between decimal strings and minor units, in each currency's own digits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.domain.money import MAX_MINOR_UNITS, currency_digits, to_decimal_string, to_minor_units


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
