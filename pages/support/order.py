"""One order: who, what, where it stands, and its cancelling; the API decides what may be seen and done."""

from datetime import UTC, datetime

import streamlit as st

from lib.orders_client import OrderNotFound, OrdersError
from lib.staff.roles import roles_for
from lib.ui.auth.session import require_staff
from lib.ui.order import acts, contact, history, opening
from lib.ui.order.cancel_dialog import cancel_dialog, prepare
from lib.ui.order.cancel_outcome import pending_outcome, say_outcome
from lib.ui.order.keys import ORDER_CANCEL, ORDER_REFRESH
from lib.ui.shared import order_view
from lib.ui.shared.cancelling import why_not
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.own_contact import as_seen
from lib.ui.shared.reader import current_reader

staff = require_staff(*roles_for("view"))
reader = current_reader()

number = st.query_params.get("order", "").strip()
opening.back_to_list()
if not number:
    opening.ask_number()
    st.stop()

pending = st.empty()
with pending:
    pending_outcome(number)
history_error = None
with st.skeleton(height=400), orders_client(staff) as client:
    try:
        order = client.orders.get(number)
    except OrderNotFound:
        opening.not_found(number)
        st.stop()
    can = capabilities(staff)
    order = as_seen(order, staff, can, datetime.now(UTC))
    try:
        entries = client.orders.timeline(number).items if can.timeline else ()
    except OrdersError as error:  # the order is worth showing without its history
        entries, history_error = (), error
pending.empty()

with st.container(horizontal=True, vertical_alignment="top"):
    with st.container(gap="xxsmall"):
        order_view.header(order, reader, datetime.now(UTC))
    with st.container(horizontal=True, width="content"):
        st.button("Refresh", key=ORDER_REFRESH, icon=":material/refresh:")
        may_cancel = staff.may("cancel") and why_not(order.status) is None
        asked = may_cancel and st.button("Cancel order …", key=ORDER_CANCEL, on_click=prepare)
if asked:
    cancel_dialog(order.order_number, staff)
acts.say_done(order.order_number)
say_outcome(order, entries, can, reader)
order_view.cancel_reason(order)
order_view.customer_note(order)

grid = st.grid(3, min_column_width=280, gap="large")
with grid.cell(column_span=2):
    order_view.goods(order, reader)
    history.history(order.order_number, history_error or entries, staff, can, reader)
    if staff.may("note") and can.add_note:
        acts.note_form(order, staff)
with grid.cell():
    order_view.customer(order)
    contact.contact_state(order, staff, reader, datetime.now(UTC))
    order_view.addresses(order)
    order_view.delivery(order)
    if staff.may("resend") and can.resend_confirmation:
        acts.resend_button(order, staff)
    if staff.may("unlock") and can.unlock_guest_access:
        acts.unlock_button(order, staff)
    order_view.cancelling(order, staff.may("cancel"))
