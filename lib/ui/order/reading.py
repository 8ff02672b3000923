"""Reads an order with all that its page shows, and keeps it, with its age, for an outage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import streamlit as st

from lib.orders_client import OrderDetail, OrdersError, RelatedOrders, TimelineEntry
from lib.staff.member import StaffMember
from lib.ui.frame.error_words import may_be_done
from lib.ui.frame.feedback import say_error
from lib.ui.order.keys import ORDER_KEPT
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import Reader, ago, escape
from lib.ui.shared.own_contact import as_seen, masked

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """An order as it was at a time; `away`: why it could not be read anew since."""

    order: OrderDetail
    timeline: Sequence[TimelineEntry] | OrdersError
    related: RelatedOrders | OrdersError | None
    at: datetime
    away: OrdersError | None = None

    @property
    def entries(self) -> Sequence[TimelineEntry]:
        """What its timeline tells; nothing where that can't be read."""
        return () if isinstance(self.timeline, OrdersError) else self.timeline


def read_order(number: str, staff: StaffMember, now: datetime) -> Reading:
    """Return the order as it is now, or as it was when this page last read it, while the API is away.

    Raises:
        OrdersError: as `client.orders.get`, where it was not read before or may not be seen any more.
    """
    try:
        found = _read(number, staff, now)
    except OrdersError as error:
        before = kept_order(number, staff, now)
        if before is None or not may_be_done(error):
            st.session_state.pop(ORDER_KEPT, None)
            raise
        return replace(before, away=error)
    st.session_state[ORDER_KEPT] = (staff.username, found.order.order_number, found)
    return found


def kept_order(number: str, staff: StaffMember, now: datetime) -> Reading | None:
    """Return the order as this page last read it; contact data only for as long as they may be shown."""
    owner, about, kept = st.session_state.get(ORDER_KEPT, ("", "", None))
    if not isinstance(kept, Reading) or (owner, about) != (staff.username, number):
        return None
    until = kept.order.contact_shown_until
    if until is None or now < until:
        return kept
    hidden = masked(kept.order).model_copy(update={"contact_shown_until": None, "contact_shown_by": None})
    return replace(kept, order=hidden)


def _read(number: str, staff: StaffMember, now: datetime) -> Reading:
    with orders_client(staff) as client:
        order = client.orders.get(number)
        can = capabilities(staff)
        timeline = (
            _or_error(lambda: client.orders.timeline(number, pins=can.pin_note).items) if can.timeline else ()
        )
        related = _or_error(lambda: client.orders.related(number)) if can.related else None
    return Reading(as_seen(order, staff, can, now), timeline, related, now)


def _or_error(read: Callable[[], T]) -> T | OrdersError:
    """Return what is read, or why it can't be: the order is worth showing without it."""
    try:
        return read()
    except OrdersError as error:
        return error


def say_away(reading: Reading, reader: Reader, now: datetime) -> None:
    """Say that the API is away, and how old what is shown is."""
    if reading.away is None:
        return
    since = f"{reader.clock(reading.at)} ({ago(reading.at, now)})"
    st.warning(
        f"**This is the order as it was at {escape(since)}.** It may have changed since: don't promise "
        "the caller anything.",
        icon=":material/schedule:",
    )
    say_error(reading.away, key="page")
