"""Names the order list's session-state keys that are its own alone."""

from __future__ import annotations

ORDERS_PER_PAGE = "orders_per_page"
ORDERS_VIEW = "orders_view"
ORDERS_COLUMNS = "orders_columns"
ORDERS_KEPT = "orders_kept"  # what the API remembers for this staff member, as last read
ORDERS_RESTORED = "orders_restored"  # for whom the list was made as it was the last time
ORDERS_TO_KEEP = "orders_to_keep"  # columns, page size or sort were changed
ORDERS_VIEW_OPEN = "orders_view_open"
ORDERS_VIEW_NAME = "orders_view_name"
ORDERS_VIEW_SHARED = "orders_view_shared"
ORDERS_VIEW_SAVE = "orders_view_save"
ORDERS_VIEW_CHOSEN = "orders_view_chosen"
ORDERS_VIEW_RENAME = "orders_view_rename"
ORDERS_VIEW_DELETE = "orders_view_delete"
ORDERS_TAKEN = "orders_taken"  # a view has just been chosen: the whole page runs anew
ORDERS_TABLE = "orders_table"
ORDERS_LIVE = "live_orders"  # what is in it is told to screen readers (frame/keyboard.js)
ORDERS_ROW = "orders_row"
ORDERS_CURSOR = "orders_cursor"  # the row that the keyboard stands on
ORDERS_OPEN_HIT = "orders_open_hit"
ORDERS_FIND = "orders_find"
ORDERS_REFRESH = "orders_refresh"
ORDERS_NEWS = "orders_news"  # what has changed since the list was read
ORDERS_MORE = "orders_more"
ORDERS_PLACES = "orders_places"  # the countries that the shop has orders from, as last read
ORDERS_COUNTS = "orders_counts"  # how many orders each view has, as last read
ORDERS_ONLY = "orders_only"
ORDERS_RESET = "orders_reset"
ORDERS_RESET_ALL = "orders_reset_all"
ORDERS_CLEAR_SEARCH = "orders_clear_search"
ORDERS_EXPORT = "orders_export"
ORDERS_EXPORT_ROWS = "orders_export_rows"
ORDERS_EXPORT_SEPARATOR = "orders_export_separator"
ORDERS_EXPORT_FILE = "orders_export_file"
