"""The order list: search, views, filters, pages; it shows masked data only and decides nothing."""

from functools import partial

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import require_staff
from lib.ui.orders import listing, remembered, selection
from lib.ui.orders.address import check_address
from lib.ui.orders.filter_bar import filter_bar
from lib.ui.orders.head import head
from lib.ui.orders.keys import ORDERS_CURSOR, ORDERS_TAKEN
from lib.ui.orders.link_filters import link_filters
from lib.ui.orders.order_list import order_list
from lib.ui.orders.views import places, save_button, views
from lib.ui.shared.clients import capabilities
from lib.ui.shared.keys import ORDERS_HINT
from lib.ui.shared.left_out import say_left_out
from lib.ui.shared.reader import current_reader

staff = require_staff(*roles_for("view"))
reader = current_reader()
st.session_state.pop(ORDERS_TAKEN, None)
check_address()

can = capabilities(staff)
remembered.restore(staff, remembered.preferences(staff, can))
search = head(can)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    views_bar = st.container(width="content")
    filters, columns = filter_bar(can, partial(places, staff, can), reader)
linked = link_filters()
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    listing.say_narrowing(filters, linked, reader)
    save_button(staff, can, filters, linked)
say_left_out(ORDERS_HINT)

# What is chosen is told at the page's foot, which a part that runs by itself does not reach.
whole = selection.picked() or ORDERS_CURSOR in st.session_state
asked = (staff, can, search, filters, linked, columns, reader)
if whole:
    with st.container():
        order_list(*asked)
else:
    st.fragment(order_list)(*asked)
with views_bar:  # last, since counting each may take its time
    views(staff, can, filters, linked, reader)
