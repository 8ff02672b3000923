"""Draws the list's views, the desk's own and saved ones, with how many orders each has, kept fresh."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lib.orders_client import ApiUnreachable, Capabilities, OrdersClient, OrdersError
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.keys import ORDERS_CURRENCIES, ORDERS_PLACES, ORDERS_TAKEN, ORDERS_VIEW, ORDERS_VIEW_OPEN
from lib.ui.orders.link_filters import KEYS as LINK_KEYS
from lib.ui.orders.link_filters import LinkFilters, read_filters
from lib.ui.orders.narrowing import take
from lib.ui.orders.remembered import preferences
from lib.ui.orders.saved_views import View, built_in, saved, value_of
from lib.ui.orders.view_dialog import view_dialog
from lib.ui.shared.clients import orders_client
from lib.ui.shared.format import NO_COUNTRY, Reader, escape
from lib.ui.shared.keys import ORDERS_COUNTS, ORDERS_HINT

COUNTED_EVERY = 60
"""Seconds; the API shares its figures for as long."""
PATIENCE_SECONDS = 2.0


@st.fragment(run_every=COUNTED_EVERY)
def views(
    opened_by: StaffMember, can: Capabilities, filters: OrderFilters, linked: LinkFilters, reader: Reader
) -> None:
    """Draw the views, the one marked that the list is narrowed to; choosing it again goes back to all."""
    if st.session_state.pop(ORDERS_TAKEN, False):
        st.rerun(scope="app")
    staff = recheck_staff(opened_by)
    every = [*built_in("status_to" in can.filters), *saved(preferences(staff, can) or ())]
    offered = {each.key: each for each in every}
    counts = _counts(staff, can, offered, reader)
    shown = (filters, linked)
    marked = [each.key for each in every if (each.filters, read_filters(each.link)) == shown]
    st.session_state[ORDERS_VIEW] = marked[0] if marked else None
    st.segmented_control(
        "Views",
        list(offered),
        format_func=lambda key: _label(offered[key], counts.get(key), reader),
        key=ORDERS_VIEW,
        label_visibility="collapsed",
        on_change=_take_view,
        args=(offered,),
        wrap=True,
    )


def save_button(staff: StaffMember, can: Capabilities, filters: OrderFilters, linked: LinkFilters) -> None:
    """Draw the button that opens the dialog of views, where the API keeps any and the list is narrowed."""
    kept = preferences(staff, can)
    if kept is None or (filters, linked) in [(each.filters, read_filters({})) for each in built_in(True)]:
        return
    if st.button("Views …", key=ORDERS_VIEW_OPEN, icon=":material/bookmark_add:", type="tertiary",
                 help="Save this as a view, rename or delete one"):  # fmt: skip
        link = {key: st.query_params.get_all(key) for key in LINK_KEYS}
        view_dialog(staff, value_of(filters, link), saved(kept))


def _label(view: View, count: int | None, reader: Reader) -> str:
    icon = "" if view.number is None else ":material/group: " if view.shared else ":material/bookmark: "
    counted = "" if count is None else f" {reader.number(count)}"
    return f"{icon}{escape(view.name)}{counted}"


def _take_view(offered: Mapping[str, View]) -> None:
    view = offered[st.session_state[ORDERS_VIEW] or "All"]
    take(view.filters, view.link)
    if view.misfits:
        st.session_state[ORDERS_HINT] = ", ".join(view.misfits)


def places(staff: StaffMember, can: Capabilities) -> Mapping[str, int]:
    """Return the countries that orders go to, most orders first; none where the API has no figures."""

    def read(client: OrdersClient) -> dict[str, int]:
        return {each.country or NO_COUNTRY: each.count for each in client.stats.by_country().items}

    return _kept(ORDERS_PLACES, staff, read) if can.by_country else {}


def currencies(staff: StaffMember, can: Capabilities, wanted: Mapping[str, Any]) -> Mapping[str, int]:
    """Return the currencies of the whole list, without its search; none where the API has no figures."""
    narrowed = {name: value for name, value in wanted.items() if name not in ("sort", "q")}

    def read(client: OrdersClient) -> dict[str, int]:
        return {each.currency: each.count for each in client.stats.by_currency(**narrowed).items}

    return _kept(ORDERS_CURRENCIES, staff, read, repr(narrowed)) if can.by_currency else {}


def _counts(
    staff: StaffMember, can: Capabilities, offered: Mapping[str, View], reader: Reader
) -> Mapping[str, int]:
    def read(client: OrdersClient) -> dict[str, int]:
        by_status = {each.status: each.count for each in client.stats.status_counts().items}
        counts: dict[str, int] = {}
        for key, view in offered.items():
            if view.filters == OrderFilters(statuses=view.filters.statuses) and not view.link:
                counts[key] = sum(by_status.get(each, 0) for each in view.filters.statuses or by_status)
            else:
                asked = read_filters(view.link).added_to(view.filters.query(reader))
                try:
                    counts[key] = sum(each.count for each in client.stats.status_counts(**asked).items)
                except ApiUnreachable:  # the others would wait in vain, too
                    break
                except OrdersError:  # the others are worth their counts
                    continue
        return counts

    return _kept(ORDERS_COUNTS, staff, read, *offered) if can.status_counts else {}


def _kept(
    key: str, staff: StaffMember, read: Callable[[OrdersClient], dict[str, int]], *offered: str
) -> Mapping[str, int]:
    """Return figures as read within the last minute in this tab; without an answer there are none."""
    owner, until, figures = st.session_state.get(key, ((), 0.0, {}))
    mine = (staff.username, *offered)
    if owner == mine and time.monotonic() < until:
        return dict(figures)
    try:
        with orders_client(staff, PATIENCE_SECONDS) as client:
            figures = read(client)
    except OrdersError:  # the list is worth showing without them
        figures = {}
    st.session_state[key] = (mine, time.monotonic() + COUNTED_EVERY, figures)
    return dict(figures)
