"""The calls on orders for async code; what each does and raises, Orders says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Unpack

from . import _guest_calls, _order_calls
from ._async_transport import AsyncConnection
from ._export import AsyncCsvExport
from ._filters import ExportFilters, SortedFilters
from ._fitting import misfits
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


class AsyncOrders:
    """Orders, for customers, staff and guests; see Orders."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(self, page: int = 1, limit: int = 10, **filters: Unpack[SortedFilters]) -> OrderPage:
        """Return a page of orders."""
        found = await self._connection.call(_order_calls.list_orders(page, limit, filters))
        self._connection.knowledge.note_ignored(*(misfits(order, filters) for order in found.items))
        return found

    async def iterate(self, **filters: Unpack[SortedFilters]) -> AsyncIterator[OrderListItem]:
        """Go through all orders that match, each once."""
        walk = Walk(filters)
        while walk.going:
            try:
                found = await self.list(walk.page, PAGE_SIZE, **walk.filters)
            except ValidationFailed:
                if not walk.count_pages():
                    raise
                continue
            for order in walk.take(found):
                yield order

    async def get(self, order_number: str) -> OrderDetail:
        """Return a whole order."""
        return await self._connection.call(_order_calls.get(order_number))

    async def cancel(
        self,
        order_number: str,
        reason: str | None = None,
        note: str | None = None,
        notify: bool = True,
        *,
        idempotency_key: str | None = None,
    ) -> OrderDetail:
        """Cancel a PENDING order."""
        return await self._connection.call(
            _order_calls.cancel(order_number, reason, note, notify, idempotency_key)
        )

    async def create(
        self, order: NewOrder | Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> OrderDetail:
        """Make an order."""
        return await self._connection.call(_order_calls.create(order, idempotency_key))

    async def set_status(
        self,
        order_number: str,
        status: str,
        carrier: str | None = None,
        tracking_number: str | None = None,
        note: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> OrderDetail:
        """Move an order on to a status that may follow its own."""
        return await self._connection.call(
            _order_calls.set_status(order_number, status, carrier, tracking_number, note, idempotency_key)
        )

    async def timeline(self, order_number: str) -> Timeline:
        """Return all that happened to an order."""
        return await self._connection.call(_order_calls.timeline(order_number))

    async def related(self, order_number: str) -> RelatedOrders:
        """Return the newest other orders of an order's customer."""
        return await self._connection.call(_order_calls.related(order_number))

    async def add_note(self, order_number: str, text: str, *, idempotency_key: str | None = None) -> None:
        """Add a note to the timeline."""
        await self._connection.call(_order_calls.add_note(order_number, text, idempotency_key))

    async def reveal(self, order_number: str, reason: str) -> OrderDetail:
        """Return an order with its contact data in the clear."""
        return await self._connection.call(_order_calls.reveal(order_number, reason))

    async def change_contact(
        self,
        order_number: str,
        email: str | None = None,
        phone: str | None = None,
        *,
        reason: str,
        idempotency_key: str | None = None,
    ) -> OrderDetail:
        """Put a wrong email or phone right."""
        return await self._connection.call(
            _order_calls.change_contact(order_number, email, phone, reason, idempotency_key)
        )

    async def resend_confirmation(self, order_number: str, *, idempotency_key: str | None = None) -> None:
        """Queue the confirmation mail again."""
        await self._connection.call(_order_calls.resend_confirmation(order_number, idempotency_key))

    async def unlock_guest_access(self, order_number: str) -> None:
        """Unlock an order's codes."""
        await self._connection.call(_order_calls.unlock_guest_access(order_number))

    async def export(self, **filters: Unpack[ExportFilters]) -> AsyncCsvExport:
        """Stream the orders as CSV; use what it gives in an `async with` block."""
        return await AsyncCsvExport.opened(*await self._connection.stream(_order_calls.export(filters)))

    async def track(self, token: str) -> TrackedOrder:
        """Return what the holder of a tracking token may see."""
        return await self._connection.call(_guest_calls.track(token))

    async def request_access_code(self, order_number: str, email: str) -> None:
        """Ask for a code by mail."""
        await self._connection.call(_guest_calls.request_access_code(order_number, email))

    async def verify_access_code(self, order_number: str, email: str, code: str) -> AccessGrant:
        """Trade a code for the order and a token that opens it again."""
        return await self._connection.call(_guest_calls.verify_access_code(order_number, email, code))

    async def get_by_access_token(self, access_token: str) -> OrderDetail:
        """Return the order that a guest's access token opens."""
        return await self._connection.call(_guest_calls.get_by_access_token(access_token))

    async def end_guest_access(self, access_token: str) -> None:
        """Make a guest's access token dead at once."""
        await self._connection.call(_guest_calls.end_guest_access(access_token))
