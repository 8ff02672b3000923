"""Names the session-state keys of tracking: what was pasted and what came of it, both gone with the page."""

TRACKING_FORM = "tracking_form"
TRACKING_PASTED = "tracking_pasted"
TRACKING_SHOW = "tracking_show"
TRACKING_CLEAR = "tracking_clear"
TRACKING_TOKEN = "tracking_token"  # noqa: S105  the key's name, not a token
TRACKING_RESULT = "tracking_result"
TRACKING_VIEW = "tracking_view"
TRACKING_ITEMS = "tracking_items"
