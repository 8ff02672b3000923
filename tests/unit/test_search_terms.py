"""What is read of what somebody types or pastes to find an order."""

from __future__ import annotations

import pytest

from lib.orders_api.domain.search_terms import cleaned, email_form, read_terms, word_forms, words_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Order #4711", "4711"),
        ("order no. 4711.", "4711"),
        ("Bestell-Nr.: A-4711", "A-4711"),
        ("Commande n° FR/2026/4711", "FR/2026/4711"),
        ("# 4711", "4711"),
        ("№4711", "4711"),
        ("ORDER-4711", "ORDER-4711"),
        ("order", "order"),
        ("Order Anna", "Order Anna"),
        ("<a.b@c.example>", "a.b@c.example"),
        ("mailto:a.b@c.example", "a.b@c.example"),
        ("(MAILTO:a.b@c.example)", "a.b@c.example"),
        ("tel:+49-171-2345678", "+49-171-2345678"),
        ("“Anna Roe”,", "Anna Roe"),
        ("«4711»", "4711"),
        ("4711!", "4711"),
        ("  4711\n", "4711"),
        ('"', ""),
    ],
)
def test_what_people_paste_along_is_no_part_of_it(typed: str, meant: str) -> None:
    assert cleaned(typed) == meant


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Roe, Anna", [("Roe",), ("Anna",)]),
        ("anna anna", [("anna",)]),
        ("Anne\u2011Marie Roe", [("Anne", "Marie"), ("Roe",)]),
        ("A-2026-77 anna", [("A-2026-77",), ("anna",)]),
        ("a-b@c-d.example", [("a-b@c-d.example",)]),
        ("+49 (0) 171 2345 678 roe", [("+49", "0", "171", "2345", "678"), ("roe",)]),
        ("EC1A 1BB", [("EC1A", "1BB")]),
        ("roe 2595 AA", [("roe",), ("2595", "AA")]),
        ('jo "ann" roe', [("jo",), ("ann",), ("roe",)]),
        ("-", [("-",)]),
        ('" "', []),
        ("anna \u200b", [("anna",)]),
    ],
)
def test_a_query_is_read_into_terms(typed: str, terms: list[tuple[str, ...]]) -> None:
    assert [term.words for term in read_terms(typed)] == terms


def test_a_word_has_another_form_where_it_may_be_spelt_out() -> None:
    assert word_forms("Jörg") == ["jorg", "joerg"]
    assert word_forms("Jorg") == ["jorg"]
    assert word_forms("\u200b") == []


def test_words_of_a_text_are_those_that_are_typed() -> None:
    assert words_of("Karl-Marx-Allee 12-14, 3. OG (links)") == [
        "Karl", "Marx", "Allee", "12-14", "3", "OG", "links",
    ]  # fmt: skip


def test_an_email_is_searched_with_its_domain_in_letters() -> None:
    assert email_form("Jörg@xn--mnchen-3ya.example") == email_form("jorg@MÜNCHEN.example")
    assert email_form("a@xn--\u00df.example") == "a@xn--ss.example"
