"""Reads an API's `/openapi.json` for what of the contract it has; it trusts no shape in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.alias_generators import to_snake

from .capabilities import ALL_SORTS, Capabilities

ROUTES = {
    "timeline": "get /v1/orders/{}/timeline",
    "related": "get /v1/orders/{}/related",
    "add_note": "post /v1/orders/{}/notes",
    "reveal": "post /v1/orders/{}/reveal",
    "change_contact": "patch /v1/orders/{}/contact",
    "resend_confirmation": "post /v1/orders/{}/resend-confirmation",
    "unlock_guest_access": "post /v1/orders/{}/unlock-guest-access",
    "end_guest_access": "delete /v1/guest/order",
    "export": "get /v1/orders.csv",
    "create": "post /v1/orders",
    "set_status": "post /v1/orders/{}/status",
    "audit": "get /v1/audit",
    "preferences": "get /v1/staff/preferences",
    "status_counts": "get /v1/stats/status",
    "daily": "get /v1/stats/daily",
    "pending_age": "get /v1/stats/pending-age",
    "by_country": "get /v1/stats/by-country",
    "by_currency": "get /v1/stats/by-currency",
    "flow": "get /v1/stats/flow",
    "cards": "get /v1/stats/cards",
    "time_in_status": "get /v1/stats/time-in-status",
    "contradictions": "get /v1/stats/contradictions",
    "alarms": "get /v1/stats/alarms",
}
LIST = "get /v1/orders"


def documented(document: Mapping[str, Any]) -> Capabilities | None:
    """Return what a document says; None where it is of another service, or of none."""
    operations = dict(_operations(document))
    if LIST not in operations:
        return None
    parameters = {
        name: parameter for parameter in operations[LIST] if isinstance(name := parameter.get("name"), str)
    }
    calls: dict[str, Any] = {name: route in operations for name, route in ROUTES.items()}
    return Capabilities(
        documented=True,
        filters=frozenset(to_snake(name) for name in parameters) - {"page", "limit", "sort"},
        sorts=_sorts(document, parameters["sort"]) if "sort" in parameters else frozenset(),
        **calls,
    )


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Return each operation as `verb /v1/path/{}` with its query parameters, wherever the API is mounted."""
    for path, found in _mapping(document.get("paths")).items():
        item = _resolved(document, found)
        _, root, rest = str(path).partition("/v1/")
        if not root:
            continue
        route = re.sub(r"\{[^}]*\}", "{}", root + rest).rstrip("/")
        shared = _list(item.get("parameters"))
        for verb, operation in item.items():
            listed = shared + _list(_mapping(operation).get("parameters"))
            parameters = [_resolved(document, each) for each in listed]
            yield f"{str(verb).lower()} {route}", [each for each in parameters if each.get("in") == "query"]


def _sorts(document: Mapping[str, Any], parameter: Mapping[str, Any]) -> frozenset[str]:
    """Return by what a list may be sorted: the values that are named, or all where none are."""
    schema = _resolved(document, parameter.get("schema"))
    kinds = [schema, *(_resolved(document, each) for each in _list(schema.get("anyOf")))]
    named = {str(value).lstrip("-") for kind in kinds for value in _list(kind.get("enum"))}
    return ALL_SORTS & named if named else ALL_SORTS


def _resolved(document: Mapping[str, Any], found: Any) -> Mapping[str, Any]:
    """Follow a `$ref` into the document, as far as a few steps; what leads nowhere is empty."""
    for _ in range(5):
        pointer = _mapping(found).get("$ref")
        if not isinstance(pointer, str):
            break
        found = document
        for step in pointer.removeprefix("#/").split("/"):
            found = _mapping(found).get(step.replace("~1", "/").replace("~0", "~"))
    return _mapping(found)


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []
