"""Tracking: shows what the customer sees behind a tracking link; the token stays out of address and logs."""

import streamlit as st

from lib.orders_client import RateLimited, TrackingNotFound
from lib.staff.roles import roles_for
from lib.ui.auth.session import require_staff
from lib.ui.frame.feedback import watch_api
from lib.ui.shared import countdown
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.order_input import find_opaque_token, find_token
from lib.ui.shared.reader import current_reader
from lib.ui.tracking import keys
from lib.ui.tracking.view import draw_tracked

staff = require_staff(*roles_for("track"))
state = st.session_state


def forget() -> None:
    """Empty the page."""
    state[keys.TRACKING_PASTED] = ""
    state.pop(keys.TRACKING_TOKEN, None)
    state.pop(keys.TRACKING_RESULT, None)


api_notice = st.container()

if keys.TRACKING_PASTED not in state:  # the page was left, and what it showed goes with it
    forget()

with st.form(keys.TRACKING_FORM, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
    pasted = st.text_input(
        "Tracking link or token",
        key=keys.TRACKING_PASTED,
        placeholder="Paste the whole link from the customer's email, or the token alone",
        autocomplete="off",
        required=True,
    )
    wanted = st.form_submit_button(
        "Show", key=keys.TRACKING_SHOW, type="primary", icon=":material/visibility:"
    )

if wanted:
    token = find_token(pasted or "")
    can = capabilities(staff)
    # An API that is known to have the contract's `create` gives UUIDs; another's may look like anything.
    has_uuids = can.documented and can.create
    state[keys.TRACKING_TOKEN] = token if token or has_uuids else find_opaque_token(pasted or "")
    state.pop(keys.TRACKING_RESULT, None)

waiting = state.get(keys.TRACKING_RESULT)
if isinstance(waiting, countdown.Deadline) and waiting.over(countdown.now()):
    del state[keys.TRACKING_RESULT]

if keys.TRACKING_TOKEN in state and keys.TRACKING_RESULT not in state:
    try:
        # What holds no token is never sent: it may be an email address or anything else.
        token = state[keys.TRACKING_TOKEN]
        state[keys.TRACKING_RESULT] = orders_client(staff).orders.track(token) if token else None
    except TrackingNotFound:
        state[keys.TRACKING_RESULT] = None
    except RateLimited as limit:
        state[keys.TRACKING_RESULT] = countdown.Deadline.after(limit.retry_after or 60, countdown.now())

if keys.TRACKING_TOKEN in state:
    st.button("Clear", key=keys.TRACKING_CLEAR, icon=":material/close:", on_click=forget)

result = state.get(keys.TRACKING_RESULT)
if keys.TRACKING_RESULT not in state:
    st.caption(
        "The link is in the order's confirmation email. It stays on this page, and goes when you leave."
    )
elif result is None:
    st.warning("No order is shown for this", icon=":material/search_off:")
    st.markdown(
        "A link that is unknown, incomplete or withdrawn looks the same, to the customer too. "
        "What to do next:\n"
        "- Copy the whole link from the email again, to its last character.\n"
        "- Ask whether there is a newer email: a link may have been replaced.\n"
        "- Otherwise find the order by its number under Orders, or verify the caller under Guest access."
    )
elif isinstance(result, countdown.Deadline):
    st.warning("Too many look-ups in a short time. The order is shown as soon as the time is over.")
    countdown.countdown(("Looking again in", result))
else:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**This is all that the customer sees.**", width="content")
        st.page_link(
            "pages/support/order.py", label="Open the order", icon=":material/receipt_long:",
            query_params={"order": result.order_number},
        )  # fmt: skip
    draw_tracked(result, current_reader())

with api_notice:
    watch_api()
