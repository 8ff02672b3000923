"""Finds out what an API can, without changing anything there: from its document, or by asking once around."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from ._answers import Answer
from ._call import Call, nothing
from ._document import documented
from ._encoding import path_segment
from ._probing import acts, first_page, is_heeded, is_known, is_there, is_trouble, page_of, queries, reads
from .capabilities import ALL_FILTERS, ALL_SORTS, Capabilities
from .models import OrderPage

DOCUMENT: Call[None] = Call("GET", "/openapi.json", nothing)

Ask = Callable[[Sequence[Call[Any]]], Awaitable[Sequence[Answer | None]]]


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
