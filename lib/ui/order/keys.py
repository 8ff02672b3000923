"""Names the session-state keys of one order's page."""

from __future__ import annotations

ORDER_NUMBER = "order_number"
ORDER_OPEN = "order_open"
ORDER_RECENT = "order_recent"  # the orders that this staff member has opened lately
ORDER_KEPT = "order_kept"  # whose, and the order as this page has last read it
ORDER_RELATED = "order_related"
ORDER_REFRESH = "order_refresh"
ORDER_OPEN_FORM = "order_open_form"
ORDER_SEARCH = "order_search"
ORDER_TIMELINE = "order_timeline"
ORDER_CANCEL = "order_cancel"
ORDER_CANCEL_ABOUT = "order_cancel_about"  # the order that the attempt under way is about
ORDER_CANCEL_KEY = "order_cancel_key"
ORDER_CANCEL_NOTE = "order_cancel_note"
ORDER_CANCEL_NOTIFY = "order_cancel_notify"
ORDER_CANCEL_KEEP = "order_cancel_keep"
ORDER_CANCEL_DO = "order_cancel_do"
ORDER_CANCEL_CLOSE = "order_cancel_close"
ORDER_NOTICE = "order_notice"
ORDER_REVEAL = "order_reveal"
ORDER_REVEAL_ABOUT = "order_reveal_about"  # the order that the reason being typed is for
ORDER_REVEAL_REASON = "order_reveal_reason"
ORDER_REVEAL_DO = "order_reveal_do"
ORDER_NOTE = "order_note"
ORDER_NOTE_ADD = "order_note_add"
ORDER_NOTE_DRAFTS = "order_note_drafts"  # the notes being written: whose, on which order, and their keys
ORDER_NOTE_UNSENT = "order_note_unsent"
ORDER_PIN = "order_pin"
ORDER_VERIFY = "order_verify"
ORDER_CORRECT = "order_correct"
ORDER_CORRECT_ABOUT = "order_correct_about"  # the order that the correction under way is about
ORDER_CORRECT_EMAIL = "order_correct_email"
ORDER_CORRECT_PHONE = "order_correct_phone"
ORDER_CORRECT_REASON = "order_correct_reason"
ORDER_CORRECT_RESEND = "order_correct_resend"
ORDER_CORRECT_DO = "order_correct_do"
ORDER_CORRECT_KEY = "order_correct_key"
ORDER_RESEND = "order_resend"
ORDER_RESEND_DO = "order_resend_do"
ORDER_RESEND_KEY = "order_resend_key"
ORDER_SAID = "order_said"
ORDER_UNLOCK = "order_unlock"
ORDER_UNLOCK_DO = "order_unlock_do"
ORDER_HISTORY = "order_history"
ORDER_AUDIT = "order_audit"
