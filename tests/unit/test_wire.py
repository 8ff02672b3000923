"""The field types of the wire format: what each takes, and in which form it gives it on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from lib.orders_api.domain.wire import (
    Country,
    CurrencyCode,
    Email,
    OrderNumber,
    RequestModel,
    TimeInput,
    UtcTime,
    Word,
)


def read(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-23T08:15:00Z", datetime(2026, 11, 23, 8, 15, tzinfo=UTC)),
        ("2026-11-23t08:15:00z", datetime(2026, 11, 23, 8, 15, tzinfo=UTC)),
        ("2026-11-23 08:15:00.5+01:00", datetime(2026, 11, 23, 7, 15, 0, 500_000, tzinfo=UTC)),
        ("2024-02-29T23:59:59-11:30", datetime(2024, 3, 1, 11, 29, 59, tzinfo=UTC)),
    ],
)
def test_an_rfc_3339_time_is_read_as_utc(text: str, time: datetime) -> None:
    assert read(TimeInput, text) == time
    assert read(TimeInput, text).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-23",
        "2026-11-23T08:15:00",
        "2026-11-23T08:15Z",
        "20261123T081500Z",
        "2026-02-30T00:00:00Z",
        "2026-11-23T25:00:00Z",
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "2026-11-23T08:15:00Z\n",
        "٢٠٢٦-11-23T08:15:00Z",
        "1700000000",
        1_700_000_001,
        None,
        datetime(2026, 1, 1),
    ],
    ids=str,
)
def test_another_time_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        read(TimeInput, value)


def test_a_time_is_given_in_utc_to_the_second() -> None:
    moment = datetime(2026, 11, 23, 9, 15, 59, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert TypeAdapter(UtcTime).dump_python(moment) == "2026-11-23T08:15:59Z"


@pytest.mark.parametrize(("given", "code"), [("fr", "FR"), ("GB", "GB"), ("xk", "XK")])
def test_countries_are_iso_3166_and_kosovo(given: str, code: str) -> None:
    assert read(Country, given) == code


@pytest.mark.parametrize("given", ["", "F", "FRA", "UK", "ZZ", "f1"])
def test_other_countries_are_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        read(Country, given)


def test_currencies_are_iso_4217_in_capitals() -> None:
    assert read(CurrencyCode, "eur") == "EUR"
    for wrong in ("EURO", "EUX", "XAU", "", "€"):
        with pytest.raises(ValidationError):
            read(CurrencyCode, wrong)


def test_texts_are_trimmed_and_hold_no_control_characters() -> None:
    assert read(Word, "  a b ") == "a b"
    assert read(OrderNumber, " #1001 ") == "#1001"
    assert read(Email, " Jane@x.yz ") == "Jane@x.yz"
    for wrong in ("", "  ", "a\x00b", "x" * 301):
        with pytest.raises(ValidationError):
            read(Word, wrong)


def test_what_nobody_sees_is_not_kept() -> None:
    assert read(Word, " Ber\u200blin\u202e ") == "Berlin"
    assert read(OrderNumber, "\u200e#1001") == "#1001"
    assert read(Email, "ja\u200bne@x.yz") == "jane@x.yz"
    with pytest.raises(ValidationError):
        read(Word, "\u200b \u2060")


class Ask(RequestModel):
    """A request with one field of two words."""

    two_words: str


def test_a_request_takes_its_camel_case_names_and_no_others() -> None:
    assert Ask.model_validate({"twoWords": "x"}).two_words == "x"
    for wrong in ({"two_words": "x"}, {"twoWords": "x", "more": 1}, {"twoWords": 1}, {}):
        with pytest.raises(ValidationError):
            Ask.model_validate(wrong)
