"""Draws a button that copies a text: Streamlit's code block of it, of which only its own button is shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib.ui.shared.format import plain

_STYLE = Path(__file__).with_suffix(".css")


def copy_button(text: str, key: str) -> None:
    """Draw a button that copies what is shown beside it; `key` tells it from others on the page."""
    st.html(_STYLE)
    with st.container(key=f"copy_{key}", width="content"):
        st.code(plain(text), language=None, width="content")
