"""The calls on orders as methods of both clients; what each does and raises, `_order_calls` says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Unpack

from . import _guest_calls, _order_calls
from ._async_transport import AsyncConnection
from ._calls import C, Calls, call
from ._export import AsyncCsvExport, CsvExport
from ._filters import ExportFilters, SortedFilters
from ._transport import Connection
from ._walk import PAGE_SIZE, Walk
from .errors import ValidationFailed
from .models import OrderListItem


class OrderCalls(Calls[C]):
    """What both kinds of client can do with orders, for customers, staff and guests."""

    list = call(_order_calls.list_orders)
    get = call(_order_calls.get)
    cancel = call(_order_calls.cancel)
    create = call(_order_calls.create)
    set_status = call(_order_calls.set_status)
    timeline = call(_order_calls.timeline)
    related = call(_order_calls.related)
    add_note = call(_order_calls.add_note)
    pin_note = call(_order_calls.pin_note)
    reveal = call(_order_calls.reveal)
    change_contact = call(_order_calls.change_contact)
    resend_confirmation = call(_order_calls.resend_confirmation)
    unlock_guest_access = call(_order_calls.unlock_guest_access)

    track = call(_guest_calls.track)
    request_access_code = call(_guest_calls.request_access_code)
    verify_access_code = call(_guest_calls.verify_access_code)
    get_by_access_token = call(_guest_calls.get_by_access_token)
    end_guest_access = call(_guest_calls.end_guest_access)


class Orders(OrderCalls[Connection]):
    """Orders, for customers, staff and guests."""

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

    def export(self, **filters: Unpack[ExportFilters]) -> CsvExport:
        """Stream the orders as CSV; asked for at once, read chunk by chunk. Use it in a `with` block."""
        return CsvExport(*self._connection.stream(_order_calls.export(**filters)))


class AsyncOrders(OrderCalls[AsyncConnection]):
    """Orders, for async code."""

    async def iterate(self, **filters: Unpack[SortedFilters]) -> AsyncIterator[OrderListItem]:
        """Go through all orders that match, each once; see Orders."""
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

    async def export(self, **filters: Unpack[ExportFilters]) -> AsyncCsvExport:
        """Stream the orders as CSV; use what it gives in an `async with` block."""
        return await AsyncCsvExport.opened(*await self._connection.stream(_order_calls.export(**filters)))
