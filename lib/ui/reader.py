"""Says who reads the page, by what their browser tells; the formatting itself is lib/ui/format."""

from __future__ import annotations

import streamlit as st

from lib.ui.format import Reader, reader_of


def current_reader() -> Reader:
    """Give the reader of this session: the browser's language and time zone, or the fallbacks."""
    return reader_of(st.context.locale, st.context.timezone)
