"""Customers' requests about their own data: a copy of it, or to be forgotten; asked, due, done."""

from datetime import UTC, datetime

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import require_staff
from lib.ui.frame.feedback import say_done
from lib.ui.privacy import screen
from lib.ui.privacy.keys import PRIVACY_REFRESH
from lib.ui.shared.clients import keeps_audit_log, orders_client
from lib.ui.shared.reader import current_reader

staff = require_staff(*roles_for("privacy"))
if not keeps_audit_log(staff):
    st.info("The shop's API keeps no register of such requests.", icon=":material/policy:")
    st.stop()

say_done()
screen.new_request(staff)
with orders_client(staff) as client:
    requests = client.privacy.list()
    chosen = screen.register(requests, current_reader(), datetime.now(UTC))
    if chosen is not None:
        screen.work_on(chosen, client.privacy.preview(chosen.id), staff)
st.button("Refresh", key=PRIVACY_REFRESH, icon=":material/refresh:", type="tertiary")
