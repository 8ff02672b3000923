"""An order on its way from a file into the store, whatever the file's format; it touches neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib.orders_api.store.tables.orders import Order, TimelineEntry

ACTOR = "import"
PLACEHOLDER = "ORD-0000-0000"

Built = tuple[Order, list[TimelineEntry]]


@dataclass(frozen=True)
class Candidate:
    """An order that was read.

    `built` are its rows; `rebuild` makes them anew with another order number, or when the first ones were
    lost with their transaction. `reject` is told why the order was not taken. `number` is None where the
    store has to give one: then `built` has PLACEHOLDER, and `digest` knows the order again.
    """

    number: str | None
    token: str | None
    digest: str | None
    built: Built
    rebuild: Callable[[str], Built]
    reject: Callable[[str], None]
