"""Draws the audit log's filters, each bound to the page's address, and its table; it calls no API."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from lib.orders_client import AuditPage
from lib.ui.audit.keys import AUDIT_ACTION, AUDIT_ACTOR, AUDIT_DAYS, AUDIT_LISTS, AUDIT_PAGE, AUDIT_TABLE
from lib.ui.shared.audit_words import ACTIONS, LISTED, action_words, audit_columns, audit_table
from lib.ui.shared.format import Reader
from lib.ui.shared.keys import AUDIT_ORDER
from lib.ui.shared.tables import draw_table

PER_PAGE = 50
LONGEST = 200
DAYS: Mapping[str, int | None] = {"All": None, "Today": 1, "Last 7 days": 7, "Last 30 days": 30}


def filters(reader: Reader, now: datetime) -> dict[str, Any]:
    """Draw the filters, and return them as `client.audit.list` takes them; lists are shown when asked for."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        number = st.text_input("Order number", max_chars=64, **_bound(AUDIT_ORDER), width=170)
        actor = st.text_input("Who", max_chars=LONGEST, **_bound(AUDIT_ACTOR), width=130)
        actions = st.multiselect(
            "What", list(ACTIONS), format_func=action_words, placeholder="Anything",
            select_all=False, **_bound(AUDIT_ACTION), width=280,
        )  # fmt: skip
        days = st.segmented_control("When", list(DAYS), default="All", **_bound(AUDIT_DAYS))
        lists = st.toggle(
            "Show list views", help="Who listed orders, as nearly everybody does.", **_bound(AUDIT_LISTS)
        )
    since = DAYS.get(days or "All")
    today = reader.day_start(now.astimezone(reader.zone).date())
    return {
        "order_number": number.strip() or None,
        "actor": actor.strip() or None,
        "action": actions,
        "not_action": [] if actions or lists else [LISTED],
        "created_from": since and today - timedelta(days=since - 1),
    }


def rows(found: AuditPage, reader: Reader) -> None:
    """Draw a page of the log, or say that there is nothing."""
    if not found.items:
        st.text("Nothing in the log matches.")
        return
    draw_table(audit_table(found.items, reader), AUDIT_TABLE, "Audit log, newest first", audit_columns())


def _bound(key: str) -> dict[str, Any]:
    return {"key": key, "bind": "query-params", "on_change": _first_page}


def _first_page() -> None:
    st.session_state[AUDIT_PAGE] = 1
