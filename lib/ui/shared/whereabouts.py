"""Says where an order is, in the first line under its heading: since when, with whom, and which parcel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from lib.orders_client import OrderDetail, TimelineEntry
from lib.ui.shared.cancelling import reason_words
from lib.ui.shared.carriers import parcel_page
from lib.ui.shared.copying import copy_button
from lib.ui.shared.format import NOT_GIVEN, Reader, escape, plain
from lib.ui.shared.statuses import PAYMENT_STATUSES, STATUSES, label_of, look
from lib.ui.shared.timeline import reached_at

_SAID: Mapping[str, str] = {
    "PENDING": "Awaits its payment{since}",
    "CONFIRMED": "Paid{on}, waits to be prepared",
    "PROCESSING": "Being prepared{since}",
    "SHIPPED": "Shipped{by}{on}",
    "DELIVERED": "Delivered{by}{on}",
    "CANCELLED": "Cancelled{on}",
    "REFUNDED": "Refunded{on}",
}
_MONEY_CAME = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
_NO_MONEY_CAME = frozenset({"PENDING", "FAILED", "VOIDED"})
_WITH_CARRIER = frozenset({"SHIPPED", "DELIVERED"})
_SENT = frozenset({"PARTIALLY_FULFILLED", "FULFILLED", "RETURNED"})


def where_words(order: OrderDetail, entries: Iterable[TimelineEntry], reader: Reader) -> str:
    """Say where an order is, such as `Shipped with DHL on 27 Nov 2026`; no date where nobody knows it."""
    at = order.created_at if order.status == "PENDING" else reached_at(entries, order.status)
    day = reader.day(at.astimezone(reader.zone).date()) if at else ""
    said = paid_otherwise(order) or _SAID.get(
        order.status, f"{label_of(STATUSES, order.status)}{{on}}"
    ).format(
        on=f" on {day}" if day else "",
        since=f" since {day}" if day else "",
        by=f" by {plain(order.carrier)}" if order.carrier else "",
    )
    reason = reason_words(order.cancel_reason) if order.status == "CANCELLED" else None
    return f"{said}: {plain(reason)}" if reason else said


def paid_otherwise(order: OrderDetail) -> str | None:
    """Say that an order's status and its payment contradict each other; None where they don't, or can't."""
    payment = label_of(PAYMENT_STATUSES, order.payment_status).lower()
    if order.status == "PENDING" and order.payment_status in _MONEY_CAME:
        return f"Awaits its payment by its status, but is marked {payment}: check first"
    if order.status == "CONFIRMED" and order.payment_status in _NO_MONEY_CAME:
        return f"Paid by its status, but marked {payment}: check first"
    return None


def where_line(order: OrderDetail, entries: Iterable[TimelineEntry], reader: Reader) -> None:
    """Draw where an order is, and its parcel with a button to copy its number and a link to its carrier."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        icon = look(STATUSES, order.status).icon
        words = escape(where_words(order, entries, reader))
        st.markdown(f":material/{icon}: **{words}**", width="content")
        if order.tracking_number:
            st.text(f"· parcel {plain(order.tracking_number)}", width="content")
            copy_button(order.tracking_number, "parcel")
            if page := parcel_page(order.carrier, order.tracking_number):
                st.link_button("Follow it", page, type="tertiary", icon=":material/open_in_new:")
        elif order.status in _WITH_CARRIER or order.fulfillment_status in _SENT:
            st.caption(f"· parcel number {NOT_GIVEN}", width="content")
