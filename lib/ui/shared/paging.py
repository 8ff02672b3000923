"""Draws the buttons of a list's pages, and reads from the address which page is asked for."""

import streamlit as st

from lib.ui.shared.format import plural

LONGEST = 9
"""Digits of a page's number."""


def wanted_page(key: str) -> int:
    """Return the page to ask for before its widget can be drawn, which needs to know how many there are."""
    kept = st.session_state.get(key)
    if isinstance(kept, int):
        return kept
    asked = st.query_params.get(key, "")
    return int(asked) if is_page(asked) else 1


def page_buttons(total_pages: int, key: str) -> int:
    """Draw the page buttons and return the page they stand at; past the end that is the first."""
    return st.pagination(
        max(total_pages, 1), key=key, bind="query-params", max_visible_pages=5, width="stretch"
    )


def page_buttons_below(total_pages: int, key: str, shown: int) -> None:
    """Draw the same buttons again, below a list of several pages."""
    below = f"{key}_below"

    def go() -> None:
        st.session_state[key] = st.session_state[below]

    if total_pages > 1:
        st.session_state[below] = shown
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.pagination(total_pages, key=below, max_visible_pages=5, on_change=go)


def say_no_such_page(asked: int, pages: int, what: str) -> None:
    """Say that a page was asked for that a list does not have."""
    has = f"The {what} has {plural(pages, 'page')}" if pages else f"The {what} is empty"
    st.info(f"There is no page {asked}. {has}; this is the first.", icon=":material/info:")


def is_page(text: str) -> bool:
    """Return whether this is the number of a page."""
    return len(text) <= LONGEST and text.isascii() and text.isdigit() and int(text) > 0
