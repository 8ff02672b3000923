"""Order Desk's frame: settings, sign-in, navigation and one guard around the page; no page's own work."""

import streamlit as st

from lib.ui.auth import page as sign_in
from lib.ui.auth.session import current_staff
from lib.ui.frame.feedback import api_guard
from lib.ui.frame.looks import lay_out
from lib.ui.frame.navigation import ICON, OWN_HEADS, refuse_flat_pages, wanted_page
from lib.ui.shared.clients import keeps_audit_log
from lib.ui.shared.left_out import forget_left_out
from lib.ui.shared.observing import timed_run
from lib.ui.shared.startup import desk_settings

SIDEBAR_WIDTH = 220

refuse_flat_pages()
st.set_page_config(
    page_title="Order Desk",
    page_icon=ICON,
    layout="wide",
    initial_sidebar_state=SIDEBAR_WIDTH,
    menu_items={"About": "Order Desk: find an order, help its customer, see what they see."},
)

settings = desk_settings()
staff = current_staff()
coming = staff is not None and sign_in.is_under_way()
page = wanted_page(
    None if coming else staff, demo_mode=settings.demo_mode, keeps_audit=keeps_audit_log(staff)
)

if staff is None:
    sign_in.draw()
elif coming:
    sign_in.draw_wait()
else:
    st.set_page_config(page_title=f"{page.title} · Order Desk")
    lay_out()
    st.logo(ICON, size="large")
    sign_in.draw_badge(staff.name, staff.roles)
    if page.title not in OWN_HEADS:
        st.title(page.title, anchor=False)
    forget_left_out(but_on=page.title)
    with timed_run(page.title), api_guard():
        page.run()
