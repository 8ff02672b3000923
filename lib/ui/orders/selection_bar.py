"""Draws what can be done with the selected orders, at the foot of the page; the API decides each act."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lib.orders_client import Capabilities, OrderListItem
from lib.staff.member import StaffMember
from lib.ui.orders import keys, many_dialogs, selection
from lib.ui.orders.export_button import export_dialog
from lib.ui.shared.format import plural


def selection_bar(
    staff: StaffMember,
    can: Capabilities,
    total: int,
    wanted: Mapping[str, Any],
    read_all: Callable[[], Sequence[OrderListItem]],
) -> None:
    """Say how many orders are selected, and offer the acts.

    Args:
        read_all: returns the first orders that match, as many as may be selected.
    """
    chosen = list(selection.picked().values())
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"{plural(len(chosen), 'order')} selected", width="content")
        most = min(total, selection.MOST)
        if most > len(chosen):
            words = f"Select all {most} that match" if most == total else f"Select the first {most}"
            if st.button(words, key=keys.ORDERS_PICK_ALL, type="tertiary"):
                selection.pick(read_all())
                st.rerun()
        st.button("Select none", key=keys.ORDERS_PICK_NONE, type="tertiary", on_click=selection.unpick)
        if staff.may("cancel") and _act("Cancel …", keys.ORDERS_PICK_CANCEL, "block"):
            many_dialogs.cancel_many_dialog(staff, chosen)
        if staff.may("note") and can.add_note and _act("Add a note …", keys.ORDERS_PICK_NOTE, "note_add"):
            many_dialogs.note_many_dialog(staff, chosen)
        if staff.may("export") and can.export and _act("Export …", keys.ORDERS_PICK_EXPORT, "download"):
            export_dialog(staff, wanted, chosen)


def _act(label: str, key: str, icon: str) -> bool:
    return st.button(label, key=key, icon=f":material/{icon}:", on_click=many_dialogs.prepare)
