"""The texts in which orders are searched."""

from __future__ import annotations

from lib.orders_api.domain.search_texts import Addressee, search_texts

BUYER = Addressee("Jörg Ångström", "Köln", "SW1A 1AA", "Karl-Marx-Straße 12a, 3. OG")
RECIPIENT = Addressee("Anne-Marie Roe", "Łódź", "90-001", "")


def test_what_staff_see_stands_apart_from_what_they_see_masked() -> None:
    texts = search_texts(
        "re-77", "J.Roe@Bücher.example", "0171 2345678", "DE", [BUYER, RECIPIENT], ["Roe Ltd"]
    )
    assert texts.shown.split("\n") == [
        "re-77", "roe ltd", "jorg angstrom", "joerg", "aangstroem", "anne-marie roe", "koln", "koeln", "lodz",
    ]  # fmt: skip
    assert texts.contact == (" j.roe @bucher.example 491712345678 sw1a1aa karl marx strasse 12a 3 og 90001 ")


def test_what_stands_twice_is_kept_once() -> None:
    texts = search_texts("re-77", None, None, "DE", [RECIPIENT, RECIPIENT], ["Anne-Marie Roe"])
    assert texts.shown == "re-77\nanne-marie roe\nlodz"
    assert texts.contact == " 90001 "


def test_an_order_without_anybody_has_its_number_alone() -> None:
    texts = search_texts("re-77", None, None, "", [])
    assert (texts.shown, texts.contact.strip()) == ("re-77", "")
