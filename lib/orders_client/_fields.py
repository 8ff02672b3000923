"""The field types of the wire format (contract, section 2), strict about numbers, times and money."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,10})?", re.ASCII)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Model(BaseModel):
    """A frozen value: snake_case inside, camelCase outside; a server may send more than is known here."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )


def _decimal_text(value: Any) -> Any:
    """Take what the wire format gives for money, so neither 1e3 nor a float that has lost its cents."""
    if isinstance(value, Decimal) or (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        return value
    raise ValueError("must be a decimal string")


def _time_text(value: Any) -> Any:
    if isinstance(value, datetime) or (isinstance(value, str) and _TIME.fullmatch(value)):
        return value
    raise ValueError("must be an RFC 3339 time")


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time that a calendar knows") from None


def _day_text(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("must be a day such as 2026-11-23")


def _empty_for_null(value: Any) -> Any:
    return "" if value is None else value


Money = Annotated[Decimal, BeforeValidator(_decimal_text)]
Time = Annotated[AwareDatetime, BeforeValidator(_time_text), AfterValidator(_in_utc)]
Day = Annotated[date, BeforeValidator(_day_text)]
Count = Annotated[int, Field(strict=True, ge=0)]
Flag = Annotated[bool, Field(strict=True)]
TextOrNone = Annotated[str, BeforeValidator(_empty_for_null)]
"""Text that some shops have none of: their null is an empty string here."""
Secret = Annotated[str, Field(repr=False)]
"""Kept out of `repr`: it opens something, or it is a person's own."""
SecretOrNull = Annotated[str | None, Field(repr=False)]
