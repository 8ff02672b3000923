"""The audit log for supervisors: who did what to which order, when and why; it only reads."""

from datetime import UTC, datetime

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.audit import listing
from lib.ui.audit.keys import AUDIT_LIVE, AUDIT_PAGE, AUDIT_REFRESH
from lib.ui.auth.session import require_staff
from lib.ui.shared.clients import keeps_audit_log, orders_client
from lib.ui.shared.paging import page_buttons, say_no_such_page, wanted_page
from lib.ui.shared.reader import current_reader

staff = require_staff(*roles_for("audit"))
reader = current_reader()
if not keeps_audit_log(staff):
    st.info("The shop's API keeps no audit log.", icon=":material/policy:")
    st.stop()

filters = listing.filters(reader, datetime.now(UTC))
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    summary = st.container(key=AUDIT_LIVE, width="content").empty()
    buttons = st.container(width=330)
    st.button("Refresh", key=AUDIT_REFRESH, icon=":material/refresh:")

page = wanted_page(AUDIT_PAGE)
with st.skeleton(height=350), orders_client(staff) as client:
    found = client.audit.list(page, listing.PER_PAGE, **filters)
    with buttons:
        shown = page_buttons(found.total_pages, AUDIT_PAGE)
    if shown != page:
        found = client.audit.list(shown, listing.PER_PAGE, **filters)
if shown != page:
    say_no_such_page(page, found.total_pages, "log")
summary.text(f"{reader.number(found.total)} rows" if found.total != 1 else "1 row")
listing.rows(found, reader)
