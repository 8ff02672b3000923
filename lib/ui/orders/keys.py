"""Names the order list's session-state keys that are its own alone."""

from __future__ import annotations

ORDERS_PER_PAGE = "orders_per_page"
ORDERS_VIEW = "orders_view"
ORDERS_TAKEN = "orders_taken"  # a view has just been chosen: the whole page runs anew
ORDERS_TABLE = "orders_table"
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
