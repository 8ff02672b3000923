"""Names the session-state keys and address parameters that more than one page uses."""

ORDERS_SEARCH = "orders_search"  # personal data: in the session only, never in the address
ORDERS_STATUS = "orders_status"
ORDERS_PAYMENT = "orders_payment"
ORDERS_FULFILMENT = "orders_fulfilment"
ORDERS_COUNTRY = "orders_country"
ORDERS_CURRENCY = "orders_currency"
ORDERS_FROM = "orders_from"
ORDERS_TO = "orders_to"
ORDERS_WAITING = "orders_waiting"
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
ORDERS_PAGE = "orders_page"
ORDERS_HINT = "orders_hint"
ORDERS_PICKED = "orders_picked"  # the selected orders, by number
ORDERS_SHOWN = "orders_shown"  # the order numbers in the list's table, by row
ORDER_ITEMS = "order_items"
AUDIT_ORDER = "audit_order"
INSIGHTS_HINT = "insights_hint"
ORDERS_COUNTS = "orders_counts"  # how many orders each view of the list has, as last read
RUN_PAGE = "run_page"  # the title of the page whose run was the last
READ_AHEAD = "read_ahead"  # the newest orders, as this tab has read them for one staff member
CALLER_VERIFIED = "caller_verified"  # whose callers have proven by a code which orders, and until when
GUEST_CALLER = "guest_caller"  # whose caller is to be verified, and for which order
CONTACT_SHOWN = "contact_shown"  # until when, and why, this staff member sees which orders' contact data

NARROWING = (
    ORDERS_STATUS,
    ORDERS_PAYMENT,
    ORDERS_FULFILMENT,
    ORDERS_COUNTRY,
    ORDERS_CURRENCY,
    ORDERS_FROM,
    ORDERS_TO,
    ORDERS_WAITING,
    ORDERS_MIN,
    ORDERS_MAX,
    ORDERS_SEARCH,
    ORDERS_PAGE,
    ORDERS_PICKED,
)
"""What the order list keeps of how it was narrowed the last time; a link has to forget it first."""
