"""Says who is signed in, and names every session-state key; it draws nothing but the refusal."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.staff.accounts import StaffAccount
from lib.staff.errors import SingleSignOnError, StaffFileError
from lib.staff.roles import may
from lib.ui import _authenticator, sign_in


@dataclass(frozen=True)
class StaffMember:
    """Who is signed in, with the roles their account has at this run."""

    username: str
    name: str
    roles: tuple[str, ...]

    def may(self, act: str) -> bool:
        """Say whether one of their roles may do `act` (see lib.staff.roles); the API decides it again.

        Raises:
            KeyError: there is no such act.
        """
        return may(self.roles, act)


def current_staff() -> StaffMember | None:
    """Give who is signed in, None if nobody is; read from cookie, account and sign-outs at each call."""
    try:
        account = _authenticator.signed_in_account()
    except (StaffFileError, SingleSignOnError):
        return None  # the sign-in says what is wrong
    return _member(account) if account else None


def require_staff(*roles: str) -> StaffMember:
    """Give who is signed in; the first line of every page.

    Draws the sign-in instead of the page when nobody is, a refusal when none of their roles is among
    `roles` (none given: any staff), and then stops the run.
    """
    staff = current_staff()
    if staff is None:
        sign_in.draw()
        st.stop()
    if roles and not set(roles) & set(staff.roles):
        st.warning(
            "Your role doesn't include this page. If you need it, ask whoever keeps the staff accounts.",
            icon=":material/lock:",
        )
        st.stop()
    return staff


def recheck_staff() -> StaffMember:
    """Give who is signed in, from inside a fragment; the whole page runs anew when nobody is any more."""
    staff = current_staff()
    if staff is None:
        st.rerun(scope="app")
    return staff


def _member(account: StaffAccount) -> StaffMember:
    return StaffMember(account.username, account.name, account.roles)


# Session-state keys, `<page>_<thing>`, grouped by page. The sign-in's own stay in its modules.

# Orders, orders list: the bound ones are also the names of the parameters in the page's address.
ORDERS_SEARCH = "orders_search"  # personal data: in the session only, never in the address
ORDERS_STATUS = "orders_status"
ORDERS_PAYMENT = "orders_payment"
ORDERS_FULFILMENT = "orders_fulfilment"
ORDERS_COUNTRY = "orders_country"
ORDERS_CURRENCY = "orders_currency"
ORDERS_FROM = "orders_from"
ORDERS_TO = "orders_to"
ORDERS_MIN = "orders_min"
ORDERS_MAX = "orders_max"
ORDERS_PLACED_SINCE = "orders_placed_since"  # these ten come by a link alone, and have no widget
ORDERS_PLACED_BEFORE = "orders_placed_before"
ORDERS_STATUS_SINCE = "orders_status_since"
ORDERS_STATUS_BEFORE = "orders_status_before"
ORDERS_REASON = "orders_reason"
ORDERS_CHANGED_SINCE = "orders_changed_since"
ORDERS_CHANGED_BEFORE = "orders_changed_before"
ORDERS_CHANGE_FROM = "orders_change_from"
ORDERS_CHANGE_TO = "orders_change_to"
ORDERS_REACHED = "orders_reached"
ORDERS_SORT = "orders_sort"
ORDERS_PER_PAGE = "orders_per_page"
ORDERS_PAGE = "orders_page"
ORDERS_VIEW = "orders_view"
ORDERS_HINT = "orders_hint"
ORDERS_TABLE = "orders_table"
ORDERS_ROW = "orders_row"
ORDERS_CURSOR = "orders_cursor"  # the row that the keyboard stands on
ORDERS_SHOWN = "orders_shown"  # the order numbers in the table, by row
ORDERS_OPEN_HIT = "orders_open_hit"
ORDERS_REFRESH = "orders_refresh"
ORDERS_RESET = "orders_reset"
ORDERS_RESET_ALL = "orders_reset_all"
ORDERS_CLEAR_SEARCH = "orders_clear_search"
ORDERS_EXPORT = "orders_export"
ORDERS_EXPORT_FILE = "orders_export_file"

# Order: one order's page and its cancelling.
ORDER_NUMBER = "order_number"
ORDER_OPEN = "order_open"
ORDER_REFRESH = "order_refresh"
ORDER_OPEN_FORM = "order_open_form"
ORDER_SEARCH = "order_search"
ORDER_ITEMS = "order_items"
ORDER_TIMELINE = "order_timeline"
ORDER_CANCEL = "order_cancel"
ORDER_CANCEL_KEY = "order_cancel_key"
ORDER_CANCEL_REASON = "order_cancel_reason"
ORDER_CANCEL_NOTE = "order_cancel_note"
ORDER_CANCEL_NOTIFY = "order_cancel_notify"
ORDER_CANCEL_KEEP = "order_cancel_keep"
ORDER_CANCEL_DO = "order_cancel_do"
ORDER_CANCEL_CLOSE = "order_cancel_close"
ORDER_NOTICE = "order_notice"
ORDER_REVEAL = "order_reveal"
ORDER_REVEAL_REASON = "order_reveal_reason"
ORDER_REVEAL_DO = "order_reveal_do"
ORDER_NOTE = "order_note"
ORDER_NOTE_ADD = "order_note_add"
ORDER_NOTE_DRAFT = "order_note_draft"  # which order's note is being written, and the key it is sent under
ORDER_NOTE_FORM = "order_note_form"
ORDER_RESEND = "order_resend"
ORDER_RESEND_DO = "order_resend_do"
ORDER_RESEND_KEY = "order_resend_key"
ORDER_SAID = "order_said"
ORDER_UNLOCK = "order_unlock"
ORDER_UNLOCK_DO = "order_unlock_do"
ORDER_HISTORY = "order_history"
ORDER_AUDIT = "order_audit"

# Feedback: how often the page was run again by itself while it went on failing.
FEEDBACK_FAILURES = "feedback_failures"

# Tracking: what was pasted and what came of it, both gone with the page.
TRACKING_FORM = "tracking_form"
TRACKING_PASTED = "tracking_pasted"
TRACKING_SHOW = "tracking_show"
TRACKING_CLEAR = "tracking_clear"
TRACKING_TOKEN = "tracking_token"  # noqa: S105  the key's name, not a token
TRACKING_RESULT = "tracking_result"
TRACKING_VIEW = "tracking_view"
TRACKING_ITEMS = "tracking_items"

# Guest access: the step of verifying a caller, and its widgets.
GUEST_FLOW = "guest_flow"
GUEST_ASK_FORM = "guest_ask_form"
GUEST_ORDER_NUMBER = "guest_order_number"
GUEST_EMAIL = "guest_email"
GUEST_SEND = "guest_send"
GUEST_CODE_FORM = "guest_code_form"
GUEST_CODE = "guest_code"
GUEST_OPEN = "guest_open"
GUEST_RESEND = "guest_resend"
GUEST_CHANGE = "guest_change"
GUEST_START_OVER = "guest_start_over"
GUEST_REFRESH = "guest_refresh"
GUEST_END = "guest_end"
GUEST_DETAILS = "guest_details"
GUEST_ITEMS = "guest_items"

# Audit log: the bound ones are also the names of the parameters in the page's address.
AUDIT_ORDER = "audit_order"
AUDIT_ACTOR = "audit_actor"
AUDIT_ACTION = "audit_action"
AUDIT_DAYS = "audit_days"
AUDIT_PAGE = "audit_page"
AUDIT_REFRESH = "audit_refresh"
AUDIT_TABLE = "audit_table"

# Insights: the bound ones are also the names of the parameters in the page's address.
INSIGHTS_RANGE = "insights_range"
INSIGHTS_FROM = "insights_from"
INSIGHTS_TO = "insights_to"
INSIGHTS_COUNTRY = "insights_country"
INSIGHTS_CURRENCY = "insights_currency"
INSIGHTS_SHARE = "insights_share"
INSIGHTS_PRINT = "insights_print"
INSIGHTS_BAR = "insights_bar"  # this and the next one are containers, which the print style sheet names
INSIGHTS_SHEET = "insights_sheet"
INSIGHTS_HINT = "insights_hint"
INSIGHTS_CARD = "insights_card"
INSIGHTS_CAME = "insights_came"
INSIGHTS_DAILY = "insights_daily"
INSIGHTS_WAITING = "insights_waiting"
INSIGHTS_PROGRESS = "insights_progress"
INSIGHTS_FLOW = "insights_flow"
INSIGHTS_REASONS = "insights_reasons"
INSIGHTS_CURRENCIES = "insights_currencies"
INSIGHTS_COUNTRIES = "insights_countries"
INSIGHTS_STUCK = "insights_stuck"
INSIGHTS_CONTRADICTIONS = "insights_contradictions"
INSIGHTS_ALARMS = "insights_alarms"
INSIGHTS_RAISED = "insights_raised"
INSIGHTS_LINKS = "insights_links"  # where a click on each chart and table leads

# Mailbox: demonstration mode only.
MAILBOX_REFRESH = "mailbox_refresh"
MAILBOX_MESSAGE = "mailbox_message"

# The notice that the API is away, on pages that call it only on request.
API_WATCH_NOTICE = "api_watch_notice"
API_WATCH_RETRY = "api_watch_retry"
