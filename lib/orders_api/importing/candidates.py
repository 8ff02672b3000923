"""An order on its way from a file into the store, whatever the file's kind; it touches neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lib.orders_api.orders.creating import PlainOrder
from lib.orders_api.orders.schemas import OrderImport
from lib.orders_api.store.tables.orders import TimelineEntry

ACTOR = "import"
PLACEHOLDER = "ORD-0000-0000"


class ReadOrder(Protocol):
    """An order as a kind of file gives it."""

    @property
    def body(self) -> OrderImport:
        """Return what `create` takes, and what only other systems know."""

    @property
    def adjustment(self) -> int:
        """Return what its total has more than its parts, in minor units."""

    def build(self, number: str) -> PlainOrder:
        """Make the order, with this number.

        Raises:
            RowRejectedError: an amount is too large, or a sum does not agree.
        """

    def events(self, order: PlainOrder) -> list[TimelineEntry]:
        """Make the timeline of an order that was built, oldest first."""


@dataclass(frozen=True)
class Candidate:
    """An order that was read.

    `order` is it, or was made with PLACEHOLDER where the store has to give a number: `digest` knows it again.
    `reject` is told why it was not taken.
    """

    read: ReadOrder
    order: PlainOrder
    digest: str | None
    reject: Callable[[str], None]

    @property
    def number(self) -> str | None:
        """Return its number in the file, if it has one there."""
        return self.read.body.order_number

    @property
    def token(self) -> str | None:
        """Return its tracking token in the file, if it has one there."""
        given = self.read.body.tracking_token
        return str(given) if given else None
