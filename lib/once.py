"""Makes what a whole process shares once; unlike Streamlit's caches, no browser can have it emptied."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, TypeVar

T = TypeVar("T")
_ALL: list[Once[object]] = []


class Once(Generic[T]):
    """A function whose first call makes what all calls return; a call that raises made nothing."""

    def __init__(self, make: Callable[[], T], release: Callable[[T], None] | None) -> None:
        update_wrapper(self, make)
        self._make = make
        self._release = release
        self._guard = threading.RLock()
        self._made: tuple[T] | None = None

    @property
    def is_made(self) -> bool:
        """Whether it has been made."""
        return self._made is not None

    def __call__(self) -> T:
        """Return it, made first where it is not there yet."""
        with self._guard:
            if self._made is None:
                self._made = (self._make(),)
            return self._made[0]

    def forget(self) -> None:
        """Have it made anew by the next call."""
        with self._guard:
            made, self._made = self._made, None
        if made is not None and self._release is not None:
            self._release(made[0])


def once(make: Callable[[], T], release: Callable[[T], None] | None = None) -> Once[T]:
    """Have `make` called once a process; `release` is called with what it made when that is forgotten."""
    found = Once(make, release)
    _ALL.append(found)  # type: ignore[arg-type]  # only to be forgotten
    return found


def forget_all() -> None:
    """Have everything made anew, as in a new process; for tests."""
    for each in _ALL:
        each.forget()
