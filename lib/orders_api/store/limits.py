"""Counts calls in the store, for the library `limits`: over all processes and restarts (docs/adr/0012)."""

from datetime import timedelta

from limits.storage import MovingWindowSupport, Storage
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lib.orders_api.domain import timestamps
from lib.orders_api.domain.clock import Clock
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.guest import CallWindow


class StoreStorage(Storage, MovingWindowSupport):
    """Keeps for each key when it was called in the window that moves with the time; exact, and atomic."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Name the library's own wrapping of errors: none, they are the store's."""
        return ()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` calls, if no more than `limit` fall into the last `expiry` seconds with them."""
        with self._database.writing() as session:
            # This write comes before the read, so that no two callers read the same count.
            insert = sqlite_insert if self._database.is_sqlite else postgresql_insert
            window = session.scalars(
                insert(CallWindow)
                .values(key=key, calls="", ends_at=self._clock() + timedelta(seconds=expiry))
                .on_conflict_do_update(index_elements=[CallWindow.key], set_={"key": key})
                .returning(CallWindow)
            ).one()
            now = self._clock()
            calls = timestamps.within(window.calls, now, timedelta(seconds=expiry))
            if len(calls) + amount > limit:
                return False
            window.calls = timestamps.as_text([*calls, *[timestamps.as_number(now)] * amount])
            window.ends_at = now + timedelta(seconds=expiry)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return since when, in seconds since 1970, and how many calls are counted."""
        with self._database.reading() as session:
            window = session.get(CallWindow, key)
        now = self._clock()
        calls = timestamps.within(window.calls, now, timedelta(seconds=expiry)) if window else []
        return (calls[0] / 1_000_000 if calls else now.timestamp()), len(calls)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: the limits here move with the time."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Refuse: the limits here move with the time."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Refuse: the limits here move with the time."""
        raise NotImplementedError

    def check(self) -> bool:
        """Report that there is nothing but the store to be checked, which /readyz does."""
        return True

    def reset(self) -> int | None:
        """Forget all calls."""
        with self._database.writing() as session:
            session.execute(delete(CallWindow))
        return None

    def clear(self, key: str) -> None:
        """Forget the calls of one key."""
        with self._database.writing() as session:
            session.execute(delete(CallWindow).where(CallWindow.key == key))
