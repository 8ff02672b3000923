"""Draws statuses as chips, in the same colours and shape as in tables; it takes no customer's words."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from lib.ui.shared.statuses import Look

_STYLE = (
    "display:inline-block;margin:0 6px 2px 0;padding:1px 10px;border-radius:999px;"
    "font-size:0.875rem;line-height:1.4;white-space:nowrap;color:#fff;background:"
)


def status_chips(looks: Iterable[Look]) -> None:
    """Draw one chip a status, side by side, each with its meaning on hover."""
    st.html("".join(chip(each) for each in looks), width="content")


def chip(look: Look) -> str:
    """Return a chip's HTML; all escaped, for an unknown status is text from elsewhere."""
    return (
        f'<span style="{_STYLE}{escape(look.hex)}" title="{escape(look.meaning)}">{escape(look.label)}</span>'
    )
