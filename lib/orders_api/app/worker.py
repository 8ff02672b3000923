"""Does what no caller should wait for: codes, emails, alarms, counts, ending what is over."""

import json
import logging
import threading
import time
from collections.abc import Callable

from lib.orders_api.alarm_mail.service import mail_new_alarms
from lib.orders_api.forgetting import unite_ledgers
from lib.orders_api.guest.issuing import serve_requests
from lib.orders_api.guest.service import end_expired
from lib.orders_api.mail.sender import Sender
from lib.orders_api.privacy.service import forget_confirmed
from lib.orders_api.retention import end_what_is_over
from lib.orders_api.staff_sessions.service import forget_over
from lib.orders_api.store.api import Api
from lib.orders_api.store.order_counts import fold

_log = logging.getLogger("orders_api.worker")
CODES_SECONDS = 0.25
"""How often code requests and emails with codes are looked for, whoever asked for anything or nobody did."""
LOOK_SECONDS = 1.0
TIDY_SECONDS = 60.0
DAY_SECONDS = 86_400.0
STOP_SECONDS = 5.0


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


class Worker:
    """Threads that work until they are stopped, each at its own pace: none waits for another's work."""

    def __init__(self, api: Api) -> None:
        sender = Sender(api)
        self._all = [
            Repeating("code-requests", CODES_SECONDS, lambda: serve_requests(api)),
            Repeating("code-mail", CODES_SECONDS, sender.deliver_codes),
            Repeating("decoys", CODES_SECONDS, sender.deliver_decoys),
            Repeating("mail", LOOK_SECONDS, sender.deliver_others),
            Repeating("overdue-mail", LOOK_SECONDS, sender.end_overdue),
            Repeating("expiry", LOOK_SECONDS, lambda: end_expired(api)),
            Repeating("clock", LOOK_SECONDS, api.keep_clock),
            Repeating("staff-sessions", TIDY_SECONDS, lambda: forget_over(api)),
            Repeating("retention", DAY_SECONDS, lambda: end_what_is_over(api)),
            Repeating("forgetting", LOOK_SECONDS, lambda: forget_confirmed(api)),
            Repeating("ledger", TIDY_SECONDS, lambda: unite_ledgers(api)),
            Repeating("counts", TIDY_SECONDS, lambda: fold(api.database)),
        ]
        if api.settings.ops_email:
            self._all.append(Repeating("alarms", TIDY_SECONDS, lambda: mail_new_alarms(api)))

    def start(self) -> None:
        """Begin to work."""
        for each in self._all:
            each.start()

    def stop(self) -> None:
        """End after the work at hand, which is waited for some seconds."""
        until = time.monotonic() + STOP_SECONDS
        for each in self._all:
            each.stop()
        for each in self._all:
            each.join(max(until - time.monotonic(), 0))
