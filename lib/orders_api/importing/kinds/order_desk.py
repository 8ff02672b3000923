"""Order Desk's own JSON Lines: bodies of `create`, or orders as `get` gives them, unmasked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, ValidationError

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.money import to_minor_units
from lib.orders_api.domain.statuses import OrderStatus, Source
from lib.orders_api.domain.wire import RequestModel, TimeInput
from lib.orders_api.importing.errors import RowRejectedError, reason_of
from lib.orders_api.importing.history import remarks
from lib.orders_api.importing.kinds.fields import money
from lib.orders_api.importing.sources import ACTOR, Kind, ReadOrder
from lib.orders_api.orders.creating import CLOCK_LEEWAY, PlainOrder, created_entry, lines_of, sums_of
from lib.orders_api.orders.schemas import OrderImport
from lib.orders_api.store.tables.orders import TimelineEntry


class _Computed(RequestModel):
    """What an OrderDetail holds beside a body of `create`: it follows from the rest, or is not to be kept."""

    item_count: Annotated[int, Field(strict=True)] | None = None
    shipping_city: str | None = None
    shipping_country: str | None = None
    email_masked: str | None = None
    contact_masked: Annotated[bool, Field(strict=True)] | None = None
    source: Source | None = None
    updated_at: TimeInput | None = None


_COMPUTED_KEYS = frozenset(field.alias or name for name, field in _Computed.model_fields.items())


class ReadOwnOrder(ReadOrder):
    """An order as one line of a file has it."""

    def __init__(self, value: Mapping[str, Any], now: datetime) -> None:
        """Check an order.

        Raises:
            RowRejectedError: as for `read`.
        """
        sent = dict(value)
        computed = {key: sent.pop(key) for key in _COMPUTED_KEYS & sent.keys()}
        try:
            self._computed = _Computed.model_validate(computed)
            if self._computed.contact_masked:
                raise RowRejectedError("contactMasked: the contact data are masked")
            self.body = OrderImport.model_validate(sent)
        except ValidationError as error:
            raise RowRejectedError(reason_of(error)) from None
        self.now = now
        self._check_against_the_rest()

    @cached_property
    def adjustment(self) -> int:
        """Return what its total has more than its parts: an order that was imported before may have some.

        Raises:
            ValidationFailedError: an amount can't be right.
        """
        total = self.body.grand_total
        if self._computed.source is not Source.IMPORT or total is None:
            return 0
        parts = self.body.model_copy(update={"grand_total": None})
        try:
            return to_minor_units(total, parts.currency) - sums_of(parts, lines_of(parts), 0).grand_total
        except ValueError as error:
            raise ValidationFailedError.of("grandTotal", str(error)) from None

    def updated_at(self, order: PlainOrder) -> datetime:
        at = self._computed.updated_at or order.updated_at
        if at > self.now + CLOCK_LEEWAY or at < order.created_at:
            raise ValidationFailedError.of("updatedAt", "must lie between createdAt and now")
        return at.replace(microsecond=0)

    def events(self, order: PlainOrder) -> list[TimelineEntry]:
        """Make its timeline: nobody says by which way it came to its status."""
        return [created_entry(order, ACTOR), *remarks(self._said(), order.updated_at)]

    def _said(self) -> Iterator[str]:
        if self.adjustment:
            by = money(abs(self.adjustment), self.body.currency)
            more = "more" if self.adjustment > 0 else "less"
            yield f"The total is {by} {more} than its parts add up to, as it was where the order comes from."

    def _check_against_the_rest(self) -> None:
        computed, body = self._computed, self.body
        if computed.item_count not in (None, sum(item.quantity for item in body.items)):
            raise RowRejectedError("itemCount: is not the sum of the quantities")
        address = body.shipping_address
        if computed.shipping_city not in (None, address.city if address else None):
            raise RowRejectedError("shippingCity: is not that of shippingAddress")
        if computed.shipping_country not in (None, address.country if address else None):
            raise RowRejectedError("shippingCountry: is not that of shippingAddress")
        if body.cancel_reason is not None and body.status is not OrderStatus.CANCELLED:
            raise RowRejectedError("cancelReason: the order is not CANCELLED")


class OrderDeskJson(Kind):
    """Order Desk's own orders."""

    name = "Order Desk's own orders (JSON Lines)"
    format = "jsonl"

    def __init__(self, now: datetime) -> None:
        self._now = now

    @staticmethod
    def fits(value: Mapping[str, Any]) -> bool:
        """Return whether a value is such an order."""
        return "items" in value and not value.keys().isdisjoint(("currency", "orderNumber"))

    def number(self, value: Any) -> str:
        """Return an order's number; an empty one, which is no key, where it has none."""
        number = value.get("orderNumber") if isinstance(value, Mapping) else None
        return number if isinstance(number, str) else ""

    def read(self, full: Any, _rows: Sequence[Any]) -> ReadOwnOrder:
        if not isinstance(full, Mapping):
            raise RowRejectedError("not a JSON object")
        return ReadOwnOrder(full, self._now)
