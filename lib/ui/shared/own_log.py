"""Writes down who did what, in the desk's own log, where the API keeps none; nothing is done unwritten."""

import json
import logging
import sys
from datetime import UTC, datetime


class _StrictHandler(logging.StreamHandler):  # type: ignore[type-arg]  # not generic when it runs
    """Writes to stderr as it is at the time; what can't be written is an error, or an act would go unseen."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        raise


_log = logging.getLogger("order_desk.acts")
if not _log.handlers:
    _log.addHandler(_StrictHandler())
    _log.setLevel(logging.INFO)
    _log.propagate = False


def write_down(event: str, staff: str, **about: object) -> datetime:
    """Write a line of what a staff member is about to do; return when."""
    now = datetime.now(UTC)
    line = {"at": now.isoformat(timespec="seconds"), "event": event, "staff": staff, **about}
    _log.info(json.dumps(line, ensure_ascii=False))
    return now
