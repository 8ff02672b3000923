"""Acts on many orders, each once however often it is tried: first what would be done, then a result each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid4, uuid5

import pandas as pd
import streamlit as st

from lib.orders_client import (
    InProgress,
    OrderListItem,
    OrderNotCancellable,
    OrderNotFound,
    OrdersClient,
    OrdersError,
    ValidationFailed,
)
from lib.staff.member import StaffMember
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.error_words import words_for
from lib.ui.orders import keys
from lib.ui.orders.selection import unpick
from lib.ui.shared.cancelling import LONGEST_NOTE, REASONS, why_not
from lib.ui.shared.clients import orders_client
from lib.ui.shared.format import plain, plural
from lib.ui.shared.read_ahead import forget_read_ahead
from lib.ui.shared.startup import desk_settings
from lib.ui.shared.statuses import STATUSES, label_of

Act = Callable[[OrdersClient, str], None]
MOST_AT_ONCE = 10
"""So many rows are shown without scrolling."""


@dataclass(frozen=True)
class Result:
    """What became of one order; `again`: trying once more may change that."""

    words: str
    done: bool
    again: bool = False


def key_of(staff: str, act: str, number: str, *said: object) -> str:
    """Return the idempotency key of one order's act: the same for the same act, so that the API does it once.

    However often it is repeated, by a double click or after an answer that was lost.
    """
    return str(uuid5(NAMESPACE_URL, repr((staff, act, number, *said))))


def cancelling(staff: str, reason: str, notify: bool, attempt: str) -> Act:
    """Return what cancels an order: once an attempt, since the API keeps what it answered to each."""

    def cancel(client: OrdersClient, number: str) -> None:
        key = key_of(staff, "cancel", number, reason, notify, attempt)
        client.orders.cancel(number, reason, notify=notify, idempotency_key=key)

    return cancel


def noting(staff: str, text: str) -> Act:
    """Return what adds a note to an order."""

    def note(client: OrdersClient, number: str) -> None:
        client.orders.add_note(number, text, idempotency_key=key_of(staff, "note", number, text))

    return note


def attempt(client: OrdersClient, act: Act, number: str, done: str) -> Result:
    """Act on one order, and put into words what came of it."""
    try:
        act(client, number)
    except OrderNotCancellable as error:
        return Result(why_not(error.current_status or "") or "It can't be cancelled.", done=False)
    except OrderNotFound:
        return Result("There is no such order any more.", done=False)
    except InProgress:
        return Result("It is being done at this moment.", done=False, again=True)
    except ValidationFailed as error:
        return Result(words_for(error).next_step, done=False)
    except OrdersError as error:
        words = words_for(error)
        return Result(f"{words.title}.", done=False, again=words.passes)
    return Result(done, done=True)


def prepare() -> None:
    """Begin anew: no answers, no results, and another attempt."""
    st.session_state[keys.ORDERS_MANY_ATTEMPT] = uuid4().hex
    for key in (
        keys.ORDERS_MANY_RESULTS,
        keys.ORDERS_MANY_REASON,
        keys.ORDERS_MANY_NOTE,
        keys.ORDERS_MANY_NOTIFY,
    ):
        st.session_state.pop(key, None)


@st.dialog("Cancel these orders?", icon=":material/block:", width="large", on_dismiss="rerun")
def cancel_many_dialog(opened_by: StaffMember, orders: Sequence[OrderListItem]) -> None:
    """Show which orders can be cancelled and why the others can't; cancel them on the button that says so."""
    staff = recheck_staff(opened_by)
    able = [order.order_number for order in orders if why_not(order.status) is None]
    reason = st.selectbox(
        "Why?", list(REASONS), format_func=REASONS.__getitem__, index=None,
        key=keys.ORDERS_MANY_REASON, placeholder="Choose a reason",
    )  # fmt: skip
    notify = st.toggle("Tell the customers by email", value=True, key=keys.ORDERS_MANY_NOTIFY)
    act = cancelling(staff.username, reason or "", notify, st.session_state[keys.ORDERS_MANY_ATTEMPT])
    _many(staff, able, act if reason in REASONS else None, (keys.ORDERS_MANY_CANCEL, "Cancel", "Cancelled"))
    ready = "Needs a verified caller" if "cancel" in desk_settings().require_proof else "Can be cancelled"
    _say_each(orders, {order.order_number: why_not(order.status) or ready for order in orders})


@st.dialog("Add a note to these orders", icon=":material/note_add:", width="large", on_dismiss="rerun")
def note_many_dialog(opened_by: StaffMember, orders: Sequence[OrderListItem]) -> None:
    """Ask for a note, and add it to each order."""
    staff = recheck_staff(opened_by)
    text = st.text_area("Note for colleagues", key=keys.ORDERS_MANY_NOTE, max_chars=LONGEST_NOTE, height=100)
    text = text.strip()
    st.caption("The same note is added to an order once a day, however often it is sent.")
    numbers = [order.order_number for order in orders]
    _many(
        staff,
        numbers,
        noting(staff.username, text) if text else None,
        (keys.ORDERS_MANY_ADD, "Add it to", "Added"),
    )
    _say_each(orders, dict.fromkeys(numbers, "Gets the note"))


def _many(staff: StaffMember, numbers: Sequence[str], act: Act | None, words: tuple[str, str, str]) -> None:
    """Act on the orders that are left: all at first, then those that failed or were not reached."""
    key, does, done = words
    results: dict[str, Result] = st.session_state.setdefault(keys.ORDERS_MANY_RESULTS, {})
    if st.session_state.get(key) and act is not None:  # the button below has just been pressed
        _do(staff, _left(numbers, results), act, done, results)
    left = _left(numbers, results)
    with st.container(horizontal=True, horizontal_alignment="right"):
        close = st.button("Close", key=keys.ORDERS_MANY_CLOSE)
        if left:
            label = f"{'Try again' if results else does} {plural(len(left), 'order')}"
            st.button(label, key=key, type="primary", disabled=act is None)
    if close:
        if results:
            unpick()
        st.rerun()
    if results:
        counted = sum(each.done for each in results.values())
        say = st.success if counted == len(numbers) else st.warning
        say(f"{done}: {counted} of {plural(len(numbers), 'order')}.")


def _left(numbers: Sequence[str], results: Mapping[str, Result]) -> list[str]:
    return [number for number in numbers if number not in results or results[number].again]


def _do(staff: StaffMember, numbers: Sequence[str], act: Act, done: str, results: dict[str, Result]) -> None:
    """Act on one order after the other; each result is kept at once, so that a click meanwhile loses none."""
    bar = st.progress(0.0)
    forget_read_ahead()
    with orders_client(staff) as client:
        for place, number in enumerate(numbers):
            bar.progress(place / len(numbers), f"{place} of {len(numbers)}")
            results[number] = attempt(client, act, number, done)
    bar.empty()


def _say_each(orders: Sequence[OrderListItem], before: Mapping[str, str]) -> None:
    results: dict[str, Result] = st.session_state.get(keys.ORDERS_MANY_RESULTS, {})
    said = {**before, **{number: each.words for number, each in results.items()}}
    rows = [
        (
            order.order_number,
            plain(order.customer_name or ""),
            label_of(STATUSES, order.status),
            said[order.order_number],
        )
        for order in orders
    ]
    last = "Result" if results else "What happens"
    table = pd.DataFrame(rows, columns=["Order", "Customer", "Status as listed", last])
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(rows) <= MOST_AT_ONCE else "auto",
        alt="The selected orders",
    )
