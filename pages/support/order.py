"""One order: who, what, where it stands, and its cancelling; the API decides what may be seen and done."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from lib.orders_client import OrderNotFound
from lib.staff.roles import roles_for
from lib.ui.auth.session import require_staff
from lib.ui.order import acts, contact, history, opening, related
from lib.ui.order.cancel_dialog import cancel_dialog, pending_outcome, prepare, say_outcome
from lib.ui.order.keys import ORDER_CANCEL, ORDER_REFRESH
from lib.ui.order.reading import read_order, say_away
from lib.ui.shared import order_view
from lib.ui.shared.cancelling import why_not
from lib.ui.shared.clients import capabilities
from lib.ui.shared.format import plain
from lib.ui.shared.own_contact import WHY, lacks_proof
from lib.ui.shared.reader import current_reader
from lib.ui.shared.whereabouts import where_line

staff = require_staff(*roles_for("view"))
reader = current_reader()

number = st.query_params.get("order", "").strip()
opening.ways_on(number)
if not number:
    opening.ask_number(staff)
    st.stop()

pending = st.empty()
with pending:
    pending_outcome(number)
now = datetime.now(UTC)
with st.skeleton(height=400):
    try:
        reading = read_order(number, staff, now)
    except OrderNotFound:
        opening.not_found(number, staff)
        st.stop()
    can = capabilities(staff)
order = reading.order
if order.order_number != number:  # such as 1001 for #1001: one number from here on
    number = st.query_params["order"] = order.order_number
st.set_page_config(page_title=f"{plain(order.order_number)} · Order Desk")
opening.remember(order, staff)

with st.container(horizontal=True, vertical_alignment="top"):
    with st.container(gap="xxsmall"):
        order_view.header(order, reader, now)
    with st.container(horizontal=True, width="content"):
        st.button("Refresh", key=ORDER_REFRESH, icon=":material/refresh:")
        may_cancel = staff.may("cancel") and why_not(order.status) is None
        unproven = lacks_proof("cancel", order, now)
        asked = may_cancel and st.button(
            "Cancel order …", key=ORDER_CANCEL, icon=":material/block:", on_click=prepare, args=(number,),
            disabled=unproven, help=WHY if unproven else None,
        )  # fmt: skip
if asked:
    cancel_dialog(number, staff)
acts.say_done(order.order_number)
if reading.away:
    say_away(reading, reader, now)
else:
    pending.empty()
    say_outcome(order, reading.entries, can, reader)
with st.container(gap="xxsmall"):
    where_line(order, reading.entries, reader)
    order_view.cancelling(order, staff.may("cancel"))
    related.others_line(reading.related)
order_view.customer_note(order)
history.pinned_notes(number, reading.entries, staff, reader)

others = related.worth_a_panel(reading.related)
grid = st.grid(2, min_column_width=320, border=True)
with grid.cell():
    order_view.customer(order)
    if others:
        order_view.addresses(order)
    contact.contact_state(order, reader, now)
    with st.container(horizontal=True, gap="small"):
        if staff.may("guest_access"):
            opening.verify_button(order, staff, now)
        if staff.may("reveal"):
            contact.reveal_button(order, staff, now)
        if staff.may("correct") and can.change_contact:
            contact.correct_button(order, staff, now)
        if staff.may("resend") and can.resend_confirmation:
            acts.resend_button(order, staff)
        if staff.may("unlock") and can.unlock_guest_access:
            acts.unlock_button(order, staff)
with grid.cell():
    if others:
        related.related_panel(others, reader, now)
    order_view.delivery(order)
    if not others:
        order_view.addresses(order)
with grid.cell(column_span=2):
    order_view.goods(order, reader)
if can.timeline or can.add_note:
    with grid.cell():
        history.notes(reading.entries, reader, partial(history.pin_button, number, staff=staff))
        if staff.may("note") and can.add_note:
            acts.note_form(order, staff)
if can.timeline:
    with grid.cell():
        history.history(order.order_number, reading.timeline, staff, can, reader)
