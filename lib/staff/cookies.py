"""Mints and reads the signed cookie that keeps a browser signed in; roles are never in it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

from lib.staff.accounts import Accounts, StaffAccount, load_accounts
from lib.staff.errors import StaffFileError

IDLE_LIMIT = timedelta(hours=1)
"""After so long without a click a session is over (NIST SP 800-63B-4 names an hour for AAL2)."""
RENEW_AFTER = timedelta(minutes=5)
"""An active session's cookie is written anew no more often than this."""
_AUDIENCE = "order-desk-dashboard"
_CLAIMS = ["sub", "sid", "pwd", "beg", "iat", "exp", "aud"]
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class StaffSession:
    """One signed-in browser: who, which sign-in, which password it was made with, since when.

    It is over at `expires_at` unless it is renewed, and at `ends_at` whatever happens.
    """

    username: str
    session_id: str
    password_mark: str
    began_at: datetime
    expires_at: datetime
    ends_at: datetime

    def hashed(self, address: str) -> HashedSession:
        """Return what is kept of it, and from where its browser came."""
        known = (self.password_mark, self.began_at, self.expires_at, self.ends_at)
        return HashedSession(self.username, session_hash(self), *known, address)


@dataclass(frozen=True)
class HashedSession(StaffSession):
    """A session of which the hash of its id alone is known, in `session_id`, and where its browser was."""

    address: str


def begin_session(accounts: Accounts, account: StaffAccount, now: datetime) -> StaffSession:
    """Begin a session for somebody who has just proved their password; each has an id of its own."""
    ends_at = (now + accounts.cookie_life).replace(microsecond=0)
    mark = _mark(accounts, account)
    return renewed(StaffSession(account.username, secrets.token_urlsafe(18), mark, now, now, ends_at), now)


def renewed(session: StaffSession, now: datetime) -> StaffSession:
    """Return the session of somebody who is active, good for another hour within its twelve."""
    expires_at = min((now + IDLE_LIMIT).replace(microsecond=0), session.ends_at)
    return replace(session, expires_at=expires_at)


def is_renewal_due(session: StaffSession, now: datetime) -> bool:
    """Return whether renewing gives the session enough more time to be worth writing its cookie anew."""
    return renewed(session, now).expires_at - session.expires_at >= RENEW_AFTER


def session_hash(session: StaffSession) -> str:
    """Return what is kept of a session's id: reading it must not help to forge or follow a session."""
    if isinstance(session, HashedSession):
        return session.session_id
    return hashlib.sha256(session.session_id.encode()).hexdigest()


def seal(accounts: Accounts, session: StaffSession, now: datetime) -> str:
    """Make the cookie's value."""
    claims = {
        "sub": session.username,
        "sid": session.session_id,
        "pwd": session.password_mark,
        "beg": session.began_at.timestamp(),
        "iat": now,
        "exp": session.expires_at,
        "aud": _AUDIENCE,
    }
    return jwt.encode(claims, accounts.cookie_key, algorithm="HS256")


def unseal(accounts: Accounts, cookie: str, now: datetime) -> StaffSession | None:
    """Read a cookie's value; None for anything that is not a cookie of ours, whole and in its time.

    Whether its session still stands is `still_stands`'s to say.
    """
    try:
        claims = jwt.decode(
            cookie,
            accounts.cookie_key,
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False},
        )
        times = (datetime.fromtimestamp(float(claims[name]), UTC) for name in ("beg", "iat", "exp"))
        began, issued, expires = times
        username, session_id, mark = (claims[name] for name in ("sub", "sid", "pwd"))
    except (jwt.PyJWTError, TypeError, ValueError, OverflowError, OSError):
        return None
    ends = (began + accounts.cookie_life).replace(microsecond=0)
    latest = min(issued + IDLE_LIMIT + _SKEW, ends)
    in_time = began - _SKEW <= issued <= now + _SKEW and now < expires <= latest
    if not in_time or not all(isinstance(part, str) for part in (username, session_id, mark)):
        return None
    return StaffSession(username, session_id, mark, began, expires, ends)


def cookies_owner(staff_file: Path, cookies: Mapping[str, str]) -> str | None:
    """Return the hash of the session that a browser's cookies belong to, None if they are nobody's."""
    try:
        accounts = load_accounts(staff_file)
    except StaffFileError:
        return None
    session = unseal(accounts, cookies.get(accounts.cookie_name, ""), datetime.now(UTC))
    return session_hash(session) if session else None


def still_stands(accounts: Accounts, session: StaffSession, now: datetime) -> StaffAccount | None:
    """Return the session's account as it is now; None if time, disabling or a new password ended it."""
    account = accounts.get(session.username)
    if account is None or now >= session.expires_at:
        return None
    same_password = hmac.compare_digest(_mark(accounts, account), session.password_mark)
    return account if same_password else None


def _mark(accounts: Accounts, account: StaffAccount) -> str:
    """Mark a password, so that a new one, or disabling, ends every session begun before it."""
    return hmac.new(
        accounts.cookie_key.encode(),
        f"{account.password_hash} {account.times_disabled}".encode(),
        hashlib.sha256,
    ).hexdigest()[:32]
