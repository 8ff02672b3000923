"""Says on a page that calls the API only on request when the API is away; it never stops the page."""

from __future__ import annotations

import streamlit as st

from lib.ui.frame.keys import API_WATCH_NOTICE, API_WATCH_RETRY
from lib.ui.shared.clients import api_is_ready

CHECK_SECONDS = 10


@st.fragment(run_every=CHECK_SECONDS)
def watch_api() -> None:
    """Look now and then whether the API answers, and say so for as long as it doesn't.

    Call it as a page's last line, inside a container kept free at the page's top: a check that hangs then
    holds up nothing, and a failure of the page itself is not said twice.
    """
    if api_is_ready():
        return
    with st.container(border=True, key=API_WATCH_NOTICE):
        st.markdown(":red[:material/cloud_off:] **The Orders API can't be reached**")
        st.text("This page looks again by itself, and says no more once the API is back.")
        st.button("Try again", key=API_WATCH_RETRY, icon=":material/refresh:")
