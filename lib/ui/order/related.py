"""Draws the panel of a customer's other orders: each a line that leads to it; it only reads."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lib.orders_client import OrderListItem, OrdersClient, RelatedOrders
from lib.ui.frame.feedback import api_guard
from lib.ui.order.keys import ORDER_RELATED
from lib.ui.shared.chips import status_chips
from lib.ui.shared.format import Reader, escape, plural
from lib.ui.shared.statuses import STATUSES, look

ORDER_PAGE = "pages/support/order.py"
AT_ONCE = 4
_BY = {"account": "of the same account", "email": "with the same email"}


def related_panel(client: OrdersClient, number: str, reader: Reader) -> None:
    """Draw how many other orders the customer has, and the newest of them: number, day, status and total."""
    with api_guard(ORDER_RELATED):
        found = client.orders.related(number)
        st.subheader(title_words(found), anchor=False)
        _lines(found.items[:AT_ONCE], reader)
        if more := found.items[AT_ONCE:]:
            with st.expander(f"{plural(len(more), 'older one')}", key=ORDER_RELATED, type="compact"):
                _lines(more, reader)
        if found.total > len(found.items):
            st.caption(f"The newest {len(found.items)} of {reader.number(found.total)} are shown.")


def title_words(found: RelatedOrders) -> str:
    """Say how many other orders there are, and by what they are known to be the same customer's."""
    if found.matched_by is None:
        return "No account and no email to find other orders by"
    by = _BY.get(found.matched_by, "of the same customer")
    return f"{plural(found.total, 'other order')} {by}" if found.total else f"No other order {by}"


def _lines(orders: Iterable[OrderListItem], reader: Reader) -> None:
    with st.container(gap="xxsmall"):
        for order in orders:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                number = order.order_number
                st.page_link(ORDER_PAGE, label=escape(number), query_params={"order": number})
                st.caption(reader.day(order.created_at.astimezone(reader.zone).date()), width="content")
                status_chips([look(STATUSES, order.status)])
                st.text(reader.money(order.grand_total, order.currency), width="content")
