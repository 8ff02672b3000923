"""Names the session-state keys of the page of staff accounts."""

ACCOUNTS_ADD = "accounts_add"
ACCOUNTS_CHOSEN = "accounts_chosen"
ACCOUNTS_DISABLE = "accounts_disable"
ACCOUNTS_END = "accounts_end"
ACCOUNTS_END_ALL = "accounts_end_all"
ACCOUNTS_NAME = "accounts_name"
ACCOUNTS_TWICE = "accounts_twice"  # the fields of a password
ACCOUNTS_REFRESH = "accounts_refresh"
ACCOUNTS_ROLES = "accounts_roles"
ACCOUNTS_SEEN = "accounts_seen"  # the roles that an admin saw who changes them
ACCOUNTS_TABLE = "accounts_table"
ACCOUNTS_USERNAME = "accounts_username"
