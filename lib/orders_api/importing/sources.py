"""What an import was asked for, what a file gives it, and an order on its way from there into the store."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.domain.text import order_number_key
from lib.orders_api.importing import strangers
from lib.orders_api.importing.errors import ImportFileError, RowRejectedError, reason_of
from lib.orders_api.orders.creating import PlainOrder, plain_order
from lib.orders_api.orders.schemas import OrderImport
from lib.orders_api.store.tables.orders import TimelineEntry

Format = Literal["jsonl", "shopify", "woocommerce"]
GUESSED_ZONE = (
    "Times without a zone were taken for UTC's. Where they are the shop's own, it has to be named before the"
    " first import: --time-zone Europe/Berlin."
)
CUT_OFF = (
    "The last line of the file has no end. If the file was cut off, its last row is not whole: look at it."
)


ACTOR = "import"
PLACEHOLDER = "ORD-0000-0000"


class ReadOrder(ABC):
    """An order as a kind of file gives it, checked."""

    body: OrderImport
    """What `create` takes, and what only other systems know."""
    now: datetime

    @property
    @abstractmethod
    def adjustment(self) -> int:
        """What its total has more than its parts, in minor units."""

    def build(self, number: str) -> PlainOrder:
        """Make the order, with this number.

        Raises:
            RowRejectedError: an amount is too large, a sum does not agree, or a time can't be right.
        """
        try:
            order = plain_order(self.body, number, self.now, self.adjustment)
            order.updated_at = self.updated_at(order)
        except ValidationFailedError as error:
            raise RowRejectedError(reason_of(error)) from None
        return order

    @abstractmethod
    def updated_at(self, order: PlainOrder) -> datetime:
        """Return when an order that is being built was changed last."""

    @abstractmethod
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


@dataclass(frozen=True)
class Options:
    """How to import a file."""

    format: Format | None = None
    """What it must be; None: what it is."""
    zone: tzinfo | None = None
    """The shop's own, for WooCommerce's times, which name none."""
    statuses: Mapping[str, OrderStatus] = field(default_factory=dict)
    """What statuses of WooCommerce's plugins mean."""
    update: bool = False
    """Whether orders that are there are brought to the file's state."""
    trust_file: bool = False
    """Whether that may be a step back."""


class Kind(ABC):
    """A kind of file: how its records make orders. A record is a row's cells by column, or a JSON value."""

    name: ClassVar[str]
    format: ClassVar[Format]

    @abstractmethod
    def number(self, record: Any) -> str:
        """Return the number of the order that a record belongs to.

        Raises:
            RowRejectedError: there is none, or it can't be one.
        """

    def key(self, record: Any) -> str | None:
        """Return what the records of an order have in common; None: this one is an order of its own.

        Raises:
            RowRejectedError: the record belongs to no order.
        """
        return order_number_key(self.number(record))

    def is_full(self, record: Any) -> bool:
        """Return whether a record holds the order's own data, not a line item alone."""
        return True

    @abstractmethod
    def read(self, full: Any, records: Sequence[Any]) -> ReadOrder:
        """Read an order of its full record and all its records.

        Raises:
            RowRejectedError: it can't be right.
        """


class Record(NamedTuple):
    """A row or a JSON value, by the number of its line or its place; `problem` says why it can't be used."""

    line: int
    raw: Any
    problem: str | None = None


@dataclass(frozen=True)
class Source:
    """What a file gives."""

    kind: Kind
    records: Iterator[Record]
    columns: list[str]
    """The columns of a table; none of JSON."""
    restore: Callable[[Any], Any]
    """Make of a raw record what the kind reads."""
    hints: Callable[[], list[str]]
    """Return, at the end, what whoever imports it should know."""


def stranger(path: Path, what: str) -> ImportFileError:
    """Return what to raise for a file that looks like something else."""
    return ImportFileError(f"{path}: looks like {what}. {strangers.TAKEN}.")


def check(path: Path, kind: Kind, options: Options) -> None:
    """See to it that a file is of the kind that was asked for, and that the other options fit it.

    Raises:
        ImportFileError: they don't.
    """
    if options.format not in (None, kind.format) and not (options.format == "jsonl" and "JSON" in kind.name):
        raise ImportFileError(
            f"{path}: looks like {kind.name}: leave --format out, or say --format {kind.format}"
        )
    if (options.zone or options.statuses) and kind.format != "woocommerce":
        raise ImportFileError(
            f"{path}: looks like {kind.name}: --time-zone and --status go with WooCommerce's files"
        )
