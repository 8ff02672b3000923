"""What is left of personal data once it is masked (contract, section 4, Masking)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.domain.masking import mask_email, mask_phone, mask_text


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("jane.doe@example.com", "j***@example.com"),
        ("j@example.com", "j***@example.com"),
        ("ÿvonne@example.com", "ÿ***@example.com"),
    ],
)
def test_an_email_keeps_its_first_character_and_its_domain(email: str, masked: str) -> None:
    assert mask_email(email) == masked


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=2, max_size=64))
def test_the_stars_do_not_tell_how_long_a_name_is(name: str) -> None:
    assert mask_email(f"{name}@example.com") == f"{name[0]}***@example.com"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+33 4 72 00 11 22", "***22"),
        ("123456", "***56"),
        ("12345", "***"),
        ("12", "***"),
        ("", "***"),
        (None, None),
    ],
)
def test_a_phone_keeps_two_digits_of_many(phone: str | None, masked: str | None) -> None:
    assert mask_phone(phone) == masked


def test_text_becomes_stars_and_nothing_stays_nothing() -> None:
    assert [mask_text(text) for text in ("12 Main St", "x", "", None)] == ["***", "***", "", None]
