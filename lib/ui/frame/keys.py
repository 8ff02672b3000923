"""Names the frame's session-state keys."""

from __future__ import annotations

FEEDBACK_FAILURES = "feedback_failures"
API_WATCH_NOTICE = "api_watch_notice"
API_WATCH_RETRY = "api_watch_retry"
