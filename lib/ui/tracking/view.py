"""Draws what a customer sees behind a tracking link, and nothing else that an answer may hold."""

import streamlit as st

from lib.orders_client import TrackedOrder
from lib.ui.shared.format import NO_ADDRESS, NO_EMAIL, Reader, escape, or_missing, plain
from lib.ui.shared.statuses import looks_of, status_chips
from lib.ui.shared.tables import draw_items, place
from lib.ui.tracking.keys import TRACKING_ITEMS, TRACKING_VIEW


def draw_tracked(order: TrackedOrder, reader: Reader) -> None:
    """Draw the order by naming each field shown: one that is added to the answer stays off the screen."""
    with st.container(border=True, key=TRACKING_VIEW):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.header(escape(order.order_number), anchor=False, width="content")
            status_chips(looks_of(order))
        with st.container(horizontal=True, gap="medium"):
            _fact("Ordered", reader.moment(order.created_at))
            _fact("Total", reader.money(order.grand_total, order.currency))
            to = place(order.shipping_city, order.shipping_country)
            _fact("Ships to", or_missing(to, order, "shipping_country", NO_ADDRESS))
            _fact("Email", or_missing(order.email_masked, order, "email_masked", NO_EMAIL))
        draw_items(order.items, order.currency, reader, TRACKING_ITEMS, "The order's line items")


def _fact(label: str, value: str) -> None:
    with st.container(width="content", gap=None):
        st.caption(label)
        st.text(plain(value))
