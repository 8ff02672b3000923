"""Reads the audit log aloud: what was done, by whom and how it ended, and a table of it; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lib.orders_client import AuditEntry
from lib.ui.shared.format import Reader, plain
from lib.ui.shared.timeline import actor_words

LISTED = "order.list"
ACTIONS: Mapping[str, str] = {
    "order.view": "Looked at the order",
    "order.related": "Saw the customer's other orders",
    "order.reveal": "Had contact data shown",
    LISTED: "Listed orders",
    "order.export": "Exported orders",
    "order.cancel": "Cancelled the order",
    "order.create": "Made the order",
    "order.set_status": "Changed the status",
    "order.note": "Added a note",
    "order.pin_note": "Pinned or unpinned a note",
    "order.change_contact": "Corrected contact data",
    "order.resend_confirmation": "Sent the confirmation again",
    "order.track": "Followed a tracking link",
    "guest.request_code": "Asked for a guest's code",
    "guest.verify": "Verified a guest",
    "guest.end": "Ended a guest's access",
    "guest.unlock": "Unlocked guest access",
    "staff.sign_in": "Sign-in",
    "staff.sign_out": "Signed out",
    "staff.add": "Added an account",
    "staff.role": "Changed an account's roles",
    "staff.password": "Set a new password",
    "staff.end_session": "Ended a session of somebody",
    "staff.end_sessions": "Signed somebody out everywhere",
    "staff.disable": "Disabled an account",
    "staff.enable": "Enabled an account",
    "audit.list": "Read the audit log",
    "customer.forget": "Made a customer unknown",
    "privacy.ask": "Noted a customer's request",
    "privacy.copy": "Made a customer's copy",
    "privacy.confirm": "Confirmed that a customer is forgotten",
    "contacts.expire": "Removed contact data whose time was over",
    "audit.prune": "Cut off the log whose time was over",
    "store.backup": "Backed up the store",
    "store.restore": "Restored the store",
    "key.change": "Seals the log under a new key",
    "keys.rotate": "Checked a change of keys",
}
_OUTCOMES: Mapping[str, str] = {
    "NOT_FOUND": "not found",
    "BROKEN_OFF": "broken off",
    "NO_MATCH": "no match",
    "WRONG": "wrong password",
}


def action_words(action: str) -> str:
    """Say what was done; an action that this desk does not know stays as it is."""
    return ACTIONS.get(action, action)


def audit_table(entries: Iterable[AuditEntry], reader: Reader) -> pd.DataFrame:
    """Make the table of audit rows, in the order given."""
    rows = [
        (
            reader.moment(each.at),
            actor_words(each.actor),
            _what(each),
            plain(each.order_number or ""),
            plain(each.reason or ""),
            plain(each.detail or ""),
            each.role or "",
            each.address or "",
            each.request_id or "",
        )
        for each in entries
    ]
    names = ["at", "actor", "action", "order", "reason", "detail", "role", "address", "request"]
    return pd.DataFrame(rows, columns=names)


def audit_columns() -> Mapping[str, Any]:
    """Say how the audit log's columns look."""
    titles = {
        "at": "When", "actor": "Who", "action": "What", "order": "Order", "reason": "Why",
        "detail": "Details", "role": "Role", "address": "From", "request": "Request id",
    }  # fmt: skip
    width = {"action": 190, "order": 130, "reason": 180, "detail": 270, "request": 80}
    return {name: st.column_config.TextColumn(title, width=width.get(name)) for name, title in titles.items()}


def who_looked(entries: Iterable[AuditEntry], reader: Reader) -> str:
    """Say in a sentence who looked at an order how often, and why they saw contact data."""
    seen = [
        each
        for each in entries
        if each.action in ("order.view", "order.reveal") and (each.outcome or "OK") == "OK"
    ]
    looks = Counter(actor_words(each.actor) for each in seen if each.action == "order.view")
    if not looks:
        return "Nobody is known to have looked at this order."
    people = "1 person" if len(looks) == 1 else f"{reader.number(len(looks))} people"
    named = ", ".join(f"{who} ({_times(count, reader)})" for who, count in looks.most_common())
    said = f"{people} looked at this order: {named}, last {reader.moment(max(each.at for each in seen))}."
    shown = [f"{actor_words(each.actor)}, “{each.reason}”" for each in seen if each.action == "order.reveal"]
    if shown:
        said += f" Contact data were shown {_times(len(shown), reader)}: {'; '.join(dict.fromkeys(shown))}."
    return said


def _times(count: int, reader: Reader) -> str:
    return "once" if count == 1 else f"{reader.number(count)} times"


def _what(entry: AuditEntry) -> str:
    words = action_words(entry.action)
    outcome = entry.outcome or "OK"
    if outcome == "OK":
        return words
    return f"{words}: {_OUTCOMES.get(outcome, outcome.replace('_', ' ').lower())}"
