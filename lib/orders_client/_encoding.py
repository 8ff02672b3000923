"""Turns arguments into paths, queries, headers and bodies without changing them; it sends nothing."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from pydantic.alias_generators import to_camel

LONGEST_SEGMENT = 1_000
_TOKEN = re.compile(r"[\x21-\x7e]{1,8000}")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_HEADER_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")


def path_segment(value: str) -> str | None:
    """Percent-encode one segment of a path (`/` as `%2F`), or give None for text that none can carry.

    `.` and `..` are sent as %2E and %2E%2E, which httpx leaves alone and uvicorn reads back; a proxy that
    resolves them (RFC 3986, 6.2.2) reaches a shorter path, so another call, but never another order. Between
    slashes they are refused: a proxy that decodes %2F would make another order of `A/../B`.
    """
    if not 1 <= len(value) <= LONGEST_SEGMENT:
        return None
    if value in (".", ".."):
        return value.replace(".", "%2E")
    if {".", ".."} & set(value.split("/")):
        return None
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        return None


def query_string(params: Mapping[str, Any]) -> str:
    """Encode parameters named in snake_case; None and empty sequences are left out, sequences repeated.

    Raises:
        ValueError: a value that can't be written, such as a time without a zone; only its name is told.
        TypeError: a value of a type that has no wire format.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in params.items():
        many = isinstance(value, Iterable) and not isinstance(value, str | bytes)
        pairs += [
            (to_camel(name), wire_text(name, each))
            for each in (value if many else [value])
            if each is not None
        ]
    return urlencode(pairs, quote_via=quote)


def wire_text(name: str, value: Any) -> str:
    """Write one value in the wire format (contract, section 2)."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime):
        return _time_text(name, value)
    if isinstance(value, Decimal):
        return _decimal_text(name, value)
    if isinstance(value, str):
        if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            raise ValueError(f"{name} holds half a character, which UTF-8 can't carry")
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date | UUID):
        return str(value)
    raise TypeError(f"{name} can't be a {type(value).__name__}")


def json_body(fields: Mapping[str, Any]) -> bytes:
    """Write a body, whose keys are as given; ASCII only, so that any text survives any server.

    Raises:
        ValueError: NaN, infinity or a time without a zone.
    """
    return json.dumps(fields, default=_json_value, allow_nan=False, separators=(",", ":")).encode()


def bearer(token: object) -> str:
    """Return the Authorization header for a token.

    Raises:
        ValueError: text that no header can carry; it is not part of the message.
    """
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise ValueError("the token is empty or holds characters that a header can't carry")
    return f"Bearer {token}"


def is_bearer(token: object) -> bool:
    """Tell whether a header can carry the token."""
    return isinstance(token, str) and _TOKEN.fullmatch(token) is not None


def checked_key(key: str) -> str:
    """Return an idempotency key back.

    Raises:
        ValueError: not 1 to 255 visible ASCII characters.
    """
    if not _KEY.fullmatch(key):
        raise ValueError("idempotency_key must be 1 to 255 visible ASCII characters")
    return key


def header_text(value: str) -> str:
    """Percent-encode (UTF-8) what a header can't carry; a plain name stays as it is."""
    return quote(value, safe=_HEADER_SAFE, errors="replace")


def _json_value(value: object) -> str:
    if isinstance(value, Decimal | datetime | date | UUID):
        return wire_text("a value", value)
    raise TypeError(f"a body can't hold a {type(value).__name__}")


def _time_text(name: str, value: datetime) -> str:
    if value.utcoffset() is None:
        raise ValueError(f"{name} must have a time zone")
    try:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise ValueError(f"{name} is outside the calendar") from None


def _decimal_text(name: str, value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{name} must be a finite number")
    return f"{value:f}"
