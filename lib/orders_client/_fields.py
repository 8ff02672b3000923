"""The field types of the wire format (contract, section 2), and what is computed where it is left out."""

import re
from collections.abc import Callable, Mapping
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
Count = Annotated[int, Field(strict=True, ge=0)]
Flag = Annotated[bool, Field(strict=True)]
Secret = Annotated[str, Field(repr=False)]
"""Kept out of `repr`: it opens something, or it is a person's own."""
SecretOrNull = Annotated[str | None, Field(repr=False)]


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
TextOrNone = Annotated[str, BeforeValidator(_empty_for_null)]
"""Text that some shops have none of: their null is an empty string here."""


def with_computed(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order's fields, as they come from the wire, with those that can be computed."""
    computed = {
        alias: value
        for alias, (name, compute) in _COMPUTED.items()
        if order.get(alias) is None and order.get(name) is None and (value := compute(order)) is not None
    }
    return order | computed if computed else order


def with_page_numbers(listed: dict[str, Any], page: int, limit: int) -> dict[str, Any]:
    """Return a page of a list with its number and how many there are, where it does not say so itself."""
    total = listed.get("total")
    known = {"page": page, "totalPages": -(-total // limit) if type(total) is int and limit > 0 else None}
    return listed | {name: value for name, value in known.items() if listed.get(name) is None}


def masked_email(email: object) -> str | None:
    """Return `j***@example.com` for `jane.doe@example.com`, or None for what is no email."""
    local, at, domain = email.rpartition("@") if isinstance(email, str) else ("", "", "")
    return f"{local[:1]}***@{domain}" if at else None


def _item_count(order: Mapping[str, Any]) -> int | None:
    items = order.get("items")
    if not isinstance(items, list):
        return None
    counted = [quantity for item in items if type(quantity := _mapping(item).get("quantity")) is int]
    return sum(counted) if len(counted) == len(items) else None


def _customer_name(order: Mapping[str, Any]) -> str | None:
    address = _mapping(order.get("shippingAddress")) or _mapping(order.get("billingAddress"))
    parts = (address.get("firstName"), address.get("lastName"))
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None


def _of_shipping(name: str) -> Callable[[Mapping[str, Any]], str | None]:
    def compute(order: Mapping[str, Any]) -> str | None:
        value = _mapping(order.get("shippingAddress")).get(name)
        return value if isinstance(value, str) and value else None

    return compute


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


_COMPUTED: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    "itemCount": ("item_count", _item_count),
    "customerName": ("customer_name", _customer_name),
    "emailMasked": ("email_masked", lambda order: masked_email(order.get("email"))),
    "shippingCity": ("shipping_city", _of_shipping("city")),
    "shippingCountry": ("shipping_country", _of_shipping("country")),
}
"""Each field's name on the wire, its name here, and how it is computed."""
