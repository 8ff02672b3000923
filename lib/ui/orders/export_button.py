"""The button that exports the orders of the list; the file itself comes by lib/ui/orders/export_link."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.orders.export_link import is_served, link_for
from lib.ui.orders.keys import ORDERS_EXPORT, ORDERS_EXPORT_FILE
from lib.ui.shared.clients import orders_client


def export_button(staff: StaffMember, filters: Mapping[str, Any]) -> None:
    """Draw the button; it asks once more, because each file is written down in the audit log."""
    if st.button("Export …", key=ORDERS_EXPORT, icon=":material/download:"):
        export_dialog(staff, filters)


@st.dialog("Export these orders?", icon=":material/download:")
def export_dialog(staff: StaffMember, filters: Mapping[str, Any]) -> None:
    """Return a link to the file, good once and for a minute: it is made while it is being downloaded."""
    if recheck_staff().username != staff.username:
        st.rerun()
    if not is_served():
        st.text("Exports need the desk as `make run` starts it; `streamlit run` can't send them.")
        return
    st.text(
        "A CSV file for spreadsheets: all orders that the list finds, masked as they are there. The audit "
        "log keeps that you made it, with which filters. The link works once, for a minute."
    )
    export = partial(orders_client(staff).orders.export, **filters)
    st.link_button(
        "Download CSV", link_for(export), key=ORDERS_EXPORT_FILE, type="primary",
        icon=":material/download:",
    )  # fmt: skip
