"""Remembers who signed in last when, and which sessions are open, beside the staff file; it judges none."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from lib.staff._file import locked, write_text
from lib.staff.accounts import StaffAccount
from lib.staff.cookies import RENEW_AFTER, HashedSession, StaffSession, session_hash

KEPT = timedelta(days=365)
"""Who has not signed in for so long is forgotten here."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SeenPerson:
    """Somebody as they were when they signed in last."""

    name: str
    roles: tuple[str, ...]
    last_sign_in: datetime
    by_provider: bool


@dataclass
class _Register:
    """What the file holds: sessions by their hash, and people by their user name."""

    sessions: dict[str, HashedSession] = field(default_factory=dict)
    people: dict[str, SeenPerson] = field(default_factory=dict)


_FORMAT = TypeAdapter(_Register)


class SessionRegister:
    """The sessions at all dashboards that share a staff file, each until it would run out without a click."""

    def __init__(self, staff_file: Path) -> None:
        """Keep them in a file named after `staff_file`."""
        self._path = staff_file.with_name(f"{staff_file.name}.sessions")
        self._guard = threading.Lock()
        self._noted: dict[str, datetime] = {}

    def note(self, session: StaffSession, account: StaffAccount, address: str, now: datetime) -> None:
        """Record that somebody is at work; written only where there is something worth writing."""
        hashed = session_hash(session)
        with self._guard:
            noted = self._noted.get(hashed)
            if noted is not None and session.expires_at - noted < RENEW_AFTER:
                return
            self._noted = {key: until for key, until in self._noted.items() if until > now}
            self._noted[hashed] = session.expires_at
        seen = SeenPerson(account.name, account.roles, session.began_at, not account.password_hash)
        try:
            with locked(self._path):
                kept = self._read()
                kept.sessions = {key: each for key, each in kept.sessions.items() if now < each.expires_at}
                kept.sessions[hashed] = session.hashed(address)
                before = kept.people.get(session.username)
                if before is None or before.last_sign_in <= seen.last_sign_in:
                    kept.people[session.username] = seen
                kept.people = {
                    key: each for key, each in kept.people.items() if now < each.last_sign_in + KEPT
                }
                write_text(self._path, _FORMAT.dump_json(kept).decode())
        except OSError:
            _log.exception("a session could not be written down: no admin will see it")

    def open(self, now: datetime) -> Sequence[HashedSession]:
        """Return the sessions whose time is not over, the latest first; some may have been ended."""
        found = [each for each in self._read().sessions.values() if now < each.expires_at]
        return sorted(found, key=lambda each: each.began_at, reverse=True)

    def people(self) -> Mapping[str, SeenPerson]:
        """Return who signed in within the time kept, by user name."""
        return self._read().people

    def _read(self) -> _Register:
        """Read the file; one that is not there or damaged is empty, and fills as people click."""
        try:
            return _FORMAT.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return _Register()
