"""Turns money, time and place into a reader's own words; pure, it reads neither clock nor browser."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.numbers import NumberPattern, format_currency, format_decimal, parse_pattern
from pydantic import BaseModel

from lib.plain_text import without_unseen

FALLBACK_LOCALE = "en_GB"
NOT_GIVEN = "not given"
"""What is said where a shop's API leaves something out."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])")
_CODE_TOUCHES_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_ENGLISH = Locale("en")
LONG_AGO = timedelta(days=300)
"""After so long a day needs its year."""
NO_COUNTRY = "ZZ"
"""What the API calls the country of orders without an address, to filter by it."""
FORMER_COUNTRIES = {
    "AN": "Netherlands Antilles",
    "CS": "Serbia and Montenegro",
    "TP": "East Timor",
    "YU": "Yugoslavia",
    "ZR": "Zaire",
}
"""Countries that are no more, which old orders still name, and Babel does not."""
NO_EMAIL = "no email"
NO_ADDRESS = "no address (pickup or download)"


@dataclass(frozen=True)
class Reader:
    """The person who reads the page: how they write numbers and dates, and the zone of their clock."""

    locale: Locale
    zone: tzinfo

    def money(self, amount: Decimal | None, currency: str | None) -> str:
        """Write an amount such as `€129.90`; the digits it came with are its currency's own."""
        if amount is None or currency is None:
            return NOT_GIVEN
        pattern = _money_pattern(str(self.locale), max(-int(amount.as_tuple().exponent), 0))
        text = format_currency(amount, currency, pattern, self.locale, currency_digits=False)
        return _CODE_TOUCHES_DIGIT.sub("\u00a0", text)

    def number(self, value: int) -> str:
        """Write a whole number with its thousands apart."""
        return format_decimal(value, locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Write a time to the minute by the reader's clock."""
        local = at.astimezone(self.zone)
        return f"{format_date(local, 'medium', self.locale)}, {self.clock(at)}"

    def exact(self, at: datetime) -> str:
        """Write a time to the second, with its zone, by the reader's clock."""
        return format_datetime(at.astimezone(self.zone), "long", locale=self.locale)

    def clock(self, at: datetime) -> str:
        """Write the hour and minute by the reader's clock, with `AM` or `PM` where they write so."""
        return format_time(at.astimezone(self.zone), "short", locale=self.locale)

    def day(self, day: date) -> str:
        """Write a calendar day."""
        return format_date(day, "medium", self.locale)

    @property
    def day_pattern(self) -> str:
        """How the reader writes a day in digits, as Streamlit's date box says it: `DD/MM/YYYY`."""
        written = self.locale.date_formats["short"].pattern
        order = [letter for letter in dict.fromkeys(written) if letter in "dMy"]
        sign = next((sign for sign in written if sign in "./-"), "/")
        return sign.join({"d": "DD", "M": "MM", "y": "YYYY"}[letter] for letter in order)

    def short_day(self, day: date) -> str:
        """Write a calendar day without its year, such as `28 Oct`."""
        return format_skeleton("MMMd", day, locale=self.locale)

    def lately(self, at: datetime, now: datetime, *, clock: bool = False) -> str:
        """Write a time shortly: its day, if asked for with the clock; with the year alone if long ago."""
        day = at.astimezone(self.zone).date()
        if now - at > LONG_AGO:
            return self.day(day)
        return f"{self.short_day(day)}, {self.clock(at)}" if clock else self.short_day(day)

    def days(self, first: date, last: date) -> str:
        """Write a range of days, both included."""
        return f"from {self.day(first)} to {self.day(last)}" if first != last else f"on {self.day(first)}"

    def day_start(self, day: date) -> datetime:
        """Return the first moment of a day by the reader's clock, in UTC, also where midnight is skipped."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@cache
def _money_pattern(locale: str, digits: int) -> NumberPattern:
    fraction = f".{'0' * digits}" if digits else ""
    written = Locale.parse(locale).currency_formats["standard"].pattern
    return parse_pattern(re.sub(r"\.0+", fraction, written))


def reader_of(locale: str | None, zone: str | None) -> Reader:
    """Make a reader from what a browser says; British English and UTC where that is missing or unknown."""
    return Reader(_locale_of(locale), _zone_of(zone))


def _locale_of(tag: str | None) -> Locale:
    try:
        return Locale.parse((tag or "").split("-u-")[0], sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(FALLBACK_LOCALE)


def _zone_of(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return UTC


def ago(at: datetime, now: datetime) -> str:
    """Say roughly how long ago something was, such as `5 min ago`; never negative."""
    known = age(at, now)
    return f"{known} ago" if known else "just now"


def age(at: datetime, now: datetime) -> str:
    """Say roughly how old something is, such as `2 d`; nothing within the first minute."""
    seconds = (now - at) // timedelta(seconds=1)
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return ""


def country(code: str) -> str:
    """Name a country in English from its two letters; an unknown code is its own name."""
    if code == NO_COUNTRY:
        return "No country"
    known = FORMER_COUNTRIES.get(code.upper()) or _ENGLISH.territories.get(code.upper(), code)
    return known if len(code) == 2 else code


def plural(count: int, one: str, many: str | None = None) -> str:
    """Say a number and its noun: `1 item`, `2 items`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def plain(text: str) -> str:
    """Make text show what it says, whoever typed it; all text of an order comes to a page through this.

    A name that ends in U+202E would turn the amount beside it round, and a city with a space of no width in
    it looks like another.
    """
    return without_unseen(text)


def in_line(*parts: str | None) -> str:
    """Write what is known in a line, each part by itself: one from right to left turns no other round."""
    return " · ".join(_isolated(plain(part)) for part in parts if part)


def _isolated(text: str) -> str:
    from_the_right = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)
    return f"\u2068{text}\u2069" if from_the_right else text


def escape(text: str) -> str:
    """Make text harmless in Markdown, so that what a customer typed shows as typed and loads nothing."""
    return _MARKDOWN.sub(r"\\\1", " ".join(plain(text).split()))


def lacks(answer: BaseModel, field: str) -> bool:
    """Return whether an API says that there is none of this, and does not only leave it out."""
    return getattr(answer, field) is None and field in answer.model_fields_set


def or_missing(value: str | None, answer: BaseModel, field: str, words: str) -> str:
    """Return a value, or `words` where the API says that there is none, or that it was not given."""
    return plain(value or "") or (words if lacks(answer, field) else NOT_GIVEN)
