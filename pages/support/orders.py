"""The order list: search, views, filters, pages; it shows masked data only and decides nothing."""

from functools import partial

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import require_staff
from lib.ui.orders import export_button, listing, remembered, selection, table
from lib.ui.orders.address import check_address
from lib.ui.orders.filter_bar import filter_bar
from lib.ui.orders.finding import find
from lib.ui.orders.finding_words import lost_words, without
from lib.ui.orders.head import head
from lib.ui.orders.keys import ORDERS_LIVE, ORDERS_PAGES_ABOVE, ORDERS_TAKEN
from lib.ui.orders.link_filters import link_filters
from lib.ui.orders.news import has_news, news
from lib.ui.orders.selection_bar import selection_bar
from lib.ui.orders.views import currencies, places, save_button, views
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.keys import ORDERS_HINT, ORDERS_PAGE
from lib.ui.shared.left_out import say_left_out
from lib.ui.shared.paging import page_buttons, page_buttons_below, say_no_such_page, wanted_page
from lib.ui.shared.reader import current_reader

staff = require_staff(*roles_for("view"))
reader = current_reader()
st.session_state.pop(ORDERS_TAKEN, None)
check_address()

can = capabilities(staff)
remembered.restore(staff, remembered.preferences(staff, can))
search, opens = head(can)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    views_bar = st.container(width="content")
    filters, columns = filter_bar(can, places(staff, can), reader)
linked = link_filters()
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    listing.say_narrowing(filters, linked, reader)
    save_button(staff, can, filters, linked)
say_left_out(ORDERS_HINT)

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    summary = st.container(key=ORDERS_LIVE, width="content").empty()
    buttons = st.container(width=330, key=ORDERS_PAGES_ABOVE)
    sort, size = listing.sorting()
    tools = st.container(width="content")
    latest = st.container(width="content")

page = wanted_page(ORDERS_PAGE)
wanted = {"sort": sort, "q": search, **linked.added_to(filters.query(reader))}
skeleton = st.skeleton(height=table.SKELETON_HEIGHT)
with listing.busy_search(search), skeleton, orders_client(staff) as client:
    found = find(client, staff, can, page, size, wanted)
    lost = []
    if search and not found.total and not found.undoable:
        lost = lost_words(
            search, lambda word: find(client, staff, can, 1, 1, {**wanted, "q": word}).total > 0
        )
    if search and lost:
        wanted["q"] = without(search, lost)
        found = find(client, staff, can, page, size, wanted)
    with buttons:
        shown = page_buttons(found.total_pages, ORDERS_PAGE)
    if shown != page:
        found = find(client, staff, can, shown, size, wanted)

    meant = listing.meant(search, found)
    opened = None if lost else meant
    if opens and search and not opened:  # a number is meant whatever the list is narrowed to
        opened = listing.numbered(search, find(client, staff, can, 1, 2, {"sort": sort, "q": search}))
remembered.keep_changes(staff, can, sort, size, columns)
if opens and opened:
    table.open_order(opened.order_number)
if staff.may("export") and can.export:
    with tools:
        export_button.export_button(staff, wanted)
with summary:
    listing.say_summary(found, shown, size, reader)
if has_news(can, wanted):
    with latest:
        news(staff, wanted, found.at)
if shown != page:
    say_no_such_page(page, found.total_pages, "list")
listing.say_lost(lost)
listing.say_unseen(found, wanted["q"])
if how := found.how(reader):
    st.caption(how)
if "grandTotal" in sort:
    listing.say_mixed(found, () if search else currencies(staff, can, wanted))
if meant and found.total == 1:
    listing.offer(meant, reader)
elif one := table.pointed_at(found.items, sort):
    with st.bottom:
        listing.offer(one, reader)
if selection.picked():
    with st.bottom, orders_client(staff) as client:
        most = partial(find, client, staff, can, 1, selection.MOST, wanted)
        selection_bar(staff, can, found.total, wanted, lambda: most().items)
if found.items:
    table.table(found.items, sort, columns, reader, found.at)
    page_buttons_below(found.total_pages, ORDERS_PAGE, shown)
else:
    listing.nothing_found(found, search, filters, linked, reader)
with views_bar:  # last, since counting each may take its time
    views(staff, can, filters, linked, reader)
