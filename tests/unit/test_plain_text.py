"""What nobody sees in a text, and what has to stay in it."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from lib.plain_text import without_unseen

SEEN_FORMAT_CHARACTERS = {
    *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,  # drawn around numbers
    *range(0x13430, 0x13440),  # how hieroglyphs stand to each other
}  # fmt: skip


def test_every_format_character_of_unicode_is_dropped_but_those_that_are_seen() -> None:
    kept = {
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) == "Cf" and without_unseen(f"a{chr(code)}b") != "ab"
    }
    assert kept <= SEEN_FORMAT_CHARACTERS


@pytest.mark.parametrize(
    "text", ["می‌خواهم", "क्‍ष", "👩‍🚀", "❤️", "Łukasz O’Brien", "שרה", "注文", "a\tb\nc", "e\u0301"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert without_unseen(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Jane \u202e€32.40", "Jane €32.40"),
        ("Ber\u200blin", "Berlin"),
        ("ja\u200dne\u200c@example.com", "jane@example.com"),
        ("\u2067Lyon\u2069", "Lyon"),
        ("\ufeffLyon\u00ad", "Lyon"),
        ("A\u115f\u3164B", "AB"),
        ("x" + "".join(chr(0xE0000 + ord(letter)) for letter in "hidden"), "x"),
    ],
)
def test_what_only_hides_or_turns_round_goes(text: str, seen: str) -> None:
    assert without_unseen(text) == seen
