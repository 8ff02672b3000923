"""The order list: search, filters, pages; it shows masked data only and decides nothing."""

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import require_staff
from lib.ui.orders import export_button, listing, table
from lib.ui.orders.filter_bar import check_address, filter_bar, quick_views
from lib.ui.orders.finding import find
from lib.ui.orders.link_filters import link_filters
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.keys import ORDERS_HINT, ORDERS_PAGE
from lib.ui.shared.left_out import say_left_out
from lib.ui.shared.paging import page_buttons, wanted_page
from lib.ui.shared.reader import current_reader

staff = require_staff(*roles_for("view"))
reader = current_reader()
listing.undo_half_step()
check_address()

can = capabilities(staff)
search = listing.search_box(can)
views = st.container()
filters = filter_bar()
with views:
    quick_views(filters)
linked = link_filters()
listing.say_narrowing(filters, linked, reader)
say_left_out(ORDERS_HINT)

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    summary = st.empty()
    buttons = st.container(width=330)
    sort, size = listing.sorting()
    tools = st.container(width="content")

page = wanted_page(ORDERS_PAGE)
wanted = {"sort": sort, "q": search, **linked.added_to(filters.query(reader))}
with st.skeleton(height=table.SKELETON_HEIGHT), orders_client(staff) as client:
    found = find(client, staff, can, page, size, wanted)
    with buttons:
        shown = page_buttons(found.total_pages, ORDERS_PAGE)
    if shown != page:
        found = find(client, staff, can, shown, size, wanted)

if staff.may("export") and can.export:
    with tools:
        export_button.export_button(staff, wanted)
summary.text(listing.counts(found, shown, size, reader))
if how := found.how(reader):
    st.caption(how)
only = found.items[0] if search and found.total == 1 else None
if only:
    listing.offer(only, reader)
elif one := table.pointed_at(found.items, sort):
    with st.bottom:
        listing.offer(one, reader)
if found.items:
    table.table(found.items, sort, reader)
else:
    listing.nothing_found(found, search, filters, linked, reader)
