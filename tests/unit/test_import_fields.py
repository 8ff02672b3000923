"""Single fields as shops write them: times, amounts, phones, addresses, notes; without any store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.kinds import fields
from lib.orders_api.importing.kinds.fields import Address, TimeReader

NOW = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
NOWHERE = Address("billing country", "")


def address(**given: str) -> Address:
    return Address("shipping country", **{"country": "", **given})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-04 00:00:00 +0000", datetime(2024, 7, 4, tzinfo=UTC)),
        ("2024-07-04 23:30:00 -0400", datetime(2024, 7, 5, 3, 30, tzinfo=UTC)),
        ("2024-07-04T09:00:00+02:00", datetime(2024, 7, 4, 7, tzinfo=UTC)),
        ("2024-07-04T09:00:00.123Z", datetime(2024, 7, 4, 9, tzinfo=UTC)),
        ("", None),
    ],
)
def test_times_are_read_with_their_zone(text: str, expected: datetime | None) -> None:
    assert TimeReader(NOW, None, needs_zone=True).read(text, "Paid at") == expected


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2024-07-04",
        "20240704",
        "2024-07-04 00:00:00",
        "1969-12-31 00:00:00 +0000",
        "0001-01-01T00:00:00+14:00",
        "2026-11-23 08:30:00 +0000",
    ],
)
def test_times_that_are_none_or_to_come_are_refused(text: str) -> None:
    with pytest.raises(RowRejectedError, match=r"^Paid at: "):
        TimeReader(NOW, None, needs_zone=True).read(text, "Paid at")


def test_a_time_without_a_zone_is_the_shops_own_or_taken_for_utcs_and_that_is_known() -> None:
    tokyo, unknown = TimeReader(NOW, ZoneInfo("Asia/Tokyo")), TimeReader(NOW, None)
    assert tokyo.read("2024-07-04 09:00:00", "order_date") == datetime(2024, 7, 4, tzinfo=UTC)
    assert unknown.read("2024-07-04T09:00:00Z", "order_date") == datetime(2024, 7, 4, 9, tzinfo=UTC)
    assert (tokyo.guessed, unknown.guessed) == (False, False)
    assert unknown.read("2024-07-04 09:00:00", "order_date") == datetime(2024, 7, 4, 9, tzinfo=UTC)
    assert unknown.guessed


@pytest.mark.parametrize(
    ("text", "currency", "units"),
    [
        ("129.90", "EUR", 12990),
        ("129,90", "EUR", 12990),
        ("1.290,00", "EUR", 129000),
        ("1290", "JPY", 1290),
        ("1290.00", "JPY", 1290),
        ("1.250", "KWD", 1250),
        ("", "EUR", 0),
    ],
)
def test_amounts_are_read_also_with_a_decimal_comma(text: str, currency: str, units: int) -> None:
    assert fields.amount(text, "Total", currency) == units


@pytest.mark.parametrize(
    "text", ["1,290", "1.290,0", "1,290.00", "12.345", "-1.00", "1e3", "9" * 20, "ten", "€ 5.00", "²"]
)
def test_amounts_that_could_be_two_things_or_none_are_refused(text: str) -> None:
    with pytest.raises(RowRejectedError, match=r"^Total: "):
        fields.amount(text, "Total", "EUR", needed=True)


def test_amounts_may_be_rounded_or_below_nothing_only_where_that_is_said() -> None:
    assert fields.amount("-2.005", "fee_total", "EUR", signed=True, rounded=True) == -201
    with pytest.raises(RowRejectedError, match="decimal places"):
        fields.amount("-2.005", "fee_total", "EUR", signed=True)
    with pytest.raises(RowRejectedError, match="is missing"):
        fields.amount("", "Total", "EUR", needed=True)


@pytest.mark.parametrize(
    ("texts", "number", "lost"),
    [
        (("1", "2", "3"), "1", None),
        (("'", "2", "3"), "2", None),
        (("'+31 20 000 0001",), "+31 20 000 0001", None),
        (("4.91511E+11", "030 23125"), "030 23125", None),
        (("", "4.91511E+11"), None, "4.91511E+11"),
        (("4,9E+12",), None, "4,9E+12"),
        (("#NAME?",), None, "#NAME?"),
        (("",), None, None),
    ],
)
def test_a_phone_is_the_first_that_is_one_and_what_a_spreadsheet_made_of_it_is_lost(
    texts: tuple[str, ...], number: str | None, lost: str | None
) -> None:
    assert fields.phone(*texts) == fields.Phone(number, lost)


def body(given: Address, other: Address = NOWHERE) -> dict[str, Any]:
    made = given.as_body(other)
    assert made is not None
    return made


def test_an_address_is_kept_as_it_is_but_for_control_characters_and_the_spreadsheets_apostrophe() -> None:
    made = body(
        address(
            first_name="Ana\x0bMaría",
            line1="Obere\x1fStr.\r\n57",
            line2="\tHof ",
            company="Save-a-lot",
            city="'s-Gravenhage",
            postal_code="'01067",
            country="nl",
        )
    )
    assert made["firstName"] == "Ana María"
    assert made["line1"] == "Obere Str.  57"
    assert made["line2"] == "Hof, Save-a-lot"
    assert (made["city"], made["postalCode"], made["country"]) == ("'s-Gravenhage", "01067", "NL")


def test_what_an_address_lacks_of_name_and_country_is_the_other_ones() -> None:
    other = address(first_name="Ana", last_name="Lindner", country="DE", city="Dresden")
    made = body(address(city="Berlin"), other)
    assert (made["firstName"], made["lastName"], made["country"], made["line1"]) == (
        "Ana",
        "Lindner",
        "DE",
        "",
    )
    company = body(address(company="Around the Horn", line1="x", country="GB"))
    assert (company["lastName"], company["line2"]) == ("Around the Horn", None)


def test_where_nothing_can_be_sent_there_is_an_address_only_with_a_name_and_a_country() -> None:
    assert address(first_name="Ana").as_body(NOWHERE) is None
    assert address(country="DE").as_body(NOWHERE) is None
    assert body(address(last_name="Prova", country="DE"))["city"] == ""


@pytest.mark.parametrize(
    ("country", "code"),
    [
        *(("DE", "DE"), ("gb", "GB"), ("Germany", "DE"), ("UK", "GB"), ("United States", "US")),
        *(("Turkey", "TR"), ("Scotland", "GB"), ("AC", "AC"), ("TA", "TA"), ("AN", "AN"), ("xk", "XK")),
    ],
)
def test_countries_are_codes_or_names_also_of_territories_and_of_countries_that_were(
    country: str, code: str
) -> None:
    assert body(address(city="x", country=country))["country"] == code


@pytest.mark.parametrize("country", ["Atlantis", "ZZ", "\x00", ""])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(RowRejectedError, match="shipping country"):
        body(address(city="x", country=country))


def test_notes_keep_their_lines_and_tags_are_taken_apart() -> None:
    assert fields.note(" Ring twice,\r\nthen\x07 wait \n\n") == "Ring twice,\nthen  wait"
    assert fields.note(" \n") is None
    assert len(fields.note("x" * 6000) or "") == 5000
    assert fields.tags(["vip", " ", " wholesale\x00"]) == ["vip", "wholesale"]
