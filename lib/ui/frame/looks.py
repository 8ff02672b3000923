"""Lays the frame's stylesheet and its keyboard into the page, both from files of ours."""

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
KEYBOARD = (_FOLDER / "keyboard.js").read_text("utf-8")
"""The frame's one script; the desk's content policy allows it by its hash."""


def lay_out() -> None:
    """Add both, once a run."""
    st.html(_FOLDER / "frame.css")
    st.html(f"<script>{KEYBOARD}</script>", unsafe_allow_javascript=True)
