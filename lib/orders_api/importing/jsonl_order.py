"""Makes one order of a line of JSON: a body of `create`, or an OrderDetail as `get` gives it, unmasked."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, ValidationError

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.money import to_minor_units
from lib.orders_api.domain.statuses import CancelReason, OrderStatus
from lib.orders_api.domain.wire import MoneyInput, RequestModel, TimeInput
from lib.orders_api.importing.candidates import ACTOR, Built
from lib.orders_api.importing.errors import RowRejectedError, reason_of
from lib.orders_api.orders.creating import CLOCK_LEEWAY, created_entry, new_order
from lib.orders_api.orders.schemas import OrderCreate
from lib.orders_api.store.tables.orders import Order

_LINE_TOTAL = "total"


class _Computed(RequestModel):
    """What an OrderDetail holds beside a body of `create`: it follows from the rest, or is not to be kept."""

    item_count: Annotated[int, Field(strict=True)] | None = None
    shipping_city: str | None = None
    shipping_country: str | None = None
    customer_name: str | None = None
    email_masked: str | None = None
    contact_masked: Annotated[bool, Field(strict=True)] | None = None
    cancel_reason: CancelReason | None = None
    updated_at: TimeInput | None = None
    line_totals: list[MoneyInput | None] = Field(default_factory=list)


_COMPUTED_KEYS = frozenset(
    field.alias or name for name, field in _Computed.model_fields.items() if name != "line_totals"
)


class JsonOrder:
    """An order as one line of a file has it."""

    def __init__(self, text: str, now: datetime) -> None:
        """Read a line.

        Raises:
            RowRejectedError: it is no JSON object of the right shape, masked, or contradicts itself.
        """
        sent = read_object(text)
        computed = {key: sent.pop(key) for key in _COMPUTED_KEYS & sent.keys()}
        computed["lineTotals"] = _take_line_totals(sent)
        try:
            self._computed = _Computed.model_validate(computed)
            if self._computed.contact_masked:
                raise RowRejectedError("contactMasked: the contact data are masked")
            self.body = OrderCreate.model_validate(sent)
        except ValidationError as error:
            raise RowRejectedError(reason_of(error)) from None
        self._now = now
        self._check_against_the_rest()

    def build(self, number: str) -> Built:
        """Make the rows of the store.

        Raises:
            RowRejectedError: a sum does not agree, or a time lies in the future.
        """
        try:
            return self._build(number)
        except ValidationFailedError as error:
            raise RowRejectedError(reason_of(error)) from None

    def _build(self, number: str) -> Built:
        order = new_order(self.body, number, self._now)
        _check_line_totals(order, self._computed.line_totals, self.body)
        order.cancel_reason = self._computed.cancel_reason
        updated_at = self._computed.updated_at
        if updated_at is not None:
            if updated_at > self._now + CLOCK_LEEWAY or updated_at < order.created_at:
                raise ValidationFailedError.of("updatedAt", "must lie between createdAt and now")
            order.updated_at = updated_at.replace(microsecond=0)
        return order, [created_entry(order, ACTOR)]

    def _check_against_the_rest(self) -> None:
        computed, body = self._computed, self.body
        if computed.item_count not in (None, sum(item.quantity for item in body.items)):
            raise RowRejectedError("itemCount: is not the sum of the quantities")
        if computed.shipping_city not in (None, body.shipping_address.city):
            raise RowRejectedError("shippingCity: is not that of shippingAddress")
        if computed.shipping_country not in (None, body.shipping_address.country):
            raise RowRejectedError("shippingCountry: is not that of shippingAddress")
        if computed.cancel_reason is not None and body.status is not OrderStatus.CANCELLED:
            raise RowRejectedError("cancelReason: the order is not CANCELLED")


def read_object(text: str) -> dict[str, Any]:
    """Read a JSON object strictly: no key twice, no NaN, not too deep.

    Raises:
        RowRejectedError: it is none.
    """
    try:
        read = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except RecursionError:
        raise RowRejectedError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise RowRejectedError(f"not JSON: {error.msg} at column {error.colno}") from None
    except ValueError:
        raise RowRejectedError("not JSON: a number is too long") from None
    if not isinstance(read, dict):
        raise RowRejectedError("not a JSON object")
    return read


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise RowRejectedError("not clear: a key stands twice in one object")
    return made


def _refuse_constant(_constant: str) -> None:
    raise RowRejectedError("not JSON: NaN and Infinity are no JSON")


def _take_line_totals(sent: dict[str, Any]) -> list[Any]:
    items = sent.get("items")
    if not isinstance(items, list):
        return []
    return [item.pop(_LINE_TOTAL, None) if isinstance(item, dict) else None for item in items]


def _check_line_totals(order: Order, line_totals: list[str | None], body: OrderCreate) -> None:
    for item, total in zip(order.items, line_totals, strict=True):
        if total is not None and not _same_amount(total, item.total, body.currency):
            raise ValidationFailedError.of(f"items.{item.position}.total", "is not unitPrice times quantity")


def _same_amount(sent: str, minor_units: int, currency: str) -> bool:
    try:
        return to_minor_units(sent, currency) == minor_units
    except ValueError:
        return False
