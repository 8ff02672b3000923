"""Finds out what an API can: by its `/openapi.json`, whose shapes nobody trusts, or by asking once around."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic.alias_generators import to_snake

from ._answers import Answer
from ._call import Call, nothing
from ._encoding import path_segment
from ._probing import (
    acts,
    every_call,
    first_page,
    is_heeded,
    is_known,
    is_there,
    is_trouble,
    page_of,
    queries,
    reads,
)
from .capabilities import ALL_FILTERS, ALL_SORTS, Capabilities
from .models import OrderPage

LIST = "get /v1/orders"
DOCUMENT: Call[None] = Call("GET", "/openapi.json", nothing)
Ask = Callable[[Sequence[Call[Any]]], Awaitable[Sequence[Answer | None]]]


def documented(document: Mapping[str, Any]) -> Capabilities | None:
    """Return what a document says; None where it is of another service, or of none."""
    operations = dict(_operations(document))
    if LIST not in operations:
        return None
    parameters = {
        name: parameter for parameter in operations[LIST] if isinstance(name := parameter.get("name"), str)
    }
    calls: dict[str, Any] = {
        str(call.more): f"{call.method.lower()} {_shape(call.route)}" in operations for call in every_call()
    }
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
        route = _shape(root + rest).rstrip("/")
        shared = _list(item.get("parameters"))
        for verb, operation in item.items():
            listed = shared + _list(_mapping(operation).get("parameters"))
            parameters = [_resolved(document, each) for each in listed]
            yield f"{str(verb).lower()} {route}", [each for each in parameters if each.get("in") == "query"]


def _shape(route: str) -> str:
    """Return a route whose parameters have no names."""
    return re.sub(r"\{[^}]*\}", "{}", route)


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


async def survey(ask: Ask) -> Capabilities | None:
    """Find out what an API can by what `ask` returns: the answers to calls, None where there was none.

    None: it can't be found out now.
    """
    (document,) = await ask([DOCUMENT])
    if document is None or is_trouble(document):
        return None
    if document.succeeded and (found := documented(document.problem)):
        return found
    (listed,) = await ask([first_page({})])
    page = page_of(listed)
    if page is None:
        return None
    reading, acting, asking = reads(_some_number(page)), acts(), queries(page)
    answers = await ask([*reading, *acting, *map(first_page, asking)])
    control = answers[len(reading) + len(acting) - 1]
    calls: dict[str, Any] = {
        str(call.more): is_there(answer) if call in reading else is_known(answer, control)
        for call, answer in zip([*reading, *acting[:-1]], answers, strict=False)
    }
    judged = zip(asking, answers[-len(asking) :], strict=True)
    heeded = [query for query, answer in judged if is_heeded(query, answer, page)]
    return Capabilities(
        **calls,
        filters=ALL_FILTERS & {name for query in heeded for name in query},
        sorts=ALL_SORTS & {query["sort"].lstrip("-") for query in heeded if "sort" in query},
    )


def _some_number(page: OrderPage) -> str | None:
    numbers = (order.order_number for order in page.items)
    return next((number for number in numbers if path_segment(number)), None)
