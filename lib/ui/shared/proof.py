"""Knows until when a caller counts as verified, and before which acts a shop wants that; the API decides."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import streamlit as st

from lib.orders_client import Capabilities, OrderDetail
from lib.staff.member import StaffMember
from lib.ui.shared.keys import CALLER_VERIFIED
from lib.ui.shared.startup import desk_settings

LASTS = timedelta(minutes=30)
LOOK_SECONDS = 20
WHY = "The shop's policy: verify the caller first."


def note_proof(order_number: str, staff: StaffMember) -> None:
    """Keep for half an hour that a caller has proven to this staff member that an order is theirs."""
    owner, proofs = st.session_state.get(CALLER_VERIFIED, ("", {}))
    kept = proofs if owner == staff.username else {}
    until = datetime.now(UTC) + LASTS
    st.session_state[CALLER_VERIFIED] = (staff.username, kept | {order_number: until})


def with_proof(order: OrderDetail, staff: StaffMember, can: Capabilities) -> OrderDetail:
    """Return an order with what this session knows of its caller, where the API keeps no proofs itself."""
    if can.known and can.reveal:
        return order
    owner, proofs = st.session_state.get(CALLER_VERIFIED, ("", {}))
    until = proofs.get(order.order_number) if owner == staff.username else None
    return order.model_copy(update={"caller_verified_until": until})


def lacks_proof(act: str, order: OrderDetail, now: datetime) -> bool:
    """Return whether the shop wants the caller verified before an act, and they are not, or not any more."""
    until = order.caller_verified_until
    return act in desk_settings().require_proof and (until is None or until <= now)


def verified_badge(until: datetime | None, now: datetime) -> None:
    """Draw for how long the caller counts as verified; nothing where they don't."""
    if until is not None and now < until:
        _badge(until)


@st.fragment(run_every=LOOK_SECONDS)
def _badge(until: datetime) -> None:
    left = (until - datetime.now(UTC)).total_seconds()
    if left <= 0:
        st.rerun()
    words = f"caller verified, {math.ceil(left / 60)} min left"
    st.badge(words, icon=":material/verified_user:", color="green")
