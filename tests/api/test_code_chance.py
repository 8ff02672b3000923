"""Codes as the service makes them: each of a million as likely as any other, its leading zeros kept."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from lib.orders_api.guest.issuing import new_code

CODES = 100_000
BUCKETS = 100
ONE_IN_A_THOUSAND = 148.23
"""What χ² with 99 degrees of freedom exceeds with a probability of 0.001."""


def codes() -> list[str]:
    made = [new_code() for _ in range(CODES)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in made)
    return made


def chi_square(made: list[str], digits: slice) -> float:
    expected = CODES / BUCKETS
    counts = Counter(code[digits] for code in made)
    return sum((counts[f"{bucket:02d}"] - expected) ** 2 / expected for bucket in range(BUCKETS))


@pytest.mark.parametrize("digits", [slice(0, 2), slice(2, 4), slice(4, 6)])
def test_each_pair_of_digits_is_as_likely_as_any_other(digits: slice) -> None:
    # Chance alone fails both tries once in a million runs; a bias fails each.
    assert any(chi_square(codes(), digits) < ONE_IN_A_THOUSAND for _ in range(2))


def test_codes_come_from_all_of_a_million() -> None:
    # 95,163 different ones are expected, give or take 65.
    assert abs(len(set(codes())) - 95_163) < 600
