"""Says who reads the page, by what their browser tells; the formatting itself is lib/ui/shared/format."""

import streamlit as st

from lib.ui.shared.format import Reader, reader_of


def current_reader() -> Reader:
    """Return the reader of this session: the browser's language and time zone, or the fallbacks."""
    return reader_of(st.context.locale, st.context.timezone)
