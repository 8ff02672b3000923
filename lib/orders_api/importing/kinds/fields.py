"""Reads single fields as shops write them: times, amounts, phones, addresses; it knows no system's names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from lib.orders_api.domain.money import MAX_MINOR_UNITS, currency_digits, to_decimal_string
from lib.orders_api.domain.text import is_order_number
from lib.orders_api.domain.wire import LOCALE, MAX_LOCALE
from lib.orders_api.importing.countries import country_code
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.orders.creating import CLOCK_LEEWAY
from lib.orders_api.orders.schemas import MAX_QUANTITY

Cells = Mapping[str, str]
"""A row's cells by column, stripped of space around them; an absent column is an empty cell."""
MAX_NOTE = 5000
NO_SKU = "NO-SKU"
"""Stands where the shop gave an item no SKU: the store needs a word."""

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_SPACE_BEFORE_ZONE = re.compile(r" (?=[+-][0-9]{4}$)", re.ASCII)
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,15}),[0-9]{2}", re.ASCII)
_QUANTITY = re.compile(r"([0-9]{1,9})(?:[.,]0+)?", re.ASCII)
_LOST_PHONE = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E\+?[0-9]+|#[A-Z/0]+[?!]?", re.ASCII | re.IGNORECASE)
_LOCALE = re.compile(LOCALE, re.ASCII)
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


@dataclass(frozen=True)
class Phone:
    """A customer's phone, and what is left of one that a spreadsheet took for a number."""

    number: str | None
    lost: str | None


def plain(text: str) -> str:
    """Return text with spaces in place of control characters, line ends among them."""
    return text if text.isprintable() else text.translate(_CONTROLS).strip()


def note(text: str) -> str | None:
    """Return what a customer wrote, in several lines if need be; None for nothing."""
    lines = (plain(line).rstrip() for line in text.splitlines())
    written = "\n".join(lines).strip()
    return written[: MAX_NOTE - 1] + "…" if len(written) > MAX_NOTE else written or None


def locale(text: str) -> str | None:
    """Return a locale such as de-AT, None for what is none: no order is rejected for that."""
    return text if len(text) <= MAX_LOCALE and _LOCALE.match(text) else None


def tags(texts: Iterable[str]) -> list[str]:
    """Return an order's tags without blanks."""
    return [tag for text in texts if (tag := plain(text).strip())]


def order_number(text: str, name: str) -> str:
    """Return an order's number as it stands.

    Raises:
        RowRejectedError: it can't be one; the text names `name`, as with all that follow.
    """
    if not is_order_number(text):
        raise RowRejectedError(f"{name}: must be 1 to 64 printable characters")
    return text


class TimeReader:
    """Reads times such as `2024-07-04 00:00:00 +0000`."""

    def __init__(self, now: datetime, zone: tzinfo | None, needs_zone: bool = False) -> None:
        """Take the present, and the zone of times that name none; without one they are taken for UTC's.

        With `needs_zone`, such times are refused.
        """
        self.now = now
        self.guessed = False
        """Whether a time without a zone was taken for UTC's."""
        self._zone = zone
        self._needs_zone = needs_zone

    def read(self, text: str, name: str, zone: tzinfo | None = None) -> datetime | None:
        """Return a time, or None for nothing; where it names no zone, it is in `zone` or the shop's own.

        Raises:
            RowRejectedError: it is no time, has no zone, or lies before 1970 or in the future.
        """
        if not text:
            return None
        try:
            read = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", text))
            if len(text) <= len("2024-07-04"):
                raise ValueError
        except ValueError:
            raise RowRejectedError(f"{name}: not a time such as 2024-07-04 00:00:00 +0000") from None
        zone = zone or self._zone
        if read.tzinfo is None:
            if self._needs_zone:
                raise RowRejectedError(f"{name}: a time without its zone")
            self.guessed = self.guessed or zone is None
            read = read.replace(tzinfo=zone or UTC)
        try:
            at = read.astimezone(UTC).replace(microsecond=0)
        except OverflowError:
            raise RowRejectedError(f"{name}: out of range") from None
        if at < _EARLIEST:
            raise RowRejectedError(f"{name}: before the year 1970")
        if at > self.now + CLOCK_LEEWAY:
            own = "" if self._needs_zone else "; --time-zone names the shop's own zone"
            raise RowRejectedError(f"{name}: lies in the future{own}")
        return at

    def needed(self, text: str, name: str) -> datetime:
        """Return a time that has to be there.

        Raises:
            RowRejectedError: it is not, or as for `read`.
        """
        at = self.read(text, name)
        if at is None:
            raise RowRejectedError(f"{name}: is missing")
        return at


def currency(text: str, name: str) -> str:
    """Return a currency's code in capitals.

    Raises:
        RowRejectedError: it is none.
    """
    try:
        currency_digits(text.upper())
    except ValueError as error:
        raise RowRejectedError(f"{name}: {error}") from None
    return text.upper()


def amount(
    text: str, name: str, of: str, *, needed: bool = False, signed: bool = False, rounded: bool = False
) -> int:
    """Read an amount in minor units of the currency `of`: `129.90`, or `1.290,00` as Excel may write it.

    Args:
        text: the amount; nothing is 0, unless it is `needed`.
        name: the field's.
        of: the currency.
        needed: whether it may not be missing.
        signed: whether it may be negative.
        rounded: whether digits beyond the currency's are rounded, not refused.

    Raises:
        RowRejectedError: it is no amount.
    """
    if not text and needed:
        raise RowRejectedError(f"{name}: is missing")
    units = Decimal(decimal(text or "0", name)).scaleb(currency_digits(of))
    whole = units.quantize(Decimal(1), ROUND_HALF_UP)
    if units != whole and not rounded:
        raise RowRejectedError(
            f"{name}: has more than the {currency_digits(of)} decimal places of its currency"
        )
    if whole < 0 and not signed:
        raise RowRejectedError(f"{name}: is negative")
    if abs(whole) > MAX_MINOR_UNITS:
        raise RowRejectedError(f"{name}: is too large")
    return int(whole)


def money(minor_units: int, currency: str) -> str:
    """Return an amount as it is said to people: `129.90 EUR`."""
    return f"{to_decimal_string(minor_units, currency)} {currency}"


def decimal(text: str, name: str) -> str:
    """Return a number with a point, even if it has a decimal comma.

    Raises:
        RowRejectedError: it is none.
    """
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    if not _AMOUNT.fullmatch(text):
        raise RowRejectedError(f'{name}: must be an amount such as "129.90"')
    return text


def quantity(text: str, name: str) -> int:
    """Read how many; 0 too.

    Raises:
        RowRejectedError: it is no whole number, or too large.
    """
    read = _QUANTITY.fullmatch(text)
    if read is None or int(read[1]) > MAX_QUANTITY:
        raise RowRejectedError(f"{name}: not a whole number from 1 to {MAX_QUANTITY}")
    return int(read[1])


def without_apostrophe(text: str) -> str:
    """Return a postal code or phone without the apostrophe by which spreadsheets mark text."""
    return text.removeprefix("'").strip()


def phone(*texts: str) -> Phone:
    """Return the first of these that is a phone."""
    found = [number for text in texts if (number := plain(without_apostrophe(text)))]
    good = next((number for number in found if not _LOST_PHONE.fullmatch(number)), None)
    return Phone(good, found[0] if found and good is None else None)


@dataclass(frozen=True)
class Address:
    """An address as a shop has it. Its company, which the store has no place for, goes to the second line."""

    country_name: str
    """What the country's field is called."""
    country: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""

    @property
    def is_somewhere(self) -> bool:
        """Return whether anything can be sent there: some shops fill in nothing but their own country."""
        return bool(self.line1 or self.city or self.postal_code)

    @property
    def name(self) -> str:
        """Return whose address it is."""
        return plain(f"{self.first_name} {self.last_name}").strip() or plain(self.company)

    def as_body(self, other: Self) -> dict[str, Any] | None:
        """Return the address as the store takes it; what it lacks of name and country is that of `other`.

        Raises:
            RowRejectedError: it names a country that does not exist, or there is none.
        """
        if not self.is_somewhere and not (self.name and self.country):
            return None
        named = self if self.first_name or self.last_name else other
        company = plain(self.company)
        first, last = plain(named.first_name), plain(named.last_name)
        if not first and not last:
            last, company = company or plain(other.company), ""
        return {
            "firstName": first,
            "lastName": last,
            "line1": plain(self.line1),
            "line2": ", ".join(part for part in (plain(self.line2), company) if part) or None,
            "city": plain(self.city) or plain(self.region),
            "region": plain(self.region) or None,
            "postalCode": plain(without_apostrophe(self.postal_code)),
            "country": country_code(self.country or other.country, self.country_name),
        }


def split_name(name: str) -> tuple[str, str]:
    """Part a whole name into first name and the rest; a single word is a last name."""
    words = name.split(maxsplit=1)
    return (words[0] if len(words) > 1 else "", words[-1] if words else "")
