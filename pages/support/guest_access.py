"""Guest access: verifies a caller by a code from their email, then shows that order for half an hour."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import recheck_staff, require_staff
from lib.ui.frame.feedback import watch_api
from lib.ui.guest_access import acts, keys, screen, words
from lib.ui.guest_access.flow import Asking, CodeSent, Ending, OrderOpen
from lib.ui.guest_access.screen import go_to, keep_if_lost, keep_step
from lib.ui.shared import order_view
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.countdown import countdown, now
from lib.ui.shared.own_contact import note_verified
from lib.ui.shared.reader import current_reader
from lib.ui.shared.whereabouts import where_line

staff = require_staff(*roles_for("guest_access"))
client = orders_client(staff)
flow = screen.current_step(staff)
at = now()

top = st.container()
# Always the page's second element, so that an empty one takes the place of the details at once.
details = st.container(key=keys.GUEST_DETAILS) if isinstance(flow, OrderOpen) else st.empty()

with top:
    screen.draw_progress(flow)
    api_notice = st.container()

    if isinstance(flow, Asking):
        screen.say_aloud(words.SAY_ASK)
        screen.draw_notice(flow, at)
        asked = screen.ask_form(flow, at)
        screen.draw_rules()
        if asked:
            flow = flow.about(*asked)
            with keep_if_lost(staff, flow, words.SEND_LOST):
                go_to(staff, acts.send_code(client, flow, now))

    elif isinstance(flow, CodeSent):
        is_old = flow.code_until.over(at)
        screen.say_aloud(words.SAY_OLD if is_old else words.SAY_SENT)
        st.text(f"Order {flow.order_number}, email {flow.email}")
        screen.draw_notice(flow, at)
        typed = None if is_old else screen.code_form(flow, at)
        countdown(
            ("The code works for", flow.code_until),
            ("A new code may be sent in", flow.resend_at),
            check=recheck_staff,
        )
        with st.container(horizontal=True):
            resend = st.button(
                "Send a new code",
                key=keys.GUEST_RESEND,
                icon=":material/forward_to_inbox:",
                type="primary" if is_old else "secondary",
                disabled=not flow.may_resend(at),
            )
            st.button(
                "Change order or email",
                key=keys.GUEST_CHANGE,
                icon=":material/edit:",
                on_click=keep_step,
                args=(staff, Asking(flow.order_number, flow.email, before=flow)),
            )
            st.button(
                "Start over",
                key=keys.GUEST_START_OVER,
                icon=":material/restart_alt:",
                on_click=keep_step,
                args=(staff, Asking()),
            )
        screen.draw_rules()
        if typed is not None:
            with keep_if_lost(staff, flow, words.ANSWER_LOST):
                step = acts.redeem_code(client, flow, typed, now)
            if isinstance(step, OrderOpen):
                note_verified(step.order, staff, capabilities(staff))
            go_to(staff, step)
        if resend:
            with keep_if_lost(staff, flow, words.SEND_LOST):
                go_to(staff, acts.send_code(client, flow, now))

    elif isinstance(flow, OrderOpen):
        screen.say_aloud(words.SAY_OPEN)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            countdown(("The order leaves this screen in", flow.until), check=recheck_staff)
            st.page_link(
                "pages/support/order.py", label="Back to the order", icon=":material/receipt_long:",
                query_params={"order": flow.order.order_number},
            )  # fmt: skip
            refresh = st.button("Read it again", key=keys.GUEST_REFRESH, icon=":material/refresh:")
            st.button(
                "End access",
                key=keys.GUEST_END,
                icon=":material/lock:",
                type="primary",
                on_click=keep_step,
                args=(staff, Ending(flow.access_token)),
            )

    elif isinstance(flow, Ending):
        with st.spinner("Ending the access …"):
            over = acts.end_access(client, flow)
        go_to(staff, over)

    else:
        screen.draw_end(flow)
        st.button(
            "Start over with the next caller",
            key=keys.GUEST_START_OVER,
            icon=":material/restart_alt:",
            type="primary",
            on_click=keep_step,
            args=(staff, Asking()),
        )

if isinstance(flow, OrderOpen):
    screen.hide_details_after(flow.until)
    with details:
        proven = {"caller_verified_until": datetime.now(UTC) + timedelta(seconds=flow.until.left(at))}
        with st.container(gap="xxsmall"):
            order_view.header(flow.order.model_copy(update=proven), current_reader(), datetime.now(UTC))
            where_line(flow.order, (), current_reader())
        grid = st.grid(2, min_column_width=320, border=True)
        with grid.cell():
            order_view.customer(flow.order)
        with grid.cell():
            order_view.delivery(flow.order)
            order_view.addresses(flow.order)
        with grid.cell(column_span=2):
            order_view.goods(flow.order, current_reader())
    if refresh:
        go_to(staff, acts.read_again(client, flow))

with api_notice:
    watch_api()
