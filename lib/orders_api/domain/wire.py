"""The field types of the wire format (contract, section 2), shared by all schemas."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from lib.orders_api.domain.clock import start_of_day, zone_of
from lib.orders_api.domain.countries import is_country
from lib.orders_api.domain.money import currency_digits
from lib.orders_api.domain.text import email_key, is_clean, is_order_number
from lib.plain_text import without_unseen

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


class WireModel(BaseModel):
    """An answer: camelCase outside, snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class RequestModel(WireModel):
    """What a caller sends: unknown fields are refused, and nothing is silently turned into another type."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)


def clean(value: Any) -> Any:
    """Return text that can be stored and shown: without what nobody sees in it (lib.plain_text).

    Raises:
        ValueError: it holds control characters.
    """
    if not isinstance(value, str):
        return value
    if not is_clean(value):
        raise ValueError("must not hold control characters")
    return without_unseen(value)


def _rfc_3339(value: Any) -> Any:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be an RFC 3339 time such as 2026-11-23T08:15:00Z")
    return value


def _wanted_time(value: Any, given: ValidationInfo) -> Any:
    """Take a bare date, too, as the start of that day in the zone that was named before it."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return _rfc_3339(value)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a day that there is, or an RFC 3339 time") from None
    return start_of_day(day, zone_of(given.data.get("time_zone", "UTC")))


def _zone_name(value: str) -> str:
    zone_of(value)
    return value


def _in_utc(value: datetime) -> datetime:
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError("must be a time between the years 1970 and 9998")
    return value.astimezone(UTC)


def format_time(value: datetime) -> str:
    """Return a time as the wire format has it, without parts of a second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _email(value: str) -> str:
    seen = without_unseen(value).strip()
    if email_key(seen) is None:
        raise ValueError("must be an email address")
    return seen


def _country(value: str) -> str:
    code = value.upper()
    if not is_country(code):
        raise ValueError("must be an ISO 3166-1 alpha-2 country code")
    return code


def _currency(value: str) -> str:
    currency_digits(value.upper())
    return value.upper()


def _order_number(value: str) -> str:
    seen = without_unseen(value).strip()
    if not is_order_number(seen):
        raise ValueError("must be 1 to 64 printable characters")
    return seen


UtcTime = Annotated[datetime, PlainSerializer(format_time, return_type=str)]
TimeInput = Annotated[AwareDatetime, BeforeValidator(_rfc_3339), AfterValidator(_in_utc)]
WantedTime = Annotated[
    AwareDatetime,
    BeforeValidator(_wanted_time),
    AfterValidator(_in_utc),
    WithJsonSchema({"anyOf": [{"type": "string", "format": each} for each in ("date-time", "date")]}),
]
"""A time, or a bare date for the start of that day; in a ZonedQuery."""
ZoneName = Annotated[str, AfterValidator(_zone_name)]
MoneyInput = Annotated[str, StringConstraints(max_length=24)]
"""A decimal string; money.to_minor_units judges it, together with its currency."""
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
Country = Annotated[str, StringConstraints(min_length=2, max_length=2), AfterValidator(_country)]
CurrencyCode = Annotated[str, StringConstraints(min_length=3, max_length=3), AfterValidator(_currency)]
WantedCountry = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.upper)]
WantedCurrency = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$"), AfterValidator(str.upper)]
MAX_LOCALE = 35
LOCALE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"
Locale = Annotated[str, StringConstraints(max_length=MAX_LOCALE, pattern=LOCALE)]
"""A language, perhaps with a country: `de`, `pt-BR`, `en_US`."""
OrderNumber = Annotated[str, StringConstraints(max_length=200), AfterValidator(_order_number)]
Word = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), BeforeValidator(clean)
]
LongName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), BeforeValidator(clean)
]
OptionalWord = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300), BeforeValidator(clean)
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), BeforeValidator(clean)
]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), BeforeValidator(clean)
]
CustomerNote = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), BeforeValidator(clean)
]


class ZonedQuery(RequestModel):
    """A query with times: bare dates in it are days of this time zone."""

    time_zone: ZoneName = "UTC"
