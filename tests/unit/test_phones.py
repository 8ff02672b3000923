"""Phone numbers as they are written and looked for: one number, many ways."""

from __future__ import annotations

import pytest

from lib.orders_api.domain.phones import phone_digits, phone_key, wanted_phones


def finds(typed: str, phone: str, country: str | None) -> bool:
    key = phone_key(phone, country) or ""
    return any(
        key.startswith(each.ending)
        and (each.with_country is None or not key.endswith("+") or key.startswith(each.with_country))
        for each in wanted_phones(typed)
    )


@pytest.mark.parametrize(
    ("phone", "country", "key"),
    [
        ("+49 151 2345678", "FR", "876543215194+"),
        ("0049 (0)151-2345678", "FR", "876543215194+"),
        ("06 12 34 56 78", "FR", "87654321633"),
        ("(212) 555-0199", "US", "99105552121"),
        ("02 1234 5678", "IT", "876543212093"),
        ("٠١٠٠١٢٣٤٥٦٧", "EG", "765432100102"),
        ("８０１２３４５６", "SG", "6543210856"),
        ("12", "FR", "21"),
        ("030 1234567", None, "765432103"),
        ("no phone", "FR", None),
    ],
)
def test_a_phone_is_kept_from_its_last_digit_to_its_first(
    phone: str, country: str | None, key: str | None
) -> None:
    assert phone_key(phone, country) == key
    assert phone_digits(phone, country) == (key or "").rstrip("+")[::-1]
    assert phone_digits(None, country) == ""


@pytest.mark.parametrize(
    "phone", ["0171 2345678", "+49 171 2345678", "0049171/2345678", "+49 (0) 171 2345678"]
)
@pytest.mark.parametrize(
    "typed",
    [
        "0171 2345678",
        "0049 171 2345678",
        "+49 (0) 171 2345678",
        "+49.171.234.5678",
        "171-2345678",
        "2345678",
        "5678",
        "491712345678",
    ],
)
def test_one_number_is_found_however_both_are_written(typed: str, phone: str) -> None:
    assert finds(typed, phone, "DE")


@pytest.mark.parametrize(
    ("typed", "phone", "country", "found"),
    [
        ("+43 171 2345678", "+49 171 2345678", "AT", False),
        ("+43 171 2345678", "0171 2345678", "DE", True),  # which country's nobody said
        ("45678", "+49 171 2345678", "DE", False),
        ("345678", "+49 171 2345678", "DE", False),
        ("5678-", "+49 171 2345678", "DE", False),
        ("0171 234", "+49 171 2345678", "DE", False),
        ("8 (912) 345-67-89", "+7 912 345-67-89", "RU", True),
        ("06 30 123 4567", "+36 30 123 4567", "HU", True),
        ("06 30 123 4567", "+49 30 1234567", "DE", False),
        ("1 (212) 555-0199", "+1 212-555-0199", "US", True),
        ("06 1234 5678", "+39 06 1234 5678", "IT", True),
        ("jane", "+49 171 2345678", "DE", False),
        ("+", "+49 171 2345678", "DE", False),
        ("+49", "+49 171 2345678", "DE", False),
    ],
)
def test_a_number_is_no_other_and_too_few_digits_are_none(
    typed: str, phone: str, country: str, found: bool
) -> None:
    assert finds(typed, phone, country) == found
