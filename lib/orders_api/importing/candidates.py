"""An order on its way from a file into the store, whatever the file's kind; it touches neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lib.orders_api.orders.schemas import OrderImport
from lib.orders_api.store.tables.orders import Order, TimelineEntry

ACTOR = "import"
PLACEHOLDER = "ORD-0000-0000"

Built = tuple[Order, list[TimelineEntry]]


class ReadOrder(Protocol):
    """An order as a kind of file gives it."""

    @property
    def body(self) -> OrderImport:
        """Return what `create` takes, and what only other systems know."""

    @property
    def adjustment(self) -> int:
        """Return what its total has more than its parts, in minor units."""

    def build(self, number: str) -> Built:
        """Make the rows of the store, with this order number.

        Raises:
            RowRejectedError: an amount is too large, or a sum does not agree.
        """


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
    dated: bool
    """Whether the file says when the order was made."""
    built: Built
    rebuild: Callable[[str], Built]
    reject: Callable[[str], None]
