"""Keeps the staff file and its copy in the Orders API's store alike, so that the store alone is backed up.

The copy has a revision, and only takes the place of the one that it was made of. Beside the file stands which
revision it was last seen to be: so no older file passes for a newer one, nor an older store for today's.
"""

import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lib.orders_client import NewRecord, OrdersError, StaffAct, StaffSessions
from lib.staff._file import locked, raw_of, read_text, text_of, write_text
from lib.staff.accounts import parse_accounts
from lib.staff.errors import StaffFileError
from lib.staff.ledger import LACKING, REFUSED

NAME = "accounts"
EVERY_SECONDS = 60.0
AGAIN_SECONDS = 5.0
MOST_OLDER = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Seen:
    """Which revision the file was when it was last the same as the copy, its digest then, and those before.

    `before` is what a change, of which the copy knows, is about to replace; `older` are all replaced ones.
    """

    revision: int = 0
    digest: str = ""
    before: str = ""
    older: tuple[str, ...] = ()

    def is_older(self, text: str, revision: int) -> bool:
        """Return whether nobody has changed the file since it was an older revision than this one."""
        known = {self.before} if self.revision == revision else {self.digest, self.before}
        return self.revision <= revision and _digest(text) in known


_SEEN = TypeAdapter(_Seen)


class SharedStaffFile:
    """The staff file of this machine, and the copy that all machines share where the API is ours."""

    def __init__(self, path: Path, calls: StaffSessions | None) -> None:
        """Share it through `calls`; None: the API takes no tokens of ours."""
        self._path, self._calls = path, calls
        self._seen = path.with_name(f"{path.name}.shared")
        self._said = ""

    def was_shared(self) -> bool:
        """Return whether the API has ever answered these calls."""
        return self._seen.exists()

    def meet(self) -> int | None:
        """Take over what other machines did, and hand over what was done here while the API was away.

        Returns:
            The copy's revision, of which the next one is made; None where there is none to be had.

        Raises:
            OrdersError: the API could not be asked, or not be told.
        """
        if self._calls is None:
            return None
        try:
            with locked(self._path):
                revision = self._meet(self._calls)
        except (StaffFileError, OSError) as error:
            self._say(f"this machine's staff accounts are not shared with others: {error}")
            return None
        except OrdersError as error:
            if error.status not in LACKING:
                raise
            if error.status not in REFUSED and not self.was_shared():
                self._calls = None  # a shop's own API is asked once a process
            return None
        self._say("")
        return revision

    def took(self, copy: NewRecord | None) -> None:
        """Note, before the file is written, that the copy has what it is about to be: in case of a kill."""
        if copy is not None:
            self._note(copy.text, copy.revision, before=_digest(read_text(self._path) or ""))

    def keep(self) -> None:
        """Do that now and every minute, until this process ends."""
        first = self._met()
        threading.Thread(target=self._keep, args=(first,), name="shared-accounts", daemon=True).start()

    def _keep(self, met: bool) -> None:
        over = threading.Event()
        while not over.wait(EVERY_SECONDS if met else AGAIN_SECONDS):
            met = self._met()

    def _met(self) -> bool:
        try:
            self.meet()
        except OrdersError:
            return False
        return True

    def _meet(self, calls: StaffSessions) -> int:
        """Decide which of both holds by which of them was changed since they were the same."""
        ours, copy = read_text(self._path), calls.read_shared(NAME)
        theirs, seen = copy.text, self._last_seen()
        if theirs is None and copy.revision:
            raise StaffFileError("the API can't open the copy: a key is missing in its ORDERS_CODE_KEY")
        if ours is None and theirs is None:
            return copy.revision
        if ours is None or ours == theirs:
            return self._take(theirs or "", copy.revision, ours)
        if theirs is not None and seen.is_older(ours, copy.revision):
            return self._take(theirs, copy.revision, ours)
        is_old = _digest(ours) in seen.older
        is_as_seen = theirs is not None and (seen.revision, seen.digest) == (copy.revision, _digest(theirs))
        if theirs is None or (is_as_seen and not is_old):
            return self._give(calls, ours, copy.revision, seen)
        if seen.revision > copy.revision or not seen.digest:
            return self._settle(calls, ours, theirs, copy.revision, seen)
        differ = ("roles",) if is_old else ("password", "roles")
        return self._settle(calls, ours, theirs, copy.revision, seen, differ)

    def _settle(
        self,
        calls: StaffSessions,
        ours: str,
        theirs: str,
        revision: int,
        seen: _Seen,
        differ: Sequence[str] = (),
    ) -> int:
        """Make one of two that were both changed: whom either keeps out, stays out until an admin has looked.

        The copy holds, or the file where the store is an older one, made of a backup. If both were the same
        once, what differs may have been set while the API was away: an account is closed as well by that.
        Roles may even be what they were some time ago, in an old file; a password is never the same again.
        """
        files = [_checked(text, self._path) for text in (theirs, ours)]
        holds, other = reversed(files) if seen.revision > revision else files
        closed = _close(holds, other, differ)
        _log.warning("the staff file and its copy were changed apart; closed: %s", closed or "none")
        for username in closed:
            calls.change_account(StaffAct(), username, "staff.disable")
        settled = text_of(holds)
        write_text(self._path, settled)
        return self._give(calls, settled, revision, seen)

    def _give(self, calls: StaffSessions, text: str, over: int, seen: _Seen) -> int:
        _checked(text, self._path)
        revision = max(over, seen.revision) + 1
        calls.keep_shared(NAME, NewRecord(text, over, revision))
        return self._note(text, revision)

    def _take(self, text: str, revision: int, ours: str | None) -> int:
        if text != ours:
            _checked(text, self._path)
            write_text(self._path, text)
        return self._note(text, revision)

    def _last_seen(self) -> _Seen:
        try:
            return _SEEN.validate_json(self._seen.read_bytes())
        except (OSError, ValidationError):
            return _Seen()

    def _note(self, text: str, revision: int, before: str = "") -> int:
        last, digest = self._last_seen(), _digest(text)
        older = dict.fromkeys(each for each in (*last.older, last.digest) if each not in ("", digest))
        seen = _Seen(revision, digest, before, tuple(older)[-MOST_OLDER:])
        if last != seen:
            write_text(self._seen, _SEEN.dump_json(seen).decode())
        return revision

    def _say(self, fault: str) -> None:
        if fault and fault != self._said:
            _log.warning("%s", fault)
        self._said = fault


def new_copy(text: str, revision: int | None) -> NewRecord | None:
    """Return the copy that takes the place of one, if there is one to be had."""
    return None if revision is None else NewRecord(text, revision, revision + 1)


def _close(holds: dict[str, Any], other: dict[str, Any], differ: Sequence[str]) -> list[str]:
    """Disable in what holds whom the other one keeps out, alone has, or has with something else of `differ`.

    Returns:
        Who is disabled only now.
    """
    users, closed = holds["credentials"]["usernames"], list[str]()
    for username, entry in other["credentials"]["usernames"].items():
        is_alone = username not in users
        mine = users.setdefault(username, dict(entry))
        has_another = any(mine.get(each) != entry.get(each) for each in differ)
        if not mine.get("disabled") and (is_alone or entry.get("disabled") or has_another):
            times = max(each.get("times_disabled", 0) for each in (mine, entry))
            mine |= {"disabled": True, "times_disabled": times + 1}
            closed.append(username)
    return closed


def _checked(text: str, path: Path) -> dict[str, Any]:
    """Return a staff file's content.

    Raises:
        StaffFileError: nobody could sign in by it.
    """
    raw = raw_of(text, path)
    parse_accounts(raw, path)
    raw["credentials"]["usernames"] = raw["credentials"].get("usernames") or {}
    return raw


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
