"""The forms in which numbers, emails and names are compared and searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.domain.text import (
    code_digits,
    email_key,
    is_clean,
    is_order_number,
    order_number_key,
    parcel_key,
    written_number_key,
)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("ORD-2026-0042", "ord-2026-0042"),
        ("  #1001 ", "1001"),
        ("№ 1001", "1001"),
        ("＃１００１", "1001"),
        ("##7", "7"),
        ("#", "#"),
        ("FR/2026/7", "fr/2026/7"),
        ("RE\u20132026\u20147", "re-2026-7"),
        ("RE\u22122026\uff0d7", "re-2026-7"),
        ("A\u3000B", "a b"),
        ("no1001", "no1001"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("注文 1", "注文 1"),
        ("x" * 64, "x" * 64),
    ],
)
def test_order_numbers_are_compared_however_they_are_written(number: str, key: str) -> None:
    assert order_number_key(number) == key
    assert is_order_number(number)


@pytest.mark.parametrize("number", ["", " ", "a\nb", "a\x00", "\x7f", "\ud800", "a\u200bb"])
def test_what_cant_be_an_order_number_has_no_key(number: str) -> None:
    assert order_number_key(number) is None
    assert written_number_key(number) is None
    assert not is_order_number(number)


def test_an_order_number_has_64_characters_at_most_but_may_be_asked_for_with_more_around_it() -> None:
    assert is_order_number(" " + "x" * 64)
    assert not is_order_number("x" * 65)
    assert order_number_key("#" + "x" * 64) == "x" * 64


@given(st.text(max_size=20))
def test_a_key_is_its_own_key_and_that_of_its_number_with_a_sign_before_it(number: str) -> None:
    key = order_number_key(number)
    if key is not None:
        assert order_number_key(key) == key
        assert order_number_key(f" № {number.strip()}") == key
        assert written_number_key(number) == number.strip().casefold()


@pytest.mark.parametrize(
    ("email", "key"),
    [
        (" Jane.Doe@Example.COM ", "jane.doe@example.com"),
        ("o'brien+tag@x.example", "o'brien+tag@x.example"),
        ("JÖRG@MÜNCHEN.example", "jörg@xn--mnchen-3ya.example"),
        ("jörg@XN--MNCHEN-3ya.example", "jörg@xn--mnchen-3ya.example"),
        ("WEIẞ@STRASSE.example", "weiß@strasse.example"),
        ("weiß@straße.example", "weiß@xn--strae-oqa.example"),
        ("ΟΔΟΣ@x.example", "οδοσ@x.example"),
        ("οδος@x.example", "οδοσ@x.example"),
        ("jörg@_tcp.münchen", "jörg@_tcp.münchen"),
    ],
)
def test_emails_are_compared_without_case_and_domains_as_idna_says(email: str, key: str) -> None:
    assert email_key(email) == key


@pytest.mark.parametrize(
    "email",
    [
        "",
        "jane",
        "@example.com",
        "jane@",
        "a@b@c",
        "a b@c",
        "a@b c",
        "a@b\r\nBcc: c@d",
        "a,b@c",
        "<a@b>",
        "\ud800@x",
    ],
)
def test_what_cant_be_an_email_has_no_key(email: str) -> None:
    assert email_key(email) is None


def test_tracking_numbers_are_compared_without_case_spaces_and_dashes() -> None:
    assert parcel_key("1Z 999-AA1 01") == parcel_key("1z999aa101") == "1z999aa101"


@pytest.mark.parametrize(
    ("text", "clean"),
    [("a\tb\r\n", True), ("é☕", True), ("\x00", False), ("\x1b[0m", False), ("\ud800", False)],
)
def test_text_with_control_characters_is_not_clean(text: str, clean: bool) -> None:
    assert is_clean(text) is clean


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123 456", "123456"),
        (" 12-34\u201356\n", "123456"),
        ("\uff11\uff12\uff13\u3000\uff14\uff15\uff16", "123456"),
        ("\u0661\u0662\u0663\u0664\u0665\u0666", "123456"),
        ("12a456", "12a456"),
        ("\u00b223456", "\u00b223456"),
        ("", ""),
    ],
)
def test_a_codes_digits_are_read_as_the_digits_they_are(typed: str, code: str) -> None:
    assert code_digits(typed) == code
