"""Reads an order's timeline aloud: what happened and who did it, in words; pure."""

import re
from collections.abc import Iterable
from datetime import datetime

from lib.orders_client import TimelineEntry
from lib.ui.shared.cancelling import REASONS
from lib.ui.shared.statuses import STATUSES, label_of

_CHANGE = re.compile(
    r"(?P<old>[A-Z_]+) → (?P<new>[A-Z_]+)(?:: (?P<why>[^:]*)(?:: (?P<note>.*))?)?", re.DOTALL
)
_KINDS = {
    "CREATED": "Order placed",
    "NOTE": "Note",
    "GUEST_VERIFIED": "Caller verified by a code sent to the order's email",
    "CONTACT_REVEALED": "Contact data revealed",
    "EMAIL_CHANGED": "",
    "PHONE_CHANGED": "",
    "CONFIRMATION_SENT": "",
}
_ACTORS = {"guest": "Guest", "system": "System", "import": "Import"}


def is_staff_note(entry: TimelineEntry) -> bool:
    """Return whether a colleague wrote this, for colleagues."""
    return entry.kind == "NOTE" and (entry.actor or "").startswith("staff:")


def event_words(entry: TimelineEntry) -> str:
    """Say what happened, such as `Pending → Cancelled: The customer asked for it`."""
    change = _CHANGE.fullmatch(entry.detail or "")
    if entry.kind == "STATUS_CHANGED" and change:
        why, note = change["why"], change["note"]
        step = f"{label_of(STATUSES, change['old'])} → {label_of(STATUSES, change['new'])}"
        return ": ".join(part for part in (step, REASONS.get(why, why), note) if part)
    if entry.kind == "CREATED" and entry.detail in STATUSES:
        return _KINDS["CREATED"]
    kind = _KINDS.get(entry.kind, entry.kind.replace("_", " ").capitalize())
    return ": ".join(part for part in (kind, entry.detail) if part)


def actor_words(actor: str | None) -> str:
    """Name who did it: a staff member by name, a customer without their id."""
    kind, _, name = (actor or "").partition(":")
    if kind == "staff" and name:
        return name
    if kind == "customer":
        return "Customer"
    return _ACTORS.get(kind, actor or "Unknown")


def reached_at(entries: Iterable[TimelineEntry], status: str) -> datetime | None:
    """Return when an order came to the status that it has, from a timeline newest first; None: unknown."""
    for each in entries:
        change = _CHANGE.fullmatch(each.detail or "")
        if (change and change["new"] == status) or (each.kind == "CREATED" and each.detail == status):
            return each.at
    return None


def who_changed(entries: Iterable[TimelineEntry]) -> TimelineEntry | None:
    """Return the latest change of status, from a timeline newest first."""
    return next((each for each in entries if each.kind == "STATUS_CHANGED"), None)
