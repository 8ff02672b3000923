"""Remembers who looked at what a moment ago, so that a page that is read anew is one row of the audit log."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from lib.orders_api.store.audit_log import AuditContext

ONE_LOOK = timedelta(minutes=10)
MOST_KEPT = 10_000
LOOKS = frozenset(("order.view", "order.related", "order.list", "audit.list"))
"""What counts once in ten minutes. An export is none of them: each takes the data out of the house."""

Look = tuple[object, ...]


class RecentLooks:
    """The looks that one process has recorded in the last ten minutes: lost with it, for a row too many."""

    def __init__(self) -> None:
        self._recorded: dict[Look, datetime] = {}
        self._lock = threading.Lock()

    def has(self, look: Look, now: datetime) -> bool:
        """Return whether this very look was recorded within ten minutes."""
        at = self._recorded.get(look)
        return at is not None and at <= now < at + ONE_LOOK

    def keep(self, look: Look, now: datetime) -> None:
        """Remember a look whose row is in the store; the oldest go first."""
        with self._lock:
            self._recorded.pop(look, None)
            self._recorded[look] = now
            while len(self._recorded) > MOST_KEPT:
                del self._recorded[next(iter(self._recorded))]


def look_of(act: AuditContext, *what: object) -> Look:
    """Return what makes two looks the same: the person, from where and in which role, and the thing."""
    return (act.actor, act.role, act.client, *what)
