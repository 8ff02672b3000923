"""How passwords are hashed and compared, and which are no good."""

from __future__ import annotations

import pytest

from lib.staff import passwords
from lib.staff.passwords import check_password, hash_password, is_good_hash, password_fault
from tests.passwords import PASSWORD, hash_cheaply


def test_the_hash_that_stands_for_nobody_costs_as_much_as_a_real_one() -> None:
    assert is_good_hash(passwords._NOBODY)
    assert not is_good_hash(passwords._NOBODY.replace("$12$", "$11$"))
    assert passwords._NOBODY[:7] == hash_password(PASSWORD)[:7] == "$2b$12$"


@pytest.mark.parametrize("password", ["", "elevenchars", "a good password\n", "with\x00nul inside", "é" * 40])
def test_a_bad_new_password_is_refused(password: str) -> None:
    assert password_fault(password)
    with pytest.raises(ValueError, match="password"):
        hash_password(password)


@pytest.mark.parametrize("tried", ["", "wrong", "x" * 500, "\x00", "é" * 80])
def test_any_input_can_be_checked_against_a_hash(monkeypatch: pytest.MonkeyPatch, tried: str) -> None:
    hash_cheaply(monkeypatch)
    assert not check_password(tried, hash_password(PASSWORD))
    assert not check_password(tried, None)


def test_a_password_that_only_begins_right_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)
    longest = "p" * 72
    assert check_password(longest, hash_password(longest))
    assert not check_password(longest + "q", hash_password(longest))
