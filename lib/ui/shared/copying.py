"""Draws a button that copies a text: Streamlit's code block of it, of which only its own button is shown."""

from __future__ import annotations

import streamlit as st

from lib.ui.shared.format import plain


def copy_button(text: str, key: str) -> None:
    """Draw a button that copies what is shown beside it; `key` tells it from others on the page."""
    with st.container(key=f"copy_{key}", width="content"):  # how it looks: lib/ui/frame/frame.css
        st.code(plain(text), language=None, width="content")
