"""Says which values of a page's address can't be used, before they are dropped silently; no filter."""

from collections.abc import Mapping

import streamlit as st

from lib.ui.shared import choices
from lib.ui.shared.choices import Check
from lib.ui.shared.keys import INSIGHTS_HINT, ORDERS_HINT

_HINTS: Mapping[str, str] = {"Orders": ORDERS_HINT, "Insights": INSIGHTS_HINT}
"""The pages that say what was left out, by their titles."""


def note_left_out(hint: str, checks: Mapping[str, tuple[str, Check]]) -> None:
    """Keep under a key which filters of the address can't be used, before the widgets drop them."""
    address = {key: st.query_params.get_all(key) for key in st.query_params}
    if wrong := choices.complaints(address, checks):
        st.session_state[hint] = ", ".join(wrong)


def forget_left_out(but_on: str) -> None:
    """Forget it on all pages but the one with this title: who comes back there comes by another address."""
    for title, hint in _HINTS.items():
        if title != but_on:
            st.session_state.pop(hint, None)


def say_left_out(hint: str) -> None:
    """Say what was left out, as long as it is kept."""
    if wrong := st.session_state.get(hint):
        st.warning(f"Values that can't be used were left out: {wrong}.")
