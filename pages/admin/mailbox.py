"""Mailbox: shows what would have been mailed, in the demonstration only; anywhere else it refuses."""

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import recheck_staff, require_staff
from lib.ui.frame.feedback import api_guard
from lib.ui.mailbox.view import draw_mailbox
from lib.ui.shared.clients import orders_client
from lib.ui.shared.reader import current_reader
from lib.ui.shared.startup import desk_settings

REFRESH_SECONDS = 3

staff = require_staff(*roles_for("mailbox"))
if not desk_settings().demo_mode:
    st.info(
        "The mailbox is part of the demonstration. Here, emails go to the customers themselves.",
        icon=":material/mail_off:",
    )
    st.stop()

st.caption("What would have been mailed, newest first. Nothing here leaves this machine.")


@st.fragment(run_every=REFRESH_SECONDS)
def mailbox() -> None:
    """Draw the mailbox as it is now."""
    with api_guard("mailbox"):
        messages = orders_client(recheck_staff()).demo.mailbox()
        draw_mailbox(messages, current_reader())


mailbox()
