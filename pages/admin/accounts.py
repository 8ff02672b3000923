"""Staff accounts for admins: who may sign in, with which roles, and whose sessions are open."""

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.accounts import screen
from lib.ui.accounts.keys import ACCOUNTS_REFRESH
from lib.ui.auth.people import people
from lib.ui.auth.session import require_staff
from lib.ui.frame.feedback import say_done
from lib.ui.shared.reader import current_reader

staff = require_staff(*roles_for("accounts"))
reader = current_reader()
say_done()
with st.skeleton(height=200):
    found = people()
screen.say_where_kept(found)
if not found.fault:
    screen.new_account(staff)
chosen = screen.register(found, reader)
if chosen is not None:
    screen.work_on(chosen, found, staff, reader)
st.button("Refresh", key=ACCOUNTS_REFRESH, icon=":material/refresh:", type="tertiary")
