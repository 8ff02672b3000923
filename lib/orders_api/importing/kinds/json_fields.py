"""Reads fields of the JSON that shops' own APIs give: what is absent, null or of another type is no text."""

import re
from collections.abc import Mapping
from typing import Any

from lib.plain_text import without_unseen

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake(value: Any) -> Any:
    """Return JSON with its keys in snake_case, as REST APIs write them: GraphQL's are in camelCase."""
    if isinstance(value, dict):
        return {_HUMP.sub("_", key).lower(): snake(each) for key, each in value.items()}
    if isinstance(value, list):
        return [snake(each) for each in value]
    return value


def text(value: Any, *names: str) -> str:
    """Return the first of an object's fields that is a text or a number, as it is seen; or nothing."""
    for name in names:
        found = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(found, str) and (seen := without_unseen(found).strip()):
            return seen
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return f"{found:.12g}" if isinstance(found, float) else str(found)
    return ""


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """Return the first of an object's fields that is an object; an empty one for none."""
    found = (value.get(name) for name in names) if isinstance(value, Mapping) else ()
    return next((each for each in found if isinstance(each, Mapping)), {})


def parts(value: Any, name: str) -> list[Mapping[str, Any]]:
    """Return the objects in a list of an object, or in a connection of GraphQL's."""
    found = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(found, Mapping):
        found = found.get("nodes") or [part(edge, "node") for edge in parts(found, "edges")]
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def texts(value: Any) -> list[str]:
    """Return the texts of a list, or of a text with commas between them."""
    if isinstance(value, str):
        return value.split(",")
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
