"""Remembers which sessions were signed out, beside the staff file; a session is not judged here otherwise."""

import json
import logging
import threading
from datetime import datetime
from pathlib import Path

from lib.staff._file import locked, write_text
from lib.staff.cookies import StaffSession, session_hash

_log = logging.getLogger(__name__)


class Revocations:
    """The signed-out sessions, kept until their cookie would have run out anyway.

    Held in memory and in a file, so that a copied cookie stays dead in every tab, in every
    process on this machine and after a restart.
    """

    def __init__(self, staff_file: Path) -> None:
        """Keep them in a file named after `staff_file`."""
        self._path = staff_file.with_name(f"{staff_file.name}.signed-out")
        self._guard = threading.Lock()
        self._ended: dict[str, float] = {}
        self._version: tuple[int, int] | None = None

    def revoke(self, now: datetime, *sessions: StaffSession) -> None:
        """End sessions for good: in this process at once, and in the file."""
        with self._guard:
            self._refresh()
            self._ended |= {session_hash(each): each.ends_at.timestamp() for each in sessions}
            try:
                self._save(now.timestamp())
            except OSError:
                _log.exception("a sign-out could not be written down: it holds in this process only")

    def is_revoked(self, session: StaffSession) -> bool:
        """Return whether the session was signed out."""
        with self._guard:
            self._refresh()
            return session_hash(session) in self._ended

    def _save(self, now: float) -> None:
        with locked(self._path):
            self._refresh()
            self._ended = {key: until for key, until in self._ended.items() if until > now}
            write_text(self._path, json.dumps(self._ended))

    def _refresh(self) -> None:
        """Take in what other processes wrote; a file that can't be read revokes nothing more."""
        try:
            stat = self._path.stat()
            if self._version == (stat.st_mtime_ns, stat.st_ino):
                return
            self._ended.update(json.loads(self._path.read_text()))
            self._version = (stat.st_mtime_ns, stat.st_ino)
        except (OSError, ValueError, TypeError):
            return
