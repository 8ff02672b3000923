"""Keeps what a staff member wants of the list, in the API's store where it can, else in the session alone."""

import time
from collections.abc import Sequence

import streamlit as st

from lib.orders_client import Capabilities, OrdersError, Preference
from lib.staff.member import StaffMember
from lib.ui.orders.filters import PAGE_SIZES
from lib.ui.orders.keys import ORDERS_COLUMNS, ORDERS_KEPT, ORDERS_PER_PAGE, ORDERS_RESTORED, ORDERS_TO_KEEP
from lib.ui.shared.clients import orders_client
from lib.ui.shared.keys import ORDERS_SORT
from lib.ui.shared.order_links import SORTS
from lib.ui.shared.tables import ORDER_COLUMNS

READ_EVERY = 60.0
"""Seconds: so soon at the latest a view that somebody shares is there."""
PATIENCE_SECONDS = 2.0
_KIND, _NAME = "list", "orders"


def preferences(staff: StaffMember, can: Capabilities) -> Sequence[Preference] | None:
    """Return what is remembered for somebody, as read within the last minute; None where nothing can be."""
    if not can.preferences:
        return None
    kept: Sequence[Preference] | None
    owner, until, kept = st.session_state.get(ORDERS_KEPT, ("", 0.0, None))
    if owner == staff.username and time.monotonic() < until:
        return kept
    try:
        with orders_client(staff, PATIENCE_SECONDS) as client:
            kept = client.preferences.list().items
    except OrdersError:  # the list is worth showing without it
        kept = None
    st.session_state[ORDERS_KEPT] = (staff.username, time.monotonic() + READ_EVERY, kept)
    return kept


def forget_read() -> None:
    """Have it read anew, as after a change."""
    st.session_state.pop(ORDERS_KEPT, None)


def restore(staff: StaffMember, found: Sequence[Preference] | None) -> None:
    """Set columns, page size and sort to what they were the last time, once a session; an address wins."""
    if found is None or st.session_state.get(ORDERS_RESTORED) == staff.username:
        return
    st.session_state[ORDERS_RESTORED] = staff.username
    value = next((each.value for each in found if (each.kind, each.name) == (_KIND, _NAME)), {})
    sorts = [each for each in value.get("sort", ()) if each in SORTS]
    sizes = [int(each) for each in value.get("size", ()) if each in map(str, PAGE_SIZES)]
    columns = [each for each in value.get("columns", ()) if each in ORDER_COLUMNS]
    for key, wanted in ((ORDERS_SORT, sorts), (ORDERS_PER_PAGE, sizes)):
        if wanted and key not in st.query_params and key not in st.session_state:
            st.session_state[key] = wanted[0]
    if columns and ORDERS_COLUMNS not in st.session_state:
        st.session_state[ORDERS_COLUMNS] = columns


def to_be_kept() -> None:
    """Note that columns, page size or sort were changed."""
    st.session_state[ORDERS_TO_KEEP] = True


def keep_changes(staff: StaffMember, can: Capabilities, sort: str, size: int, columns: Sequence[str]) -> None:
    """Remember them if they were changed; where that fails, they are as they are for this session."""
    if not st.session_state.pop(ORDERS_TO_KEEP, False) or not can.preferences:
        return
    value = {"sort": [sort], "size": [str(size)], "columns": list(columns)}
    try:
        with orders_client(staff, PATIENCE_SECONDS) as client:
            client.preferences.keep(_KIND, _NAME, value)
    except OrdersError:
        return
    forget_read()
