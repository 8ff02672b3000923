"""All tables of the store, a module a feature; importing this package makes them all known."""

from lib.orders_api.store.tables import (
    audit,
    guest,
    idempotency,
    mail,
    orders,
    preferences,
    privacy,
    retention,
    staff_sessions,
    stats,
)
from lib.orders_api.store.tables.base import Base

__all__ = [
    "Base",
    "audit",
    "guest",
    "idempotency",
    "mail",
    "orders",
    "preferences",
    "privacy",
    "retention",
    "staff_sessions",
    "stats",
]
