"""Knows which websockets browsers hold open, on which of them somebody is signed in, and whose tab is whose.

The page says who is signed in: it finds its own websocket by a header that `lib.middleware` adds to the
handshake, and that no browser can choose.
"""

import secrets
import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from lib.callers import counted_address

HEADER = "X-Order-Desk-Visit"
MOST_STRANGERS = 300
MOST_STRANGERS_AT_ONE_ADDRESS = 100
"""An office behind one address opens its tabs at nine in the morning; whoever signs in counts no more."""
BY_PROVIDER = "by the identity provider"
"""Whose tab it is then, Streamlit looks at itself: it knows the provider's cookie."""
_MOST_TABS = 5_000


@dataclass
class Visit:
    """One websocket; it is a stranger's until somebody has signed in on it."""

    address: str
    is_strangers: bool = True
    click: str | None = None
    """The id of what its browser asked for last."""
    key: str = field(default_factory=lambda: secrets.token_hex(16))


class Visitors:
    """The websockets of this process; its threads may use it at once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._visits: dict[str, Visit] = {}
        self._strangers: Counter[str] = Counter()
        self._owners: OrderedDict[str, str] = OrderedDict()

    def come(self, address: str) -> Visit | None:
        """Take in a websocket from an address; None when there are too many on which nobody is signed in."""
        with self._guard:
            visit = Visit(counted_address(address))
            if (
                self._strangers.total() >= MOST_STRANGERS
                or self._strangers[visit.address] >= MOST_STRANGERS_AT_ONE_ADDRESS
            ):
                return None
            self._strangers[visit.address] += 1
            self._visits[visit.key] = visit
            return visit

    def signed_in(self, key: str | None, tab: str, owner: str) -> None:
        """Record that `owner` is signed in on a websocket; an unknown key means none of ours.

        `tab` is the id of Streamlit's session, which a browser names to have its tab back after a break.
        """
        with self._guard:
            visit = self._visits.get(key or "")
            if visit is None:
                return
            self._known(visit)
            self._owners[tab] = owner
            self._owners.move_to_end(tab)
            if len(self._owners) > _MOST_TABS:
                self._owners.popitem(last=False)

    def click_on(self, key: str | None) -> str | None:
        """Return the id of what a websocket's browser asked for last; None for no websocket of ours."""
        with self._guard:
            visit = self._visits.get(key or "")
        return visit.click if visit else None

    def count(self, *, strangers: bool) -> int:
        """Return how many websockets are open on which somebody is signed in, or nobody."""
        with self._guard:
            unknown = self._strangers.total()
            return unknown if strangers else len(self._visits) - unknown

    def may_have_back(self, tab: str, owner: str | None) -> bool:
        """Return whether a tab is given to a browser whose cookie is `owner`'s."""
        with self._guard:
            theirs = self._owners.get(tab)
        return theirs is not None and theirs in (owner, BY_PROVIDER)

    def go(self, visit: Visit) -> None:
        """Forget a websocket that is closed."""
        with self._guard:
            self._visits.pop(visit.key, None)
            self._known(visit)

    def _known(self, visit: Visit) -> None:
        if visit.is_strangers:
            visit.is_strangers = False
            self._strangers[visit.address] -= 1
            self._strangers += Counter()  # drops what counts nothing


VISITORS = Visitors()
