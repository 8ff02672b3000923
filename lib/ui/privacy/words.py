"""Says what becomes of customers' requests: kinds, states, what goes and what stays; pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pandas as pd

from lib.orders_client import PrivacyPreview, PrivacyRequest
from lib.ui.shared.format import Reader, in_line, plain, plural
from lib.ui.shared.timeline import actor_words

KINDS: Mapping[str, str] = {"COPY": "A copy of their data", "FORGET": "To be forgotten"}
STATES: Mapping[str, str] = {"OPEN": "Open", "CONFIRMED": "Being done", "DONE": "Done"}
GOES = (
    "Name, email, phone, addresses, customer number, parcel numbers, and the customer's own note",
    "All notes and reasons in the timelines, and the address in emails that were sent",
    "Codes, guest access and the tracking link; emails that still wait",
)
STAYS = (
    "Items, sums, statuses, times and countries, so that the figures still add up",
    "The audit log: that it was done, to which orders, and who looked at them before",
    "A keyed hash outside the database, so that a restored backup forgets the customer, too",
)


def register_table(requests: Iterable[PrivacyRequest], reader: Reader, now: datetime) -> pd.DataFrame:
    """Make the table of the register, in the order given."""
    rows = [
        (
            str(each.id),
            KINDS.get(each.kind, each.kind),
            plain(each.order_number),
            state_words(each, now),
            reader.moment(each.due_at),
            reader.moment(each.done_at) if each.done_at else "",
            reader.moment(each.asked_at),
            actor_words(each.asked_by),
        )
        for each in requests
    ]
    columns = ["No.", "Asked for", "Order", "State", "Due", "Done", "Asked", "Noted by"]
    return pd.DataFrame(rows, columns=columns)


def state_words(request: PrivacyRequest, now: datetime) -> str:
    """Say where a request stands, and whether its time is over."""
    if request.state != "DONE" and request.due_at < now:
        return "Overdue"
    if request.still_found:
        return "Done, but still found" if request.state == "DONE" else "Could not be done"
    return STATES.get(request.state, request.state)


def title_of(request: PrivacyRequest) -> str:
    """Name a request in a list to choose from."""
    kind = KINDS.get(request.kind, request.kind)
    return f"{request.id}: {in_line(kind, plain(request.order_number))}"


def about(preview: PrivacyPreview) -> str:
    """Say how much a request is about."""
    if not preview.orders:
        return "There are no orders of this customer any more."
    return (
        f"{plural(len(preview.orders), 'order')} ({', '.join(map(plain, preview.orders))}), "
        f"{plural(preview.timeline_entries, 'entry', 'entries')} in timelines, "
        f"{plural(preview.mails, 'email')}, {plural(preview.looks, 'row', 'rows')} of the audit log."
    )
