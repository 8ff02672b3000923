"""Names the session-state keys of the page of customers' requests."""

from __future__ import annotations

PRIVACY_KIND = "privacy_kind"
PRIVACY_ORDER = "privacy_order"
PRIVACY_EMAIL = "privacy_email"
PRIVACY_ASK = "privacy_ask"
PRIVACY_CHOSEN = "privacy_chosen"
PRIVACY_TABLE = "privacy_table"
PRIVACY_COPY = "privacy_copy"
PRIVACY_READ = "privacy_read"
PRIVACY_CONFIRM = "privacy_confirm"
PRIVACY_REFRESH = "privacy_refresh"
