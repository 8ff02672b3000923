"""Takes each figure from the API where it has a call for it, else makes it of the newest orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from lib.orders_client import Capabilities, OrdersClient
from lib.ui.insights.bar import Scope
from lib.ui.insights.own_figures import OwnFigures
from lib.ui.shared.format import Reader
from lib.ui.shared.read_ahead import ReadAhead

MADE_HERE = ("status_counts", "daily", "pending_age", "by_currency", "by_country")
"""The calls that the desk can answer itself."""
NEEDED = {"by_currency": ("currency", "grand_total"), "by_country": ("shipping_country",)}


def all_from_api(can: Capabilities) -> bool:
    """Return whether no figure has to be made here."""
    return all(getattr(can, call) for call in MADE_HERE)


@dataclass(frozen=True)
class Figures:
    """Where figures come from; `read` reads the newest orders, and is called only if one is made of them."""

    client: OrdersClient
    can: Capabilities
    read: Callable[[], ReadAhead]

    def own(self, *calls: str) -> OwnFigures | None:
        """Return what makes these figures here; None where the API has calls for all of them."""
        return None if all(getattr(self.can, call) for call in calls) else OwnFigures(self.read())

    def made_of(self, reader: Reader, *calls: str) -> str:
        """Say of how many orders these figures are made; nothing where they are the API's own."""
        own = self.own(*calls)
        if own is None:
            return ""
        ahead = own.ahead
        of_all = "" if ahead.whole else f" of {reader.number(ahead.total)}"
        said = f"Made of {ahead.in_words(reader)}{of_all}, read at {reader.clock(ahead.at)}"
        fields = [field for call in calls for field in NEEDED.get(call, ())]
        lacking = sum(any(getattr(order, field) is None for field in fields) for order in ahead.orders)
        return f"{said}; {reader.number(lacking)} of them don't say enough to be in it" if lacking else said

    def covered(self, scope: Scope, reader: Reader) -> Scope | None:
        """Return as many of the scope's last days as were read whole; None: not even the last one."""
        own = self.own("daily", "by_currency", "by_country")
        if own is None or not own.ahead.newest or own.ahead.reaches(scope.times(reader)[0]):
            return scope
        oldest = own.ahead.orders[-1].created_at.astimezone(reader.zone).date()
        first = max(scope.first_day, oldest + timedelta(days=1))
        return replace(scope, first_day=first) if first <= scope.last_day else None

    def knows_before(self, scope: Scope, reader: Reader) -> bool:
        """Return whether the days before the scope are known as well as its own."""
        own = self.own("by_currency", "by_country")
        return own is None or own.ahead.reaches(scope.times(reader, scope.before)[0])
