"""Order Desk's frame: settings, sign-in, navigation and one guard around the page; no page's own work."""

import streamlit as st

from lib.ui import sign_in
from lib.ui.feedback import api_guard
from lib.ui.navigation import pages_for, refuse_flat_pages
from lib.ui.session import current_staff
from lib.ui.startup import desk_settings

refuse_flat_pages()
st.set_page_config(page_title="Order Desk", page_icon=":material/package_2:", layout="wide")

settings = desk_settings()
staff = current_staff()
page = st.navigation(
    pages_for(staff, demo_mode=settings.demo_mode), position="hidden" if staff is None else "sidebar"
)

if staff is None:
    sign_in.draw()
else:
    st.set_page_config(page_title=f"{page.title} · Order Desk")
    sign_in.draw_badge(staff.name, staff.roles)
    with api_guard():
        page.run()
