"""Decides which page `iterate` asks for next: no order is skipped or given twice while others come in.

Sorted by time, each page is asked for from the last order's time on (`createdTo`, or `createdFrom` for the
oldest first), so orders that come in, or no longer match, shift nothing. An API that does not heed this, and
any other sort, is read by page numbers: orders that come in only make some come again, which are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from .models import OrderListItem, OrderPage

PAGE_SIZE = 100
_STEP = timedelta(microseconds=1)


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
