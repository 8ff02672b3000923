"""Says what was just done, once, on the run after it; it does nothing itself."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from lib.ui.frame.keys import DONE_COUNT, DONE_WORDS
from lib.ui.shared.format import escape


def done(words: str) -> NoReturn:
    """Run the page anew, which then says `words`."""
    st.session_state[DONE_WORDS] = words
    st.session_state[DONE_COUNT] = times_done() + 1
    st.rerun()


def say_done() -> None:
    """Say what was just done, if anything was."""
    if words := st.session_state.pop(DONE_WORDS, None):
        st.success(escape(words))


def times_done() -> int:
    """Return how many acts were done in this tab: fields that are named after it are empty after each."""
    return int(st.session_state.get(DONE_COUNT, 0))
