"""The calls on orders (contract, section 4) as values, which the sync and the async client send alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import ValidationError

from ._answers import Answer, parse
from ._call import Call, nothing
from ._encoding import checked_key, path_segment
from ._filters import ExportFilters, SortedFilters, known
from .errors import ApiRejected, InvalidTransition, OrderExists, OrderNotCancellable, OrderNotFound
from .models import NewOrder, OrderDetail, OrderPage, RelatedOrders, SeenBy, Timeline

ORDERS = "/v1/orders"
CSV = "text/csv, application/problem+json"

T = TypeVar("T")


def list_orders(page: int, limit: int, filters: Mapping[str, Any]) -> Call[OrderPage]:
    """Ask for a page of orders."""
    asked = {"page": page, "limit": limit}
    return Call(
        "GET",
        ORDERS,
        lambda answer: parse(answer, OrderPage, asked),
        params=asked | known(filters, SortedFilters),
    )


def get(order_number: str) -> Call[OrderDetail]:
    """Ask for an order."""
    return _of_order("GET", order_number, "", read_detail)


def cancel(
    order_number: str, reason: str | None, note: str | None, notify: bool, key: str | None
) -> Call[OrderDetail]:
    """Ask to cancel an order."""
    body = {"reason": reason, "note": note, "notify": notify}
    return _keyed(order_number, "/cancel", read_detail, key, body, conflict=OrderNotCancellable)


def create(order: NewOrder | Mapping[str, Any], key: str | None) -> Call[OrderDetail]:
    """Ask to make an order."""
    body = order.model_dump(by_alias=True, exclude_none=True) if isinstance(order, NewOrder) else order
    return Call(
        "POST",
        ORDERS,
        read_detail,
        status=201,
        body=_given(body),
        idempotency_key=_key(key),
        refusals={409: OrderExists},
        more="create",
    )


def set_status(
    order_number: str,
    status: str,
    carrier: str | None,
    tracking_number: str | None,
    note: str | None,
    key: str | None,
) -> Call[OrderDetail]:
    """Ask to move an order on."""
    body = {"status": status, "carrier": carrier, "trackingNumber": tracking_number, "note": note}
    return _keyed(
        order_number, "/status", read_detail, key, body, conflict=InvalidTransition, more="set_status"
    )


def timeline(order_number: str) -> Call[Timeline]:
    """Ask for an order's timeline."""
    return _of_order(
        "GET", order_number, "/timeline", lambda answer: parse(answer, Timeline), more="timeline"
    )


def related(order_number: str) -> Call[RelatedOrders]:
    """Ask for the other orders of an order's customer."""
    return _of_order(
        "GET", order_number, "/related", lambda answer: parse(answer, RelatedOrders), more="related"
    )


def add_note(order_number: str, text: str, key: str | None) -> Call[None]:
    """Ask to add a note."""
    return _keyed(order_number, "/notes", nothing, key, {"text": text}, status=201, more="add_note")


def reveal(order_number: str, reason: str) -> Call[OrderDetail]:
    """Ask for an order unmasked; without a key, as each time is an audit row of its own."""
    return _of_order("POST", order_number, "/reveal", read_detail, body={"reason": reason}, more="reveal")


def change_contact(
    order_number: str, email: str | None, phone: str | None, reason: str, key: str | None
) -> Call[OrderDetail]:
    """Ask to put an order's email or phone right."""
    body = {"email": email, "phone": phone, "reason": reason}
    return _keyed(order_number, "/contact", read_detail, key, body, method="PATCH", more="change_contact")


def resend_confirmation(order_number: str, key: str | None) -> Call[None]:
    """Ask for the confirmation mail again."""
    return _keyed(
        order_number, "/resend-confirmation", nothing, key, None, status=202, more="resend_confirmation"
    )


def unlock_guest_access(order_number: str) -> Call[None]:
    """Ask to let an order's codes work again."""
    return _of_order(
        "POST", order_number, "/unlock-guest-access", nothing, status=204, more="unlock_guest_access"
    )


def export(filters: Mapping[str, Any]) -> Call[None]:
    """Ask for the CSV of orders, which is streamed."""
    params = known(filters, ExportFilters)
    return Call("GET", f"{ORDERS}.csv", nothing, params=params, accept=CSV, streamed=True, more="export")


def read_detail(answer: Answer) -> OrderDetail:
    """Read an order, and from the headers until when its contact data are shown, and its caller verified."""
    order = parse(answer, OrderDetail)
    sent = {name: answer.headers.get(f"X-{name.replace('_', '-')}") for name in SeenBy.model_fields}
    try:
        held = SeenBy.model_validate(sent)
    except ValidationError:
        return order
    if held.contact_shown_until is None or held.contact_shown_by is None:
        return order.model_copy(update={"caller_verified_until": held.caller_verified_until})
    return order.model_copy(update=dict(held))


def _of_order(
    method: str,
    order_number: str,
    act: str,
    read: Callable[[Answer], T],
    *,
    conflict: type[ApiRejected] | None = None,
    **more: Any,
) -> Call[T]:
    segment = path_segment(order_number)
    if segment is None:
        raise OrderNotFound
    refusals = {404: OrderNotFound} | ({409: conflict} if conflict else {})
    return Call(method, f"{ORDERS}/{{orderNumber}}{act}", read, segment, refusals=refusals, **more)


def _keyed(
    order_number: str,
    act: str,
    read: Callable[[Answer], T],
    key: str | None,
    body: Mapping[str, Any] | None,
    *,
    method: str = "POST",
    **more: Any,
) -> Call[T]:
    """Make a call that is safe to repeat under its key."""
    given = None if body is None else _given(body)
    return _of_order(method, order_number, act, read, body=given, idempotency_key=_key(key), **more)


def _given(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _key(key: str | None) -> str:
    return str(uuid4()) if key is None else checked_key(key)
