"""Names the mailbox's session-state keys."""

from __future__ import annotations

MAILBOX_REFRESH = "mailbox_refresh"
MAILBOX_MESSAGE = "mailbox_message"
