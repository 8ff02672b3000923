"""Draws the notes that stand on top of an order's page for everybody, and the buttons that pin them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from lib.orders_client import TimelineEntry
from lib.staff.member import StaffMember
from lib.ui.frame.feedback import act_guard
from lib.ui.order.acts import done
from lib.ui.order.keys import ORDER_PIN
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import Reader, plain
from lib.ui.shared.timeline import actor_words

_PINNED = (
    '<section aria-label="Pinned note" tabindex="0" style="max-height:7.5rem;overflow:auto;'
    'white-space:pre-wrap;overflow-wrap:anywhere">{words} <small style="white-space:nowrap;opacity:0.75">'
    'Pinned note by {actor}, <time datetime="{iso}" title="{exact}">{moment}</time></small></section>'
)


def pinned_notes(number: str, entries: Iterable[TimelineEntry], staff: StaffMember, reader: Reader) -> None:
    """Draw the notes that are pinned, the newest first."""
    for entry in entries:
        if entry.pinned:
            values = {
                "words": plain(entry.detail or ""),
                "actor": plain(actor_words(entry.actor)),
                "iso": entry.at.isoformat(timespec="seconds"),
                "exact": reader.exact(entry.at),
                "moment": reader.moment(entry.at),
            }
            html = _PINNED.format(**{name: escape(value) for name, value in values.items()})
            with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
                st.html(html)
                pin_button(number, entry, staff, "above")


def pin_button(number: str, entry: TimelineEntry, staff: StaffMember, where: str = "") -> None:
    """Draw the button that pins a note, or takes its pin away."""
    if entry.id is None or not (staff.may("note") and capabilities(staff).pin_note):
        return
    icon, words = ("keep_off", "Unpin") if entry.pinned else ("push_pin", "Pin")
    if st.button(  # its key says which: a click on "Pin" is never taken for one on "Unpin"
        words, key=f"{ORDER_PIN}_{words}_{entry.id}{where}", icon=f":material/{icon}:", type="tertiary",
        help="A pinned note stands on top of this page for everybody",
    ):  # fmt: skip
        with act_guard(ORDER_PIN), orders_client(staff) as client:
            client.orders.pin_note(number, entry.id, not entry.pinned)
            done(number, "The note is no longer pinned." if entry.pinned else "Note pinned.")
