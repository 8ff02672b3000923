"""The calls on orders (contract, section 4), one method each; rules about orders are the server's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack
from uuid import uuid4

from pydantic import ValidationError

from lib.orders_client._answers import parse
from lib.orders_client._encoding import checked_key, path_segment
from lib.orders_client._export import CsvExport
from lib.orders_client._filters import SortedFilters, known
from lib.orders_client._guest import GuestCalls
from lib.orders_client._transport import Call
from lib.orders_client.errors import OrderNotFound
from lib.orders_client.models import ContactShown, NewOrder, OrderDetail, OrderPage, Timeline

ORDERS = "/v1/orders"


class Orders(GuestCalls):
    """Orders, for customers, staff and guests.

    Every call may raise Unauthenticated, Forbidden, ValidationFailed, RateLimited, Unavailable,
    ApiUnreachable, ApiTimeout and UnexpectedResponse; what a call names is its own. A time without a zone is
    a ValueError; an order number that no path can carry (empty, or with a slash) is not sent: OrderNotFound.
    """

    def list(self, page: int = 1, limit: int = 10, **filters: Unpack[SortedFilters]) -> OrderPage:
        """Give a page of orders, newest first unless `sort` says otherwise; `limit` is 1 to 200."""
        params = {"page": page, "limit": limit} | known(filters, SortedFilters)
        return parse(self._connection.answer(Call("GET", ORDERS, params=params)), OrderPage)

    def get(self, order_number: str) -> OrderDetail:
        """Give a whole order; contact data are masked for staff until revealed.

        Raises:
            OrderNotFound: no such order, or somebody else's.
        """
        return self._detail(Call("GET", _path(order_number)))

    def cancel(
        self,
        order_number: str,
        reason: str | None = None,
        note: str | None = None,
        notify: bool = True,
        *,
        idempotency_key: str | None = None,
    ) -> OrderDetail:
        """Cancel a PENDING order, and tell the customer where `notify`; repeated safely, under one key.

        Raises:
            OrderNotFound: no such order, or somebody else's.
            OrderNotCancellable: it is not PENDING; `current_status` says what it is.
            InProgress: a call with the same key is still running.
        """
        body = {"reason": reason, "note": note, "notify": notify}
        return self._detail(_keyed(_path(order_number, "/cancel"), body, idempotency_key))

    def create(
        self, order: NewOrder | Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> OrderDetail:
        """Make an order, of a NewOrder or of a mapping with the contract's own camelCase keys.

        Raises:
            OrderExists: the order number is taken.
            ValidationFailed: `errors` names the fields.
        """
        body = order.model_dump(by_alias=True) if isinstance(order, NewOrder) else order
        return self._detail(_keyed(ORDERS, body, idempotency_key, status=201))

    def set_status(
        self,
        order_number: str,
        status: str,
        carrier: str | None = None,
        tracking_number: str | None = None,
        note: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> OrderDetail:
        """Move an order on to a status that may follow its own.

        Raises:
            OrderNotFound: no such order.
            InvalidTransition: the status may not follow; `current_status` says where it stands.
        """
        body = {"status": status, "carrier": carrier, "trackingNumber": tracking_number, "note": note}
        return self._detail(_keyed(_path(order_number, "/status"), body, idempotency_key))

    def timeline(self, order_number: str) -> Timeline:
        """Give all that happened to an order, newest first.

        Raises:
            OrderNotFound: no such order.
        """
        call = Call("GET", _path(order_number, "/timeline"))
        return parse(self._connection.answer(call), Timeline)

    def add_note(self, order_number: str, text: str, *, idempotency_key: str | None = None) -> None:
        """Add a note of 1 to 2,000 characters to the timeline; repeated safely, under one key.

        Raises:
            OrderNotFound: no such order.
        """
        self._connection.answer(_keyed(_path(order_number, "/notes"), {"text": text}, idempotency_key, 201))

    def reveal(self, order_number: str, reason: str) -> OrderDetail:
        """Give an order with its contact data in the clear; the reason goes into the audit log first.

        Never repeated: each time is a row of its own there.

        Raises:
            OrderNotFound: no such order.
        """
        return self._detail(Call("POST", _path(order_number, "/reveal"), body={"reason": reason}))

    def resend_confirmation(self, order_number: str, *, idempotency_key: str | None = None) -> None:
        """Queue the confirmation mail again; repeated safely, under one key.

        Raises:
            OrderNotFound: no such order.
            RateLimited: it was sent only just, or too often today; `retry_after` says when it may be.
        """
        path = _path(order_number, "/resend-confirmation")
        self._connection.answer(_keyed(path, None, idempotency_key, 202))

    def unlock_guest_access(self, order_number: str) -> None:
        """Let an order's codes work again after too many wrong ones; for supervisors and admins.

        Raises:
            OrderNotFound: no such order.
        """
        self._connection.answer(Call("POST", _path(order_number, "/unlock-guest-access"), 204))

    def export(self, **filters: Unpack[SortedFilters]) -> CsvExport:
        """Stream the orders as CSV; asked for at once, read chunk by chunk. Use it in a `with` block."""
        call = Call(
            "GET",
            f"{ORDERS}.csv",
            params=known(filters, SortedFilters),
            accept="text/csv, application/problem+json",
        )
        return CsvExport(*self._connection.stream(call))

    def _detail(self, call: Call) -> OrderDetail:
        answer = self._connection.answer(call)
        order = parse(answer, OrderDetail)
        shown = {name: answer.headers.get(f"X-Contact-Shown-{name}") for name in ("until", "by")}
        try:
            held = ContactShown.model_validate(shown)
        except ValidationError:
            return order
        return order.model_copy(update={"contact_shown_until": held.until, "contact_shown_by": held.by})


def _path(order_number: str, act: str = "") -> str:
    segment = path_segment(order_number)
    if segment is None:
        raise OrderNotFound
    return f"{ORDERS}/{segment}{act}"


def _keyed(path: str, body: Mapping[str, Any] | None, key: str | None, status: int = 200) -> Call:
    """Make a POST that is safe to repeat; what is None is left out of its body."""
    given = None if body is None else {name: value for name, value in body.items() if value is not None}
    key = str(uuid4()) if key is None else checked_key(key)
    return Call("POST", path, status, body=given, idempotency_key=key)
