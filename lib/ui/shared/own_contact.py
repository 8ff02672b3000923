"""Knows what staff may see and do for a while: contact data, masked here too, and verified callers."""

import math
from datetime import UTC, datetime, timedelta

import streamlit as st

from lib.orders_client import Address, Capabilities, OrderDetail
from lib.staff.member import StaffMember
from lib.ui.shared.keys import CALLER_VERIFIED, CONTACT_SHOWN
from lib.ui.shared.own_log import write_down
from lib.ui.shared.startup import desk_settings

LASTS = timedelta(minutes=30)
LOOK_SECONDS = 20
WHY = "The shop's policy: verify the caller first."
SHOWN_FOR = timedelta(minutes=30)
STARS = "***"
_FEWEST_DIGITS = 6


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


def as_seen(order: OrderDetail, staff: StaffMember, can: Capabilities, now: datetime) -> OrderDetail:
    """Return the order as this staff member may see it now: as it is where the API sees to masking itself."""
    order = with_proof(order, staff, can)
    masks_itself = (can.known and can.reveal) or order.contact_masked or order.contact_shown_until
    if masks_itself or desk_settings().pii_policy == "open":
        return order
    if order.model_copy(update={"contact_masked": True}) == masked(order):
        return order  # there is nothing to be masked
    owner, shown = st.session_state.get(CONTACT_SHOWN, ("", {}))
    until, by = shown.get(order.order_number, (now, "")) if owner == staff.username else (now, "")
    if now < until:
        return order.model_copy(update={"contact_shown_until": until, "contact_shown_by": by})
    return masked(order)


def show_contact(order_number: str, staff: StaffMember, reason: str, by: str = "CONTACT_REVEALED") -> None:
    """Write down who sees which order's contact data and why, then show them for half an hour."""
    now = write_down(by, staff.username, order=order_number, reason=reason)
    owner, shown = st.session_state.get(CONTACT_SHOWN, ("", {}))
    kept = shown if owner == staff.username else {}
    st.session_state[CONTACT_SHOWN] = (staff.username, kept | {order_number: (now + SHOWN_FOR, by)})


def note_verified(order: OrderDetail, staff: StaffMember, can: Capabilities) -> None:
    """Keep that a caller is verified; write down that it shows contact data, where the API does not."""
    note_proof(order.order_number, staff)
    if not can.reveal and not order.contact_masked:
        show_contact(order.order_number, staff, "The caller was verified by a code", "GUEST_VERIFIED")


def masked(order: OrderDetail) -> OrderDetail:
    """Return an order with email, phone, street lines and postal code masked, without its tracking token."""
    digits = "".join(sign for sign in order.phone or "" if sign.isdigit())
    phone = STARS + (digits[-2:] if len(digits) >= _FEWEST_DIGITS else "")
    return order.model_copy(
        update={
            "email": order.email and (order.email_masked or STARS),
            "phone": order.phone and phone,
            "shipping_address": _masked(order.shipping_address),
            "billing_address": _masked(order.billing_address),
            "tracking_token": None,
            "contact_masked": True,
        }
    )


def _masked(address: Address | None) -> Address | None:
    if address is None:
        return None
    hidden = ("line1", "line2", "postal_code")
    return address.model_copy(update={name: STARS for name in hidden if getattr(address, name)})
