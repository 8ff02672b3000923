"""Finds a page of orders: by the API as far as it can, else among the newest ones that it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lib.orders_client import Capabilities, OrderListItem, OrdersClient, misfits
from lib.staff.member import StaffMember
from lib.ui.orders.sifting import FIELDS, SEARCHED, sift
from lib.ui.shared.format import Reader
from lib.ui.shared.read_ahead import ReadAhead, is_falling, read_ahead

NEWEST_FIRST = "-createdAt"
_CALLED = {
    "status": "status",
    "payment_status": "payment",
    "fulfillment_status": "fulfilment",
    "country": "country",
    "currency": "currency",
    "created_from": "day",
    "created_to": "day",
    "min_total": "total",
    "max_total": "total",
}


@dataclass(frozen=True)
class Found:
    """A page of the orders that match; `among`: those that the desk has looked through itself, for `own`.

    `own` are the filters, `q` and `sort` that the API does not do; with `undoable` ones among them nothing
    is found.
    """

    items: Sequence[OrderListItem]
    total: int
    total_pages: int
    at: datetime
    among: ReadAhead | None = None
    own: frozenset[str] = frozenset()
    undoable: frozenset[str] = frozenset()

    def how(self, reader: Reader) -> str | None:
        """Say what the desk did itself, and when; None where the API did it all."""
        if self.among is None:
            return None
        named = [*dict.fromkeys(_CALLED[name] for name in sorted(self.own) if name in _CALLED)]
        lacks = [f"filter by {' or '.join(named)}"] if named else []
        lacks += ["search"] if "q" in self.own else []
        lacks += ["sort like this"] if "sort" in self.own else []
        of_all = "" if self.among.whole else f" of {reader.number(self.among.total)}"
        said = (
            f"The shop's API does not {' or '.join(lacks)}, so the desk has looked through "
            f"{self.among.in_words(reader)}{of_all} itself, at {reader.clock(self.among.at)}."
        )
        said += f" Searched are {SEARCHED}." if "q" in self.own else ""
        return said + (
            f" Its list does not give the {' or '.join(self.not_given)}." if self.not_given else ""
        )

    @property
    def not_given(self) -> list[str]:
        """What is filtered by and stands in none of the orders, in words."""
        fields = {name: FIELDS[name] for name in sorted(self.own) if name in FIELDS}
        orders = self.among.orders if self.among else ()
        lacking = [
            name
            for name, field in fields.items()
            if orders and all(getattr(order, field) is None for order in orders)
        ]
        return [*dict.fromkeys(_CALLED[name] for name in lacking)]


def find(
    client: OrdersClient,
    staff: StaffMember,
    can: Capabilities,
    page: int,
    size: int,
    query: Mapping[str, Any],
) -> Found:
    """Return a page of the orders that match a query of `client.orders.list`, and none that does not.

    Raises:
        OrdersError: as that call.
    """
    at = datetime.now(UTC)
    sort = str(query["sort"])
    filters = {name: value for name, value in query.items() if name != "sort" and value not in (None, [])}
    # What comes back shows whether it was filtered, but not whether it was searched and sorted.
    own = {name for name in filters if name not in can.filters or (name == "q" and not can.known)}
    sorts = can.known and sort.lstrip("-") in can.sorts
    if not sorts and sort != NEWEST_FIRST:
        own.add("sort")
    if not own:
        asked = filters | ({"sort": sort} if sorts else {})
        answer = client.orders.list(page=page, limit=size, **asked)
        own = {name for order in answer.items for name in misfits(order, filters)}
        if sort == NEWEST_FIRST and not is_falling(answer.items):
            own.add("sort")
        if not own:
            return Found(answer.items, answer.total, answer.total_pages, at)
    return _among_newest(client, staff, (page, size), filters, sort, frozenset(own))


def _among_newest(
    client: OrdersClient,
    staff: StaffMember,
    place: tuple[int, int],
    filters: Mapping[str, Any],
    sort: str,
    own: frozenset[str],
) -> Found:
    if undoable := own - {*FIELDS, "q", "sort"}:
        return Found((), 0, 0, datetime.now(UTC), own=own, undoable=undoable)
    asked = {name: value for name, value in filters.items() if name not in own}
    among = read_ahead(client, staff, asked)
    wanted = {name: value for name, value in filters.items() if name != "q" or "q" in own}
    fitting = sift(among.orders, wanted, sort)
    page, size = place
    shown, pages = fitting[(page - 1) * size : page * size], -(-len(fitting) // size)
    return Found(shown, len(fitting), pages, among.at, among, own)
