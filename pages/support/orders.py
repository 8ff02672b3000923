"""The order list: search, filters, pages; it shows masked data only and decides nothing."""

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui import export_button, order_list, order_table
from lib.ui.clients import orders_client
from lib.ui.filter_bar import check_address, filter_bar, quick_views
from lib.ui.left_out import say_left_out
from lib.ui.link_filters import link_filters
from lib.ui.reader import current_reader
from lib.ui.session import ORDERS_HINT, require_staff

staff = require_staff(*roles_for("view"))
reader = current_reader()
order_list.undo_half_step()
check_address()

search = order_list.search_box()
views = st.container()
filters = filter_bar()
with views:
    quick_views(filters)
linked = link_filters()
order_list.say_narrowing(filters, linked, reader)
say_left_out(ORDERS_HINT)

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    summary = st.empty()
    buttons = st.container(width=330)
    sort, size = order_list.sorting()
    tools = st.container(width="content")

page = order_list.wanted_page()
wanted = {"sort": sort, "q": search, **linked.added_to(filters.query(reader))}
ask = {"limit": size, **wanted}
with st.skeleton(height=order_table.SKELETON_HEIGHT), orders_client(staff) as client:
    found = client.orders.list(page=page, **ask)
    with buttons:
        shown = order_list.page_buttons(found.total_pages)
    if shown != page:
        found = client.orders.list(page=shown, **ask)

if staff.may("export"):
    with tools:
        export_button.export_button(staff, wanted)
summary.text(order_list.counts(found, shown, size, reader))
only = found.items[0] if search and found.total == 1 else None
if only:
    order_list.offer(only, reader)
elif one := order_table.pointed_at(found.items, sort):
    with st.bottom:
        order_list.offer(one, reader)
if found.items:
    order_table.table(found.items, sort, reader)
else:
    order_list.nothing_found(search, filters, linked, reader)
