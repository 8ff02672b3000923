"""Names the session-state keys of guest access: the step of verifying a caller, and its widgets."""

from __future__ import annotations

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
GUEST_LIVE = "live_guest"  # what is in it is told to screen readers (frame/keyboard.js)
GUEST_DETAILS = "guest_details"
