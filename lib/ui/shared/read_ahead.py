"""Reads an API's newest orders and keeps them a minute for one staff member's tab; it filters nothing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import streamlit as st

from lib.orders_client import OrderListItem, OrdersClient
from lib.staff.member import StaffMember
from lib.ui.shared.format import Reader
from lib.ui.shared.keys import ORDERS_COUNTS, READ_AHEAD
from lib.ui.shared.startup import desk_settings

KEPT_SECONDS = 60.0
MOST_KEPT = 3
PAGE_SIZE = 200


@dataclass(frozen=True)
class ReadAhead:
    """Orders that were read, of `total` that there are; `newest`: they are the newest ones."""

    orders: tuple[OrderListItem, ...]
    total: int
    newest: bool
    at: datetime
    narrowed: bool = False
    """Whether the API was asked for some orders only."""

    @property
    def whole(self) -> bool:
        """Whether these are all that there are."""
        return len(self.orders) >= self.total

    def reaches(self, start: datetime) -> bool:
        """Return whether all orders placed since then are among these."""
        oldest = min((order.created_at for order in self.orders), default=None)
        return self.whole or (self.newest and oldest is not None and oldest < start)

    def in_words(self, reader: Reader) -> str:
        """Name them, such as `the newest 5,000 orders`."""
        newest = "the newest " if self.newest else ""
        found = " that the API found" if self.narrowed else ""
        return f"{newest}{reader.number(len(self.orders))} orders{found}"


def read_ahead(client: OrdersClient, staff: StaffMember, asked: Mapping[str, Any] | None = None) -> ReadAhead:
    """Return the newest orders, read now or within the last minute; draws how far reading has got.

    Args:
        asked: filters that the API heeds, as `client.orders.list` takes them.

    Raises:
        OrdersError: as `client.orders.list`.
    """
    owner, before = st.session_state.get(READ_AHEAD, ("", {}))
    now = time.monotonic()
    kept: dict[str, tuple[float, ReadAhead]] = (
        {key: value for key, value in before.items() if now < value[0]} if owner == staff.username else {}
    )
    name = repr(sorted((asked or {}).items()))
    if name not in kept:
        found = _read(client, asked or {}, desk_settings().read_ahead)
        kept = dict(list(kept.items())[1 - MOST_KEPT :]) | {name: (time.monotonic() + KEPT_SECONDS, found)}
    st.session_state[READ_AHEAD] = (staff.username, kept)
    return kept[name][1]


def forget_read_ahead() -> None:
    """Have the orders read and counted anew, as after a change to one of them."""
    for key in (READ_AHEAD, ORDERS_COUNTS):
        st.session_state.pop(key, None)


def _read(client: OrdersClient, asked: Mapping[str, Any], most: int) -> ReadAhead:
    at = datetime.now(UTC)
    first = client.orders.list(1, PAGE_SIZE, **asked)
    size = len(first.items)
    pages = max(first.total_pages, -(-first.total // size)) if size else 0
    wanted = min(most, first.total)
    rising = _is_rising(first.items) and pages > 1
    orders: dict[str, OrderListItem] = {} if rising else {each.order_number: each for each in first.items}
    bar = None
    for page in range(pages, 0, -1) if rising else range(2, pages + 1):
        if len(orders) >= wanted:
            break
        bar = bar or st.progress(0.0)
        bar.progress(min(len(orders) / wanted, 1.0), f"Reading orders: {len(orders):,} of {wanted:,}")
        found = client.orders.list(page, PAGE_SIZE, **asked).items
        if not found:
            break
        orders |= {each.order_number: each for each in (reversed(found) if rising else found)}
    if bar is not None:
        bar.empty()
    rows = tuple(orders.values())[:most]
    newest = len(rows) >= first.total or is_falling(rows)
    return ReadAhead(rows, max(first.total, len(rows)), newest, at, bool(asked))


def is_falling(orders: tuple[OrderListItem, ...]) -> bool:
    """Return whether orders stand newest first."""
    return all(later.created_at >= earlier.created_at for later, earlier in pairwise(orders))


def _is_rising(orders: tuple[OrderListItem, ...]) -> bool:
    return not is_falling(orders) and is_falling(orders[::-1])
