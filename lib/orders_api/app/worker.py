"""Does what no caller should wait for: codes, emails, alarms, counts, forgetting what is over."""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable

from lib.orders_api.alarm_mail.service import mail_new_alarms
from lib.orders_api.domain.clock import SharedClock
from lib.orders_api.guest.service import forget_expired, grant_wishes
from lib.orders_api.mail.sender import deliver_due
from lib.orders_api.staff_sessions.service import forget_over
from lib.orders_api.store.api import Api
from lib.orders_api.store.order_counts import fold

LOOK_EVERY_SECONDS = 1.0
AFTER_THE_ANSWER_SECONDS = (0.05, 0.25)
"""So long, by chance, the worker waits once woken: what it does beside an answer would show in its time."""
FORGET_EVERY_SECONDS = 60.0
WATCH_EVERY_SECONDS = 60.0

_chance = secrets.SystemRandom()
_log = logging.getLogger("orders_api.worker")


class Worker:
    """Threads that work until they are stopped: nothing slow must hold up codes, emails or alarms."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._stopping = threading.Event()
        self._mail_waits = threading.Event()
        self._threads = [
            threading.Thread(target=self._serve_guests, name="guest-worker", daemon=True),
            threading.Thread(target=self._deliver, name="mail-worker", daemon=True),
            threading.Thread(target=self._maintain, name="maintenance-worker", daemon=True),
        ]
        if api.settings.ops_email:
            self._threads.append(threading.Thread(target=self._watch, name="alarm-worker", daemon=True))

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the work at hand."""
        self._stopping.set()
        self._api.work_waits.set()
        self._mail_waits.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _serve_guests(self) -> None:
        """Issue codes, and do nothing beside that takes long: somebody waits for each."""
        while not self._stopping.is_set():
            self._api.work_waits.clear()
            self._try("guest access", lambda: grant_wishes(self._api))
            self._mail_waits.set()
            self._api.work_waits.wait(LOOK_EVERY_SECONDS)
            self._stopping.wait(_chance.uniform(*AFTER_THE_ANSWER_SECONDS))

    def _maintain(self) -> None:
        """Do what nobody waits for."""
        tidied_at = time.monotonic()
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            self._try("clock", self._set_clock)
            self._try("forgetting", lambda: forget_expired(self._api))
            if time.monotonic() - tidied_at > FORGET_EVERY_SECONDS:
                self._try("staff sessions", lambda: forget_over(self._api))
                self._try("counts", lambda: fold(self._api.database))
                tidied_at = time.monotonic()

    def _deliver(self) -> None:
        while not self._stopping.is_set():
            self._mail_waits.clear()
            self._try("mail", lambda: deliver_due(self._api))
            self._mail_waits.wait(LOOK_EVERY_SECONDS)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._try("alarms", self._mail_alarms)
            self._stopping.wait(WATCH_EVERY_SECONDS)

    def _mail_alarms(self) -> None:
        if mail_new_alarms(self._api):
            self._mail_waits.set()

    def _set_clock(self) -> None:
        if isinstance(self._api.clock, SharedClock):
            self._api.clock.set()

    def _try(self, what: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            # The thread must live on: the work is still in the store. Its text may hold personal data.
            _log.error(json.dumps({"event": what, "error": type(error).__name__}))
