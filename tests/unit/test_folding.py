"""The form in which text is searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.domain.folding import fold, fold_spelt_out


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("José", "jose"),
        ("JOSE\u0301", "jose"),
        ("Straße STRAẞE", "strasse strasse"),
        ("Wałęsa, Đorđe, Gaišs", "walesa, dorde, gaiss"),
        ("Kærsgård Øst", "kaersgard ost"),
        ("Œuvre Þóra", "oeuvre thora"),
        ("İpek Işıl ISIL", "ipek isil isil"),
        ("ﬁn", "fin"),
        ("Ｔｏｋｙｏ１２", "tokyo12"),
        ("D’Arcy D'Arcy DʼArcy D`Arcy", "darcy darcy darcy darcy"),
        ("Anne\u2011Marie Anne\u2013Marie Anne\u2212Marie", "anne-marie anne-marie anne-marie"),
        ("a\u200bb\u00adc\u202ed", "abcd"),
        ("a\u00a0b\u3000c", "a b c"),
        ("٠١٢ ۳۴", "012 34"),
        ("عَبْد أحمد عبـد", "عبد احمد عبد"),
        ("Σίσυφος", "σισυφοσ"),
        ("佐藤 花子", "佐藤花子"),
        ("ハナ バナ", "ハナバナ"),
        ("김 철수", "김 철수"),
        ("नमस्ते", "नमस्ते"),
    ],
)
def test_text_is_searched_without_case_accents_width_and_kind_of_sign(text: str, form: str) -> None:
    assert fold(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Müller", "mueller"),
        ("MU\u0308LLER", "mueller"),
        ("Schröder-Bäcker", "schroeder-baecker"),
        ("Søren Åsen", "soeren aasen"),
        ("Zoë", "zoe"),
        ("plain", "plain"),
    ],
)
def test_umlauts_may_be_written_as_two_letters(text: str, form: str) -> None:
    assert fold_spelt_out(text) == form


@given(st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc"])))
def test_a_part_of_a_word_stays_a_part_of_it_in_capitals_too(text: str) -> None:
    word = text.upper().lower()
    assert fold(word) in fold(f"x{word}y")
    assert fold_spelt_out(word) in fold_spelt_out(f"x{word}y")
    assert fold(fold(word)) == fold(word)
