"""The dialog that saves what the list shows as a view, and renames or deletes those that were saved."""

from collections.abc import Sequence

import streamlit as st

from lib.orders_client import OrdersError, ValidationFailed
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.feedback import say_act_error
from lib.ui.orders import keys
from lib.ui.orders.remembered import forget_read
from lib.ui.orders.saved_views import KIND, Value, View, value_of
from lib.ui.shared.clients import orders_client

LONGEST_NAME = 60


@st.dialog("Views", icon=":material/bookmark:")
def view_dialog(opened_by: StaffMember, now: Value, views: Sequence[View]) -> None:
    """Save the list as it is narrowed now under a name, or change a saved view."""
    staff = recheck_staff(opened_by)
    st.text("What the list is narrowed to becomes a view, with a count. The search is no part of it.")
    name = (st.text_input("Name", key=keys.ORDERS_VIEW_NAME, max_chars=LONGEST_NAME) or "").strip()
    shared = staff.may("share_views") and st.checkbox("For everybody", key=keys.ORDERS_VIEW_SHARED)
    taken = name in [each.name for each in views if each.shared == shared]
    label = "Save in its place" if taken else "Save this view"
    if st.button(label, key=keys.ORDERS_VIEW_SAVE, type="primary", disabled=not (name and now)):
        _change(staff, name, now, shared=shared)
    if not now:
        st.caption("The list shows all orders now. Set a filter first.")
    theirs = [each for each in views if not each.shared or staff.may("share_views")]
    if theirs:
        _change_saved(staff, name, theirs)


def _change_saved(staff: StaffMember, name: str, views: Sequence[View]) -> None:
    st.divider()
    labels = [f"{each.name} (everybody's)" if each.shared else each.name for each in views]
    place = st.selectbox(
        "A saved view", range(len(views)), format_func=labels.__getitem__, key=keys.ORDERS_VIEW_CHOSEN
    )
    view = views[place]
    taken = name in [each.name for each in views if each.shared == view.shared]
    with st.container(horizontal=True):
        if st.button("Give it the name above", key=keys.ORDERS_VIEW_RENAME, disabled=not name or taken):
            value = value_of(view.filters, view.link)
            _change(staff, name, value, shared=view.shared, forget=view.number)
        if st.button("Delete", key=keys.ORDERS_VIEW_DELETE, icon=":material/delete:"):
            _change(staff, shared=view.shared, forget=view.number)


def _change(
    staff: StaffMember,
    name: str | None = None,
    value: Value | None = None,
    *,
    shared: bool,
    forget: int | None = None,
) -> None:
    """Keep a view, then forget another: whatever breaks off between loses none."""
    try:
        with orders_client(staff) as client:
            if name and value is not None:
                client.preferences.keep(KIND, name, value, shared=shared)
            if forget is not None:
                client.preferences.forget(forget)
    except ValidationFailed as error:
        st.error(" ".join(f"Not saved: {each.get('message')}." for each in error.errors) or "Not saved.")
        return
    except OrdersError as error:
        say_act_error(error, key="view")
        return
    forget_read()
    st.rerun()
