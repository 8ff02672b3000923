"""The dialog that cancels one order, once; whether that may be is the API's to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

import streamlit as st

from lib.orders_client import (
    Capabilities,
    OrderDetail,
    OrderNotCancellable,
    OrdersClient,
    OrdersError,
    TimelineEntry,
)
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.error_words import may_be_done
from lib.ui.frame.feedback import act_guard, say_act_error
from lib.ui.order import keys
from lib.ui.order.keys import ORDER_NOTICE
from lib.ui.order.reading import kept_order
from lib.ui.order.reasons import begin
from lib.ui.shared.cancelling import CANCELLABLE_STATUS, LONGEST_NOTE, REASONS, why_not
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import Reader, escape, in_line, lacks
from lib.ui.shared.read_ahead import forget_read_ahead
from lib.ui.shared.reader import current_reader
from lib.ui.shared.statuses import STATUSES, label_of
from lib.ui.shared.timeline import actor_words, who_changed


@dataclass(frozen=True)
class Notice:
    """How an attempt to cancel ended: done by us, lost to somebody quicker, or nobody knows."""

    number: str
    outcome: Literal["done", "lost", "unknown"]
    notified: bool = False


def say_outcome(
    order: OrderDetail, entries: Sequence[TimelineEntry], can: Capabilities, reader: Reader
) -> None:
    """Draw what came of the last attempt on this order, judged by the order as it is now."""
    notice = st.session_state.get(ORDER_NOTICE)
    if not isinstance(notice, Notice) or notice.number != order.order_number:
        return
    change = last_change(entries, reader)
    if notice.outcome == "done":
        st.success(
            f"**Order cancelled.** {_consequences(order, notice, can)}", icon=":material/check_circle:"
        )
    elif notice.outcome == "lost":
        state = label_of(STATUSES, order.status)
        st.warning(
            f"**Not cancelled by you:** somebody was quicker. The order is {escape(state)} now.{change}"
        )
        st.text(why_not(order.status) or "")
    elif order.status == CANCELLABLE_STATUS:
        st.warning(
            "**The order was not cancelled.** The connection was lost on the way, and the order still stands "
            "as it was. Try again.",
            icon=":material/cloud_off:",
        )
    else:
        st.info(
            "**The connection was lost while cancelling,** so the answer never came. The order is "
            f"{escape(label_of(STATUSES, order.status))} now.{change}",
            icon=":material/cloud_off:",
        )


def _consequences(order: OrderDetail, notice: Notice, can: Capabilities) -> str:
    """Say what follows, and no more than this API lets one know."""
    charge = "Nothing will be charged. " if order.payment_status == "VOIDED" else ""
    if not notice.notified:
        return f"{charge}The customer is not told by email."
    if can.resend_confirmation:  # an API that sends mails
        return f"{charge}The customer is told by email."
    return f"{charge}The shop's API was asked to tell the customer by email."


def is_unknown(number: str) -> bool:
    """Return whether the outcome of the last attempt on this order is not known."""
    return _outcome(number) == "unknown"


def is_over(number: str) -> bool:
    """Return whether the last attempt on this order came to an end that is known."""
    return _outcome(number) in ("done", "lost")


def _outcome(number: str) -> str | None:
    notice = st.session_state.get(ORDER_NOTICE)
    return notice.outcome if isinstance(notice, Notice) and notice.number == number else None


def pending_outcome(number: str) -> None:
    """Say, while the order itself can't be read, that the outcome of the attempt on it is not known."""
    if is_unknown(number):
        st.warning(
            "**It is not known whether the order was cancelled:** the connection was lost. This page looks "
            "again as soon as it can. Don't promise the caller anything yet.",
            icon=":material/cloud_off:",
        )


def last_change(entries: Sequence[TimelineEntry], reader: Reader) -> str:
    """Name who made the last change of status, and when; nothing where the timeline can't say."""
    change = who_changed(entries)
    if change is None:
        return ""
    return f" Changed by {escape(actor_words(change.actor))}, {escape(reader.moment(change.at))}."


def prepare(number: str) -> None:
    """Begin a new attempt, with an idempotency key and empty answers of its own.

    One on the same order that came to no end goes on: its dialog may have closed by itself.
    """
    if is_unknown(number):
        return
    if is_over(number):
        st.session_state.pop(keys.ORDER_CANCEL_ABOUT, None)
    if begin(
        keys.ORDER_CANCEL_ABOUT, number, keys.ORDER_NOTICE, keys.ORDER_CANCEL_NOTE, keys.ORDER_CANCEL_NOTIFY
    ):
        st.session_state[keys.ORDER_CANCEL_KEY] = str(uuid4())


@st.dialog("Cancel this order?", icon=":material/block:", on_dismiss="rerun")
def cancel_dialog(number: str, opened_by: StaffMember) -> None:
    """Read the order anew, ask why, and cancel it on the button that says the reason."""
    staff = recheck_staff(opened_by)
    with act_guard("order_cancel"), orders_client(staff) as client:
        order, unread = _as_it_is(client, number, staff)
        if order.status != CANCELLABLE_STATUS:
            _too_late(client, staff, order)
            return
        _name(order)
        note = st.text_area(
            "Note for colleagues (optional)", key=keys.ORDER_CANCEL_NOTE, max_chars=LONGEST_NOTE, height=80,
            persist_state="page",
        )  # fmt: skip
        notify = _notify(order)
        st.markdown("**Cancel it, because …**")
        with st.container(gap="xxsmall"):
            reasons = [
                code
                for code, words in REASONS.items()
                if st.button(words, key=f"{keys.ORDER_CANCEL_DO}_{code}", width="stretch")
            ]
        with st.container(horizontal_alignment="right"):
            keep = st.button("Keep order", key=keys.ORDER_CANCEL_KEEP)
        if reasons:
            _cancel(client, order, reasons[0], note or "", notify)
        elif unread is not None:
            say_act_error(unread, key="order_cancel_unread")
        if keep:
            st.session_state.pop(keys.ORDER_CANCEL_ABOUT, None)
            st.rerun()


def _as_it_is(
    client: OrdersClient, number: str, staff: StaffMember
) -> tuple[OrderDetail, OrdersError | None]:
    """Return the order as it is now; as the page has read it, and why, while the API is away."""
    try:
        return client.orders.get(number), None
    except OrdersError as error:
        before = kept_order(number, staff, datetime.now(UTC))
        if before is None or not may_be_done(error):
            raise
        return before.order, error


def _notify(order: OrderDetail) -> bool:
    """Ask whether the customer is to be told, where there is an address to tell them at."""
    if lacks(order, "email"):
        st.caption("The order has no email: nobody is told of it unless you do.")
        return False
    return st.toggle(
        "Tell the customer by email", value=True, key=keys.ORDER_CANCEL_NOTIFY, persist_state="page"
    )


def _name(order: OrderDetail) -> None:
    """Name the order, so that nobody cancels the one beside it."""
    reader = current_reader()
    with st.container(border=True, gap="xsmall"):
        st.text(in_line(order.order_number, order.customer_name))
        st.text(
            f"{reader.money(order.grand_total, order.currency)}, placed {reader.moment(order.created_at)}"
        )


def _too_late(client: OrdersClient, staff: StaffMember, order: OrderDetail) -> None:
    """Say that the order has moved on while the page was open, who did it and when.

    Where it may have been our own attempt, the page says what is known of that.
    """
    if is_unknown(order.order_number):
        st.rerun()
    st.session_state[keys.ORDER_NOTICE] = Notice(order.order_number, "lost")
    entries = client.orders.timeline(order.order_number).items if capabilities(staff).timeline else ()
    state = escape(label_of(STATUSES, order.status))
    st.warning(f"**Somebody was quicker.** The order is {state} now.{last_change(entries, current_reader())}")
    st.text(why_not(order.status) or "")
    if st.button("Close and show it as it is now", key=keys.ORDER_CANCEL_CLOSE):
        st.rerun()


def _cancel(client: OrdersClient, order: OrderDetail, reason: str, note: str, notify: bool) -> None:
    """Cancel the order and close the dialog, so that the page says what came of it.

    Where that is not known, the dialog stays with all answers, and the same attempt can go on.
    """
    number, before = order.order_number, is_unknown(order.order_number)
    forget_read_ahead()
    try:
        client.orders.cancel(
            number,
            reason=reason,
            note=note.strip() or None,
            notify=notify,
            idempotency_key=st.session_state[keys.ORDER_CANCEL_KEY],
        )
        notice = Notice(number, "done", notify)
    except OrderNotCancellable:
        notice = Notice(number, "unknown" if before else "lost")
    except OrdersError as error:
        if not may_be_done(error):
            raise
        notice = Notice(number, "unknown")
    st.session_state[keys.ORDER_NOTICE] = notice
    if notice.outcome != "unknown" or _has_changed(client, number, reason):
        st.rerun()


def _has_changed(client: OrdersClient, number: str, reason: str) -> bool:
    """Return whether the order is cancellable no more; else say so, or that nobody knows, and what to do."""
    again = f"Your answers stay: press “{REASONS[reason]}” again. It is the same attempt, and counts once."
    try:
        if client.orders.get(number).status != CANCELLABLE_STATUS:
            return True
        said = "**The order was not cancelled.** The connection was lost on the way."
    except OrdersError:
        said = "**It is not known whether the order was cancelled:** the connection was lost."
    st.warning(f"{said} {again}", icon=":material/cloud_off:")
    return False
