"""Names the frame's session-state keys."""

from __future__ import annotations

FEEDBACK_FAILURES = "feedback_failures"
DONE_WORDS = "done_words"
DONE_COUNT = "done_count"
API_WATCH_NOTICE = "api_watch_notice"
API_WATCH_RETRY = "api_watch_retry"
