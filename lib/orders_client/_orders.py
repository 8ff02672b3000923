"""The calls on orders (contract, section 4), one method each; rules about orders are the server's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Unpack

from . import _guest_calls, _order_calls
from ._export import CsvExport
from ._filters import ExportFilters, SortedFilters
from ._fitting import misfits
from ._transport import Connection
from ._walk import PAGE_SIZE, Walk
from .errors import ValidationFailed
from .models import (
    AccessGrant,
    NewOrder,
    OrderDetail,
    OrderListItem,
    OrderPage,
    RelatedOrders,
    Timeline,
    TrackedOrder,
)


class Orders:
    """Orders, for customers, staff and guests.

    Every call may raise Unauthenticated, Forbidden, ValidationFailed, RateLimited, Unavailable,
    ApiUnreachable, ApiTimeout and UnexpectedResponse, and, beyond the contract's core, CallNotSupported; what
    a call names is its own. A time without a zone is a ValueError; an order number that no path can carry
    (empty, or too long) is not sent: OrderNotFound.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, page: int = 1, limit: int = 10, **filters: Unpack[SortedFilters]) -> OrderPage:
        """Return a page of orders, newest first unless `sort` says otherwise; `limit` is 1 to 200."""
        found = self._connection.call(_order_calls.list_orders(page, limit, filters))
        self._connection.knowledge.note_ignored(*(misfits(order, filters) for order in found.items))
        return found

    def iterate(self, **filters: Unpack[SortedFilters]) -> Iterator[OrderListItem]:
        """Go through all orders that match, each once, also while others come in or no longer match."""
        walk = Walk(filters)
        while walk.going:
            try:
                found = self.list(walk.page, PAGE_SIZE, **walk.filters)
            except ValidationFailed:
                if not walk.count_pages():
                    raise
                continue
            yield from walk.take(found)

    def get(self, order_number: str) -> OrderDetail:
        """Return a whole order; contact data are masked for staff until revealed.

        Raises:
            OrderNotFound: no such order, or somebody else's.
        """
        return self._connection.call(_order_calls.get(order_number))

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
        return self._connection.call(_order_calls.cancel(order_number, reason, note, notify, idempotency_key))

    def create(
        self, order: NewOrder | Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> OrderDetail:
        """Make an order, of a NewOrder or of a mapping with the contract's own camelCase keys.

        Raises:
            OrderExists: the order number is taken.
            ValidationFailed: `errors` names the fields.
        """
        return self._connection.call(_order_calls.create(order, idempotency_key))

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
        return self._connection.call(
            _order_calls.set_status(order_number, status, carrier, tracking_number, note, idempotency_key)
        )

    def timeline(self, order_number: str) -> Timeline:
        """Return all that happened to an order, newest first.

        Raises:
            OrderNotFound: no such order.
        """
        return self._connection.call(_order_calls.timeline(order_number))

    def related(self, order_number: str) -> RelatedOrders:
        """Return the newest other orders of an order's customer: of their account, else of the same email.

        Raises:
            OrderNotFound: no such order.
        """
        return self._connection.call(_order_calls.related(order_number))

    def add_note(self, order_number: str, text: str, *, idempotency_key: str | None = None) -> None:
        """Add a note of 1 to 2,000 characters to the timeline; repeated safely, under one key.

        Raises:
            OrderNotFound: no such order.
        """
        self._connection.call(_order_calls.add_note(order_number, text, idempotency_key))

    def reveal(self, order_number: str, reason: str) -> OrderDetail:
        """Return an order with its contact data in the clear; the reason goes into the audit log first.

        Never repeated: each time is a row of its own there.

        Raises:
            OrderNotFound: no such order.
        """
        return self._connection.call(_order_calls.reveal(order_number, reason))

    def change_contact(
        self,
        order_number: str,
        email: str | None = None,
        phone: str | None = None,
        *,
        reason: str,
        idempotency_key: str | None = None,
    ) -> OrderDetail:
        """Put a wrong email or phone right; the reason is kept; repeated safely, under one key.

        A new email ends guests' access, and the old address is told.

        Raises:
            OrderNotFound: no such order.
            RateLimited: its email was changed too often today; `retry_after` says when it may be.
        """
        return self._connection.call(
            _order_calls.change_contact(order_number, email, phone, reason, idempotency_key)
        )

    def resend_confirmation(self, order_number: str, *, idempotency_key: str | None = None) -> None:
        """Queue the confirmation mail again; repeated safely, under one key.

        Raises:
            OrderNotFound: no such order.
            RateLimited: it was sent a moment ago, or too often today; `retry_after` says when it may be.
        """
        self._connection.call(_order_calls.resend_confirmation(order_number, idempotency_key))

    def unlock_guest_access(self, order_number: str) -> None:
        """Unlock an order's codes after too many wrong ones; for supervisors and admins.

        Raises:
            OrderNotFound: no such order.
        """
        self._connection.call(_order_calls.unlock_guest_access(order_number))

    def export(self, **filters: Unpack[ExportFilters]) -> CsvExport:
        """Stream the orders as CSV; asked for at once, read chunk by chunk. Use it in a `with` block."""
        return CsvExport(*self._connection.stream(_order_calls.export(filters)))

    def track(self, token: str) -> TrackedOrder:
        """Return what the holder of a tracking token may see.

        Raises:
            TrackingNotFound: an unknown, malformed or withdrawn token; one no path can carry is not sent.
        """
        return self._connection.call(_guest_calls.track(token))

    def request_access_code(self, order_number: str, email: str) -> None:
        """Ask for a code by mail; the answer is the same whether there is such an order or not.

        Never repeated: each request may kill an earlier code.
        """
        self._connection.call(_guest_calls.request_access_code(order_number, email))

    def verify_access_code(self, order_number: str, email: str, code: str) -> AccessGrant:
        """Trade a code for the order and a token that opens it again for `expires_in` seconds.

        Never repeated: a code works once, and a wrong one counts.

        Raises:
            InvalidCode: any failure: wrong, expired, used, burned, unknown order, wrong email.
        """
        return self._connection.call(_guest_calls.verify_access_code(order_number, email, code))

    def get_by_access_token(self, access_token: str) -> OrderDetail:
        """Return the order that a guest's access token opens.

        Raises:
            InvalidAccessToken: any failure; a token that no header can carry is not sent.
        """
        return self._connection.call(_guest_calls.get_by_access_token(access_token))

    def end_guest_access(self, access_token: str) -> None:
        """Make a guest's access token dead at once.

        Raises:
            InvalidAccessToken: it is already.
        """
        self._connection.call(_guest_calls.end_guest_access(access_token))
