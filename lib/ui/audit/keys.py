"""Names the audit log's session-state keys; the bound ones are also the parameters of its address."""

AUDIT_ACTOR = "audit_actor"
AUDIT_ACTION = "audit_action"
AUDIT_DAYS = "audit_days"
AUDIT_LISTS = "audit_lists"
AUDIT_PAGE = "audit_page"
AUDIT_REFRESH = "audit_refresh"
AUDIT_TABLE = "audit_table"
AUDIT_LIVE = "live_audit"  # what is in it is told to screen readers (frame/keyboard.js)
