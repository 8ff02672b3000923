"""Draws the list's views with how many orders each has, kept fresh; what a view is, filters.py says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import streamlit as st

from lib.orders_client import Capabilities, OrdersClient, OrdersError
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.orders import filters as rules
from lib.ui.orders.filter_bar import take
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.keys import ORDERS_COUNTS, ORDERS_PLACES, ORDERS_TAKEN, ORDERS_VIEW
from lib.ui.shared.clients import orders_client
from lib.ui.shared.format import NO_COUNTRY, Reader

COUNTED_EVERY = 60
"""Seconds; the API shares its figures for as long."""
PATIENCE_SECONDS = 2.0


@st.fragment(run_every=COUNTED_EVERY)
def views(opened_by: StaffMember, can: Capabilities, filters: OrderFilters, reader: Reader) -> None:
    """Draw the views, with the one marked that the filters amount to; choosing it again goes back to all."""
    if st.session_state.pop(ORDERS_TAKEN, False):
        st.rerun(scope="app")
    staff = recheck_staff(opened_by)
    offered = [name for name, view in rules.VIEWS.items() if not view.waiting or "status_to" in can.filters]
    counts = _counts(staff, can, reader)
    st.session_state[ORDERS_VIEW] = rules.view_of(filters)
    st.segmented_control(
        "Views",
        offered,
        format_func=lambda name: f"{name} {reader.number(counts[name])}" if name in counts else name,
        key=ORDERS_VIEW,
        label_visibility="collapsed",
        on_change=_take_view,
        wrap=True,
    )


def _take_view() -> None:
    take(rules.VIEWS[st.session_state[ORDERS_VIEW] or "All"])
    st.session_state[ORDERS_TAKEN] = True


def places(staff: StaffMember, can: Capabilities) -> Mapping[str, int]:
    """Return the countries that orders go to, most orders first; none where the API has no figures."""

    def read(client: OrdersClient) -> dict[str, int]:
        return {each.country or NO_COUNTRY: each.count for each in client.stats.by_country().items}

    return _kept(ORDERS_PLACES, staff, read) if can.by_country else {}


def _counts(staff: StaffMember, can: Capabilities, reader: Reader) -> Mapping[str, int]:
    def read(client: OrdersClient) -> dict[str, int]:
        by_status = {each.status: each.count for each in client.stats.status_counts().items}
        counts = {}
        for name, view in rules.VIEWS.items():
            if view == OrderFilters(statuses=view.statuses):
                counts[name] = sum(by_status.get(each, 0) for each in view.statuses or by_status)
            else:
                counted = client.stats.status_counts(**view.query(reader))
                counts[name] = sum(each.count for each in counted.items)
        return counts

    return _kept(ORDERS_COUNTS, staff, read) if can.status_counts else {}


def _kept(key: str, staff: StaffMember, read: Callable[[OrdersClient], dict[str, int]]) -> Mapping[str, int]:
    """Return figures as read within the last minute in this tab; without an answer there are none."""
    owner, until, figures = st.session_state.get(key, ("", 0.0, {}))
    if owner == staff.username and time.monotonic() < until:
        return dict(figures)
    try:
        with orders_client(staff, PATIENCE_SECONDS) as client:
            figures = read(client)
    except OrdersError:  # the list is worth showing without them
        figures = {}
    st.session_state[key] = (staff.username, time.monotonic() + COUNTED_EVERY, figures)
    return dict(figures)
