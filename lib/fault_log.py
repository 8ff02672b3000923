"""Keeps Streamlit's log of faults short and free of data: a stranger can cause any number of them."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable

MOST_A_MINUTE = 20


class FaultFilter(logging.Filter):
    """Says of a fault what kind it is and where; its text, which may hold personal data, is left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._minute = 0
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is logged: not where there were too many in this minute."""
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        if self._count > MOST_A_MINUTE:
            return False
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            record.msg = f"{record.getMessage()}: {kind.__name__}\n{''.join(traceback.format_tb(trace))}"
            record.args, record.exc_info, record.exc_text = None, None, None
        if self._count == MOST_A_MINUTE:
            record.msg = f"{record.getMessage()}\nMore of this minute are left out."
            record.args = None
        return True


def shorten_fault_log() -> None:
    """Put one such filter before what Streamlit says of faults in scripts and of messages it can't take."""
    only = FaultFilter()
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "streamlit":
            logging.getLogger(name).addFilter(only)
