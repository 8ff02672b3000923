"""Says what has changed since the list was read, and reads it anew on a click; it moves nothing itself."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from lib.orders_client import Capabilities, OrdersClient, OrdersError
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.orders.keys import ORDERS_NEWS
from lib.ui.shared.clients import orders_client
from lib.ui.shared.read_ahead import forget_read_ahead
from lib.ui.shared.statuses import STATUSES

LOOK_EVERY = 30
"""Seconds."""
PATIENCE_SECONDS = 5.0
_OF_STATUS = ("status", "payment_status", "fulfillment_status", "status_to")


def has_news(can: Capabilities, wanted: Mapping[str, Any]) -> bool:
    """Return whether it can be told: not of a search, each of which is written down in the audit log."""
    of_changes = ("changed_from", "changed_to", "from_status", "to_status")
    return (
        can.status_counts
        and "changed_from" in can.filters
        and not wanted.get("q")
        and not any(wanted.get(name) for name in of_changes)
    )


@st.fragment(run_every=LOOK_EVERY)
def news(opened_by: StaffMember, wanted: Mapping[str, Any], since: datetime) -> None:
    """Look now and then how many orders of the list are new or have changed their status since then."""
    staff = recheck_staff(opened_by)
    if datetime.now(UTC) - since < timedelta(seconds=LOOK_EVERY / 2):
        return  # the list has just been read
    try:
        with orders_client(staff, PATIENCE_SECONDS) as client:
            said = _said(client, wanted, since)
    except OrdersError:  # the list says so itself when it is read again
        said = ""
    if said and st.button(
        said, key=ORDERS_NEWS, icon=":material/fiber_new:", type="tertiary", help="Read the list anew"
    ):
        forget_read_ahead()
        st.rerun(scope="app")


def _said(client: OrdersClient, wanted: Mapping[str, Any], since: datetime) -> str:
    filters = {name: value for name, value in wanted.items() if name not in ("sort", "q")}
    changed = _count(client, {**filters, "changed_from": since})
    new = _count(client, {**filters, "created_from": since, "changed_from": since}) if changed else 0
    statuses = wanted.get("status")
    others = [each for each in STATUSES if each not in statuses] if statuses else []
    # Those that have left the list. By how long they had waited for it nobody knows whether they were on it.
    if others and not wanted.get("status_to"):
        rest = {name: value for name, value in filters.items() if name not in _OF_STATUS}
        left = {"status": others, "from_status": statuses, "changed_from": since}
        changed += _count(client, {**rest, **left})
    parts = [f"{changed - new} changed"] * (changed > new) + [f"{new} new"] * (new > 0)
    return ", ".join(parts)


def _count(client: OrdersClient, filters: Mapping[str, Any]) -> int:
    return sum(each.count for each in client.stats.status_counts(**filters).items)
