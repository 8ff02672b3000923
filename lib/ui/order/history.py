"""Draws what happened to an order: its timeline, and for supervisors who looked and why; it only reads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.orders_client import Capabilities, OrdersError, TimelineEntry
from lib.staff.member import StaffMember
from lib.ui.frame.feedback import api_guard, say_error
from lib.ui.order.keys import ORDER_AUDIT, ORDER_HISTORY, ORDER_TIMELINE
from lib.ui.shared.audit_words import audit_columns, audit_table, folded
from lib.ui.shared.clients import orders_client
from lib.ui.shared.format import Reader
from lib.ui.shared.keys import AUDIT_ORDER
from lib.ui.shared.tables import timeline_columns, timeline_table

AUDIT_LOG = "pages/admin/audit.py"
NEWEST = 100
_TIMELINE, _AUDIT = "Timeline", "Who looked, and why"


def history(
    number: str,
    entries: Sequence[TimelineEntry] | OrdersError,
    staff: StaffMember,
    can: Capabilities,
    reader: Reader,
) -> None:
    """Draw the timeline, where the API has one, or the error; supervisors may choose the audit log."""
    chosen = _TIMELINE
    if can.timeline and can.audit and staff.may("audit"):
        chosen = _choice(number)
    elif can.timeline:
        st.subheader(_TIMELINE, anchor=False)
    else:
        return
    if chosen == _AUDIT:
        _audit(number, staff, reader)
    elif isinstance(entries, OrdersError):
        say_error(entries, key=ORDER_TIMELINE)
    else:
        _timeline(entries, reader)


def _choice(number: str) -> str:
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "History", [_TIMELINE, _AUDIT], default=_TIMELINE, required=True, key=ORDER_HISTORY,
            label_visibility="collapsed",
        )  # fmt: skip
        to_log = {AUDIT_ORDER: number}
        st.page_link(AUDIT_LOG, label="In the audit log", icon=":material/policy:", query_params=to_log)
    return chosen


def _timeline(entries: Sequence[TimelineEntry], reader: Reader) -> None:
    st.dataframe(
        timeline_table(entries, reader),
        column_config=timeline_columns(),
        hide_index=True,
        height="content",
        key=ORDER_TIMELINE,
        alt="Timeline, newest first",
    )


def _audit(number: str, staff: StaffMember, reader: Reader) -> None:
    with api_guard(ORDER_AUDIT), orders_client(staff) as client:
        found = client.audit.list(1, NEWEST, order_number=number)
        st.dataframe(
            audit_table(folded(found.items), reader).drop(columns=["order", "request"]),
            column_config=audit_columns(),
            hide_index=True,
            height="content",
            key=ORDER_AUDIT,
            alt="Audit log of this order, newest first",
        )
        if found.total > NEWEST:
            st.caption(f"From the newest {NEWEST} of {reader.number(found.total)} rows.")
