"""The calls on orders (contract, section 4) as values; each is documented as what the client's method does.

Every call may raise Unauthenticated, Forbidden, ValidationFailed, RateLimited, Unavailable, ApiUnreachable,
ApiTimeout and UnexpectedResponse, and, beyond the contract's core, CallNotSupported; what a call names is its
own. A time without a zone is a ValueError; an order number that no path can carry (empty, or too long) is not
sent: OrderNotFound. Where there is an `idempotency_key`, the call is repeated safely, under one key.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, Unpack
from uuid import uuid4

from pydantic import ValidationError

from ._answers import Answer, parse, reading
from ._call import Call, nothing
from ._encoding import checked_key, path_segment
from ._filters import ExportFilters, SortedFilters, known
from .errors import ApiRejected, InvalidTransition, OrderExists, OrderNotCancellable, OrderNotFound
from .models import NewOrder, OrderDetail, OrderPage, RelatedOrders, SeenBy, Timeline

ORDERS = "/v1/orders"
CSV = "text/csv, application/problem+json"

T = TypeVar("T")


def list_orders(page: int = 1, limit: int = 10, **filters: Unpack[SortedFilters]) -> Call[OrderPage]:
    """Return a page of orders, newest first unless `sort` says otherwise; `limit` is 1 to 200."""
    asked = {"page": page, "limit": limit}
    return Call(
        "GET",
        ORDERS,
        lambda answer: parse(answer, OrderPage, asked),
        params=asked | known(filters, SortedFilters),
    )


def get(order_number: str) -> Call[OrderDetail]:
    """Return a whole order; contact data are masked for staff until revealed.

    Raises:
        OrderNotFound: no such order, or somebody else's.
    """
    return _of_order("GET", order_number, "", read_detail)


def cancel(
    order_number: str,
    reason: str | None = None,
    note: str | None = None,
    notify: bool = True,
    *,
    idempotency_key: str | None = None,
) -> Call[OrderDetail]:
    """Cancel a PENDING order, and tell the customer where `notify`.

    Raises:
        OrderNotFound: no such order, or somebody else's.
        OrderNotCancellable: it is not PENDING; `current_status` says what it is.
        InProgress: a call with the same key is still running.
    """
    body = {"reason": reason, "note": note, "notify": notify}
    return _keyed(order_number, "/cancel", read_detail, idempotency_key, body, conflict=OrderNotCancellable)


def create(order: NewOrder | Mapping[str, Any], *, idempotency_key: str | None = None) -> Call[OrderDetail]:
    """Make an order, of a NewOrder or of a mapping with the contract's own camelCase keys.

    Raises:
        OrderExists: the order number is taken.
        ValidationFailed: `errors` names the fields.
    """
    body = order.model_dump(by_alias=True, exclude_none=True) if isinstance(order, NewOrder) else order
    return Call(
        "POST",
        ORDERS,
        read_detail,
        status=201,
        body=_given(body),
        idempotency_key=_key(idempotency_key),
        refusals={409: OrderExists},
        more="create",
    )


def set_status(
    order_number: str,
    status: str,
    carrier: str | None = None,
    tracking_number: str | None = None,
    note: str | None = None,
    *,
    idempotency_key: str | None = None,
) -> Call[OrderDetail]:
    """Move an order on to a status that may follow its own.

    Raises:
        OrderNotFound: no such order.
        InvalidTransition: the status may not follow; `current_status` says where it stands.
    """
    body = {"status": status, "carrier": carrier, "trackingNumber": tracking_number, "note": note}
    more: Any = {"conflict": InvalidTransition, "more": "set_status"}
    return _keyed(order_number, "/status", read_detail, idempotency_key, body, **more)


def timeline(order_number: str, *, pins: bool = False) -> Call[Timeline]:
    """Return all that happened to an order, newest first; with `pins`, notes with their ids and pins.

    Raises:
        OrderNotFound: no such order.
    """
    params = {"include": "pins"} if pins else {}
    return _of_order("GET", order_number, "/timeline", reading(Timeline), params=params, more="timeline")


def related(order_number: str) -> Call[RelatedOrders]:
    """Return the newest other orders of an order's customer: of their account, else of the same email.

    Raises:
        OrderNotFound: no such order.
    """
    return _of_order("GET", order_number, "/related", reading(RelatedOrders), more="related")


def add_note(order_number: str, text: str, *, idempotency_key: str | None = None) -> Call[None]:
    """Add a note of 1 to 2,000 characters to the timeline.

    Raises:
        OrderNotFound: no such order.
    """
    return _keyed(
        order_number, "/notes", nothing, idempotency_key, {"text": text}, status=201, more="add_note"
    )


def pin_note(order_number: str, note_id: int, pinned: bool = True) -> Call[None]:
    """Pin a note of an order for everybody, or take its pin away; `timeline(pins=True)` has the ids.

    Raises:
        OrderNotFound: no such order.
        ValidationFailed: it is no note of this order.
    """
    body = {"id": note_id, "pinned": pinned}
    return _of_order("PATCH", order_number, "/notes", nothing, body=body, more="pin_note")


def reveal(order_number: str, reason: str) -> Call[OrderDetail]:
    """Return an order with its contact data in the clear; the reason goes into the audit log first.

    Never repeated: each time is a row of its own there.

    Raises:
        OrderNotFound: no such order.
    """
    return _of_order("POST", order_number, "/reveal", read_detail, body={"reason": reason}, more="reveal")


def change_contact(
    order_number: str,
    email: str | None = None,
    phone: str | None = None,
    *,
    reason: str,
    idempotency_key: str | None = None,
) -> Call[OrderDetail]:
    """Put a wrong email or phone right; the reason is kept.

    A new email ends guests' access, and the old address is told.

    Raises:
        OrderNotFound: no such order.
        RateLimited: its email was changed too often today; `retry_after` says when it may be.
    """
    body = {"email": email, "phone": phone, "reason": reason}
    return _keyed(
        order_number, "/contact", read_detail, idempotency_key, body, method="PATCH", more="change_contact"
    )


def resend_confirmation(order_number: str, *, idempotency_key: str | None = None) -> Call[None]:
    """Queue the confirmation mail again.

    Raises:
        OrderNotFound: no such order.
        RateLimited: it was sent a moment ago, or too often today; `retry_after` says when it may be.
    """
    act = "/resend-confirmation"
    return _keyed(order_number, act, nothing, idempotency_key, None, status=202, more="resend_confirmation")


def unlock_guest_access(order_number: str) -> Call[None]:
    """Unlock an order's codes after too many wrong ones; for supervisors and admins.

    Raises:
        OrderNotFound: no such order.
    """
    return _of_order(
        "POST", order_number, "/unlock-guest-access", nothing, status=204, more="unlock_guest_access"
    )


def export(**filters: Unpack[ExportFilters]) -> Call[None]:
    """Return the CSV of orders, which is streamed."""
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
