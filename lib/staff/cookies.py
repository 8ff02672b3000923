"""Mints and reads the signed cookie that keeps a browser signed in; roles are never in it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from lib.staff.accounts import Accounts, StaffAccount

_AUDIENCE = "order-desk-dashboard"
_CLAIMS = ["sub", "sid", "pwd", "iat", "exp", "aud"]
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class StaffSession:
    """One signed-in browser: who, which sign-in, which password it was made with, until when."""

    username: str
    session_id: str
    password_mark: str
    expires_at: datetime


def begin_session(accounts: Accounts, account: StaffAccount, now: datetime) -> StaffSession:
    """Begin a session for somebody who has just proved their password; each has an id of its own."""
    expires_at = (now + accounts.cookie_life).replace(microsecond=0)
    return StaffSession(account.username, secrets.token_urlsafe(18), _mark(accounts, account), expires_at)


def seal(accounts: Accounts, session: StaffSession, now: datetime) -> str:
    """Make the cookie's value."""
    claims = {
        "sub": session.username,
        "sid": session.session_id,
        "pwd": session.password_mark,
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
        issued, expires = (datetime.fromtimestamp(float(claims[name]), UTC) for name in ("iat", "exp"))
        username, session_id, mark = (claims[name] for name in ("sub", "sid", "pwd"))
    except (jwt.PyJWTError, TypeError, ValueError, OverflowError, OSError):
        return None
    in_time = issued - _SKEW <= now < expires <= issued + accounts.cookie_life + _SKEW
    if not in_time or not all(isinstance(part, str) for part in (username, session_id, mark)):
        return None
    return StaffSession(username, session_id, mark, expires)


def still_stands(accounts: Accounts, session: StaffSession, now: datetime) -> StaffAccount | None:
    """Give the session's account as it is now; None if time, disabling or a new password ended it."""
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
