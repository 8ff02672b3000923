"""Money, time and place in a reader's own words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.shared.format import FALLBACK_LOCALE, ago, country, escape, in_line, plain, plural, reader_of

AT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en-US", "Oct 28"), ("en-GB", "28 Oct"), ("de-DE", "28. Okt."), ("ja", "10月28日")],
)
def test_a_day_of_an_axis_is_written_as_the_reader_writes_days(locale: str, written: str) -> None:
    assert reader_of(locale, "UTC").short_day(date(2026, 10, 28)) == written


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("129.90", "EUR", "€129.90"),
        ("1290", "JPY", "¥1,290"),
        ("1.250", "KWD", "KWD\u00a01.250"),
        ("-3.00", "USD", "-$3.00"),
        ("1234567.00", "USD", "$1,234,567.00"),
    ],
)
def test_money_has_the_digits_of_its_currency(amount: str, currency: str, written: str) -> None:
    assert reader_of("en-US", "UTC").money(Decimal(amount), currency) == written


def test_money_is_written_as_the_reader_writes_it() -> None:
    assert reader_of("de-DE", "UTC").money(Decimal("1290.50"), "EUR") == "1.290,50\u00a0€"


def test_times_are_those_of_the_readers_clock() -> None:
    assert reader_of("en-GB", "Asia/Tokyo").moment(AT) == "24 Nov 2026, 08:30"
    assert reader_of("en-GB", "America/Los_Angeles").moment(AT) == "23 Nov 2026, 15:30"


@pytest.mark.parametrize(("locale", "zone"), [(None, None), ("xx-YY", "Mars/Base"), ("", "../../etc/passwd")])
def test_an_unknown_reader_gets_british_english_and_utc(locale: str | None, zone: str | None) -> None:
    reader = reader_of(locale, zone)
    assert str(reader.locale) == FALLBACK_LOCALE
    assert reader.moment(AT) == "23 Nov 2026, 23:30"


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("UTC", date(2026, 10, 25), 24),
        ("Africa/Cairo", date(2026, 4, 24), 23),  # its midnight is skipped
    ],
)
def test_a_day_is_as_long_as_the_readers_clock_makes_it(zone: str, day: date, hours: int) -> None:
    reader = reader_of("en", zone)
    assert reader.day_start(day + timedelta(days=1)) - reader.day_start(day) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "just now"), (59, "just now"), (61, "1 min ago"), (7200, "2 h ago"), (2e5, "2 d ago")],
)
def test_ages_are_rough_and_never_negative(seconds: float, said: str) -> None:
    assert ago(AT, AT + timedelta(seconds=seconds)) == said


def test_countries_are_named_and_unknown_ones_kept() -> None:
    assert (country("DE"), country("fr"), country("ZZZ"), country("")) == ("Germany", "France", "ZZZ", "")


def test_one_is_singular() -> None:
    assert (plural(1, "item"), plural(2, "item"), plural(0, "item")) == ("1 item", "2 items", "0 items")


@given(st.text())
def test_escaped_text_loses_nothing_but_spaces_and_what_nobody_sees(text: str) -> None:
    assert escape(text).replace("\\", "") == " ".join(plain(text).split()).replace("\\", "")


def test_each_part_of_a_line_is_read_by_itself() -> None:
    assert in_line("Jane\u202e", None, "€32.40", "") == "Jane · €32.40"
    assert in_line("נועה", "€32.40") == "\u2068נועה\u2069 · €32.40"
    assert in_line("علي\u2069", "32.40\u00a0€") == "\u2068علي\u2069 · 32.40\u00a0€"


def test_an_image_does_not_survive_escaping() -> None:
    assert escape("![x](http://a/b.png)") == r"\!\[x\]\(http\:\/\/a\/b\.png\)"
