"""Draws a customer's other orders, each a line that leads to it; it only reads."""

from collections.abc import Iterable
from datetime import datetime

import streamlit as st

from lib.orders_client import OrderListItem, OrdersError, RelatedOrders
from lib.ui.frame.feedback import say_part_error
from lib.ui.order.keys import ORDER_RELATED
from lib.ui.shared.format import Reader, escape, plural
from lib.ui.shared.statuses import STATUSES, look, status_chips

ORDER_PAGE = "pages/support/order.py"
AT_ONCE = 5
_BY = {"account": "of this account", "email": "with this email"}


def others_line(found: RelatedOrders | OrdersError | None) -> None:
    """Draw how many other orders the customer has, in a line."""
    if isinstance(found, RelatedOrders) and found.matched_by is not None:
        st.markdown(f":material/group: **{title_words(found)}**")


def worth_a_panel(found: RelatedOrders | OrdersError | None) -> RelatedOrders | OrdersError | None:
    """Return what is to be drawn, if there is more to say than a line has said already."""
    return None if isinstance(found, RelatedOrders) and not found.items else found


def related_panel(found: RelatedOrders | OrdersError, reader: Reader, now: datetime) -> None:
    """Draw how many other orders the customer has, and the newest of them: number, day, status and total."""
    if isinstance(found, OrdersError):
        st.subheader("Other orders", anchor=False)
        say_part_error(found, key=ORDER_RELATED)
        return
    st.subheader(title_words(found), anchor=False)
    _lines(found.items[:AT_ONCE], reader, now)
    if older := found.items[AT_ONCE:]:
        with st.expander(f"{len(older)} older", key=ORDER_RELATED, type="compact"):
            _lines(older, reader, now)
    if found.total > len(found.items):
        st.caption(f"These are the newest {len(found.items)}.")


def title_words(found: RelatedOrders) -> str:
    """Say how many other orders there are, and by what they are known to be the same customer's."""
    by = f" {_BY[found.matched_by]}" if found.matched_by in _BY else ""
    return f"{plural(found.total, 'other order')}{by}" if found.total else f"No other order{by}"


def _lines(orders: Iterable[OrderListItem], reader: Reader, now: datetime) -> None:
    with st.container(gap=None):
        for order in orders:
            with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
                number = order.order_number
                st.page_link(ORDER_PAGE, label=escape(number), query_params={"order": number})
                st.text(reader.lately(order.created_at, now), width="content")
                status_chips([look(STATUSES, order.status)])
                st.text(reader.money(order.grand_total, order.currency), width="content")
