"""The calls as methods of both clients; what each does is said where it is built."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from datetime import datetime, timedelta
from functools import wraps
from inspect import Signature, signature
from typing import Any, Generic, ParamSpec, TypeVar, Unpack, overload

from . import _guest_calls, _order_calls, _report_calls
from ._call import Call
from ._export import AsyncCsvExport, CsvExport
from ._filters import ExportFilters, SortedFilters
from ._transport import AsyncConnection, Connection
from .errors import ValidationFailed
from .models import OrderListItem, OrderPage

PAGE_SIZE = 100
_STEP = timedelta(microseconds=1)
C = TypeVar("C", bound=Connection | AsyncConnection)
P = ParamSpec("P")
T = TypeVar("T")


class Walk:
    """One way through all orders that match; `filters` and `page` are what to ask for next."""

    def __init__(self, filters: Mapping[str, Any]) -> None:
        self.filters = dict(filters)
        self.page = 1
        self.going = True
        self._asked_for = filters
        self._rising = filters.get("sort") == "createdAt"
        self._by_time = filters.get("sort") in (None, "createdAt", "-createdAt")
        self._bound: datetime | None = None
        self._total = 0
        self._given: set[str] = set()

    def take(self, found: OrderPage) -> Iterator[OrderListItem]:
        """Return the orders of a page that were not given before, and decide what to ask for next."""
        fresh = [order for order in found.items if order.order_number not in self._given]
        self._given.update(order.order_number for order in fresh)
        if self._bound is None:
            self._total = max(self._total, found.total)
        if not self._by_time:
            self.going = bool(found.items) and self.page < found.total_pages
            self.page += 1
        elif not self._is_in_time_order(found):
            self.count_pages()
        elif found.items and self.page < found.total_pages:
            self._go_on_from(found.items[-1].created_at)
        elif self._bound is not None and len(self._given) < self._total:
            self.count_pages()
        else:
            self.going = False
        return iter(fresh)

    def count_pages(self) -> bool:
        """Begin again by page numbers; False: that is how it went already."""
        before, self._by_time = self._by_time and self._bound is not None, False
        self.filters, self._bound, self.page = dict(self._asked_for), None, 1
        return before

    def _go_on_from(self, last: datetime) -> None:
        """Ask for what is as old as the last order or older; for more of the same time, page by page."""
        bound = last if self._rising else last + _STEP
        self.page = self.page + 1 if bound == self._bound else 1
        self._bound = bound
        self.filters["created_from" if self._rising else "created_to"] = bound

    def _is_in_time_order(self, found: OrderPage) -> bool:
        """Tell whether the API sorts by time and heeds the bound that it was given."""
        times = [order.created_at for order in found.items]
        if self._bound is not None and any(
            at < self._bound if self._rising else at >= self._bound for at in times
        ):
            return False
        return times == sorted(times, reverse=not self._rising)


class Calls(Generic[C]):
    """Calls that belong together, made over one connection."""

    def __init__(self, connection: C) -> None:
        self._connection = connection


class call(Generic[P, T]):
    """A method that makes the call which `build` returns; arguments and documentation are `build`'s."""

    def __init__(self, build: Callable[P, Call[T]]) -> None:
        self._build = build
        # What is returned is no Call: `help` must not say so.
        self._signature = signature(build).replace(return_annotation=Signature.empty)

    @overload
    def __get__(self, owner: Calls[Connection], kind: type) -> Callable[P, T]: ...

    @overload
    def __get__(self, owner: Calls[AsyncConnection], kind: type) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, owner: Calls[Any], kind: type) -> Callable[P, Any]:
        @wraps(self._build)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return owner._connection.call(self._build, *args, **kwargs)

        method.__dict__["__signature__"] = self._signature
        return method


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


class Stats(Calls[C]):
    """Figures for staff; the calls add nothing up themselves."""

    status_counts = call(_report_calls.status_counts)
    daily = call(_report_calls.daily)
    pending_age = call(_report_calls.pending_age)
    by_country = call(_report_calls.by_country)
    by_currency = call(_report_calls.by_currency)
    flow = call(_report_calls.flow)
    cards = call(_report_calls.cards)
    time_in_status = call(_report_calls.time_in_status)
    contradictions = call(_report_calls.contradictions)
    alarms = call(_report_calls.alarms)


class Audit(Calls[C]):
    """Who did what to which order, when and why."""

    list = call(_report_calls.list_audit)


class StaffPreferences(Calls[C]):
    """What staff have the dashboard remember."""

    list = call(_report_calls.list_preferences)
    keep = call(_report_calls.keep_preference)
    forget = call(_report_calls.forget_preference)
