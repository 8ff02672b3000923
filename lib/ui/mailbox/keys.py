"""Names the mailbox's session-state keys."""

from __future__ import annotations

MAILBOX_MESSAGE = "mailbox_message"
