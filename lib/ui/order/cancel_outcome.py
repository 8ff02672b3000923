"""Says what came of cancelling an order, for as long as its page is open; it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from lib.orders_client import Capabilities, OrderDetail, TimelineEntry
from lib.ui.order.keys import ORDER_NOTICE
from lib.ui.shared.cancelling import CANCELLABLE_STATUS, why_not
from lib.ui.shared.format import Reader, escape
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
