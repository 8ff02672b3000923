"""The button that exports the orders of the list; the file itself comes by lib/ui/orders/export_link."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import streamlit as st

from lib.orders_client import OrderListItem
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff, staff_mark
from lib.ui.orders.export_link import is_served, link_for
from lib.ui.orders.keys import (
    ORDERS_EXPORT,
    ORDERS_EXPORT_FILE,
    ORDERS_EXPORT_ROWS,
    ORDERS_EXPORT_SEPARATOR,
)
from lib.ui.shared.format import plural

ROWS = {"orders": "Order", "items": "Line item"}
SEPARATORS = {
    "comma": "Commas",
    "semicolon": "Semicolons, for Excel where decimals have a comma",
    "tab": "Tabs",
}
AS_EVER = ("orders", "comma")
"""What is not asked for, since a shop's own API need not know it."""


def export_button(staff: StaffMember, filters: Mapping[str, Any]) -> None:
    """Draw the button; it asks once more, because each file is written down in the audit log."""
    if st.button("Export …", key=ORDERS_EXPORT, icon=":material/download:"):
        export_dialog(staff, filters)


@st.dialog("Export these orders?", icon=":material/download:")
def export_dialog(
    opened_by: StaffMember, filters: Mapping[str, Any], orders: Sequence[OrderListItem] = ()
) -> None:
    """Return a link to the file, good once and for a minute: it is made while it is being downloaded.

    With `orders`, selected among those that the filters find, it has theirs alone, and says it where any are
    gone.
    """
    recheck_staff(opened_by)
    if not is_served():
        st.text("Exports need the desk as `make run` starts it; `streamlit run` can't send them.")
        return
    st.text(
        f"A CSV file for spreadsheets: {_which(orders)}, masked as they are there. The audit "
        "log keeps that you made it, with which filters. The link works once, for a minute."
    )
    rows = st.segmented_control(
        "A row for each", list(ROWS), format_func=ROWS.__getitem__, default="orders", required=True,
        key=ORDERS_EXPORT_ROWS,
    )  # fmt: skip
    separator = st.selectbox(
        "Separated by", list(SEPARATORS), format_func=SEPARATORS.__getitem__, key=ORDERS_EXPORT_SEPARATOR
    )
    asked = {"rows": rows, "separator": separator}
    written = {name: choice for name, choice in asked.items() if choice not in AS_EVER}
    narrowed = _found_again(filters, orders) if orders else filters
    link = link_for(staff_mark(), {**narrowed, **written}, [order.order_number for order in orders])
    st.link_button(
        "Download CSV", link, key=ORDERS_EXPORT_FILE, type="primary", icon=":material/download:"
    )  # fmt: skip


def _which(orders: Sequence[OrderListItem]) -> str:
    return f"the {plural(len(orders), 'selected order')}" if orders else "all orders that the list finds"


def _found_again(filters: Mapping[str, Any], orders: Sequence[OrderListItem]) -> dict[str, Any]:
    """Return what finds these orders whatever has happened to them since: the days they were placed on."""
    placed = [order.created_at for order in orders]
    return {
        "sort": filters["sort"],
        "created_from": min(placed),
        "created_to": max(placed) + timedelta(seconds=1),
    }
