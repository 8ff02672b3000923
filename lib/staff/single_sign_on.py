"""Says who somebody from the shop's identity provider is here, and with which roles; it signs nobody in.

The rules stand beside Streamlit's own `[auth]` in .streamlit/secrets.toml, in `[staff]` and `[staff.roles]`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from lib.staff.accounts import LONGEST_SESSION, StaffAccount
from lib.staff.cookies import IDLE_LIMIT, StaffSession
from lib.staff.errors import SingleSignOnError
from lib.staff.roles import ROLES

MIN_SECRET_CHARACTERS = 32
DEFAULT_CLAIM = "groups"
MOST_NAME_CHARACTERS = 200
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class SignOnRules:
    """How one may sign in: `providers` are the names in `[auth]`, None the one without a name."""

    providers: tuple[str | None, ...]
    claim: str
    roles_of: Mapping[str, tuple[str, ...]]


def read_rules(secrets: Mapping[str, Any]) -> SignOnRules | None:
    """Read the rules; None where there is no `[auth]`.

    Raises:
        SingleSignOnError: they can't be right; the text names the key, no secret.
    """
    auth = secrets.get("auth")
    if auth is None:
        return None
    staff = secrets.get("staff") or {}
    if not isinstance(auth, Mapping) or not isinstance(staff, Mapping):
        raise SingleSignOnError("[auth] and [staff] must be tables")
    key = auth.get("cookie_secret")
    if not isinstance(key, str) or len(key) < MIN_SECRET_CHARACTERS or len(set(key)) < 10:
        raise SingleSignOnError(f"cookie_secret must be {MIN_SECRET_CHARACTERS} random characters or more")
    named = tuple(name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value)
    providers = ((None,) if "client_id" in auth else ()) + named
    if not providers:
        raise SingleSignOnError("[auth] names no client_id")
    claim = staff.get("claim", DEFAULT_CLAIM)
    if not isinstance(claim, str) or not claim:
        raise SingleSignOnError("[staff] claim must be the name of a claim")
    return SignOnRules(providers, claim, _roles_of(staff.get("roles")))


def _roles_of(table: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, Mapping) or not table:
        raise SingleSignOnError("[staff.roles] must say which value of the claim means which role")
    made = {str(value): _words(roles) for value, roles in table.items()}
    if unknown := sorted({role for roles in made.values() for role in roles} - set(ROLES)):
        raise SingleSignOnError(f"[staff.roles]: {unknown[0]!r} is no role: choose among {', '.join(ROLES)}")
    return made


def roles_of(rules: SignOnRules, claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the roles that a person's claim means; none for a value that no rule names."""
    claim = _email_of(claims) if rules.claim == "email" else claims.get(rules.claim)
    found = {role for value in _words(claim) for role in rules.roles_of.get(value, ())}
    return tuple(role for role in ROLES if role in found)


def account_of(rules: SignOnRules, claims: Mapping[str, Any]) -> StaffAccount | None:
    """Return a person as an account; None for one who can't be named."""
    name = (_name_of(claims) or "").strip().lower()
    if not name or not name.isprintable() or len(name) > MOST_NAME_CHARACTERS:
        return None
    full_name = claims.get("name")
    shown = full_name if isinstance(full_name, str) and full_name.isprintable() and full_name else name
    return StaffAccount(name, shown[:MOST_NAME_CHARACTERS], roles_of(rules, claims))


def _name_of(claims: Mapping[str, Any]) -> str | None:
    """Name a person by their email, unless it is said not to be verified, or else by number and provider.

    There is an @ in either, so that nobody there can be taken for an account such as `sam` here; and spaces
    in the second, so that it is nobody's email.
    """
    sub, issuer = claims.get("sub"), claims.get("iss")
    host = urlsplit(issuer).hostname if isinstance(issuer, str) else None
    return _email_of(claims) or (f"{sub} @ {host}" if isinstance(sub, str) and sub and host else None)


def _email_of(claims: Mapping[str, Any]) -> str | None:
    """Return a person's email, unless the provider says that it is not verified; some say so in text."""
    email, verified = claims.get("email"), claims.get("email_verified", True)
    is_verified = verified is True or verified == "true"
    return email if isinstance(email, str) and "@" in email and is_verified else None


def session_of(account: StaffAccount, claims: Mapping[str, Any], now: datetime) -> StaffSession | None:
    """Return the session that a sign-in at the provider began; None if it is over or has no time.

    Its id is made of the identity token's own marks, so each sign-in has another and none can be chosen.
    """
    try:
        began_at = datetime.fromtimestamp(float(claims["iat"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
    marks = json.dumps([claims.get(mark) for mark in ("iss", "sub", "aud", "iat", "nonce", "at_hash", "jti")])
    session_id = hashlib.sha256(marks.encode()).hexdigest()
    ends_at = began_at + LONGEST_SESSION
    if not began_at - _SKEW <= now < ends_at:
        return None
    return StaffSession(account.username, session_id, "", began_at, began_at + IDLE_LIMIT, ends_at)


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return tuple(word for word in value if isinstance(word, str))
    return ()
