"""The list itself, with its pages, sorting and table: while nothing is selected, it runs without the page."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from lib.orders_client import Capabilities
from lib.staff.member import StaffMember
from lib.ui.frame.part import part_of
from lib.ui.orders import export_button, listing, remembered, selection, table
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.finding import find
from lib.ui.orders.finding_words import lost_words, without
from lib.ui.orders.keys import ORDERS_FIND, ORDERS_LIVE, ORDERS_PAGES_ABOVE, ORDERS_TAKEN
from lib.ui.orders.link_filters import LinkFilters
from lib.ui.orders.news import has_news, news
from lib.ui.orders.selection_bar import selection_bar
from lib.ui.orders.views import currencies
from lib.ui.shared.clients import orders_client
from lib.ui.shared.format import Reader
from lib.ui.shared.keys import ORDERS_PAGE
from lib.ui.shared.paging import page_buttons, page_buttons_below, say_no_such_page, wanted_page


def order_list(
    opened_by: StaffMember,
    can: Capabilities,
    search: str | None,
    filters: OrderFilters,
    linked: LinkFilters,
    columns: Sequence[str],
    reader: Reader,
) -> None:
    """Find the orders and draw them; once it is narrowed to others from here, the whole page runs anew."""
    if st.session_state.pop(ORDERS_TAKEN, False):
        st.rerun()
    with part_of("Orders", "view", opened_by) as staff:
        _draw(staff, can, search, filters, linked, columns, reader)


def _draw(
    staff: StaffMember,
    can: Capabilities,
    search: str | None,
    filters: OrderFilters,
    linked: LinkFilters,
    columns: Sequence[str],
    reader: Reader,
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        summary = st.container(key=ORDERS_LIVE, width="content").empty()
        buttons = st.container(width=330, key=ORDERS_PAGES_ABOVE)
        sort, size = listing.sorting()
        tools = st.container(width="content") if staff.may("export") and can.export else None
        latest = st.container(width="content")

    opens = st.session_state.get(ORDERS_FIND, False)
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
    if tools is not None:
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
