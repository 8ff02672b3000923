"""Does one piece of work again and again in a thread of its own, past its failures; it knows none."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable

_log = logging.getLogger("orders_api.worker")


class Repeating:
    """Work that is done every so many seconds until it is stopped."""

    def __init__(self, name: str, every_seconds: float, work: Callable[[], object]) -> None:
        self._name = name
        self._every_seconds = every_seconds
        self._work = work
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Do nothing more after the work at hand; return at once."""
        self._stopping.set()

    def join(self, seconds: float) -> None:
        """Wait for the work at hand, but not for longer."""
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._work()
            except Exception as error:
                # The thread must live on: the work is still in the store. Its text may hold personal data.
                _log.error(json.dumps({"event": self._name, "error": type(error).__name__}))
            self._stopping.wait(self._every_seconds)
