"""Counts failed sign-ins in a sliding window, in this process only; it never locks anybody out for good."""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from lib.callers import counted_address

MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 20
WINDOW = timedelta(minutes=5)
_MOST_KEYS = 10_000
MOST_CHARACTERS = 100


class SignInThrottle:
    """How many sign-ins failed lately per account, whether or not there is such an account, and per address.

    What the Orders API counts for all dashboards together (lib.orders_api.staff_sessions), counted for this
    process alone, for as long as the API can't.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def admit(self, account: str, address: str, now: datetime) -> bool:
        """Return whether somebody may try at this moment; a try counts as failed until `take_back`.

        A try that is turned away does not count, or hammering would keep the owner out for ever. The
        accounts and addresses longest unheard of are forgotten, so that memory stays bounded.
        """
        with self._guard:
            by_account, by_address = (self._recent(key, now) for key in _keys(account, address))
            while len(self._failures) > _MOST_KEYS:
                self._failures.popitem(last=False)
            if len(by_account) >= MOST_PER_ACCOUNT or len(by_address) >= MOST_PER_ADDRESS:
                return False
            by_account.append(now)
            by_address.append(now)
            return True

    def take_back(self, account: str, address: str, at: datetime) -> None:
        """Count the try of that moment no more: it has succeeded."""
        with self._guard:
            for key in _keys(account, address):
                tries = self._failures.get(key)
                if tries and at in tries:
                    tries.remove(at)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        tries = self._failures.setdefault(key, deque())
        self._failures.move_to_end(key)
        while tries and tries[0] <= now - WINDOW:
            tries.popleft()
        return tries


def _keys(account: str, address: str) -> tuple[str, str]:
    """Return what a try is counted under; a name may be as long as whoever types it likes."""
    return f"account {account[:MOST_CHARACTERS]}", f"address {counted_address(address)}"
