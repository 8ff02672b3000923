"""Hashes and checks staff passwords with bcrypt; it must never store, log or return a plain one."""

import re

import bcrypt

COST = 12
MIN_CHARACTERS = 12
MAX_BYTES = 72  # bcrypt reads no more, and bcrypt 5 refuses more

_HASH = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
# What an unknown user's password is checked against, so that the answer takes as long as a known user's.
_NOBODY = "$2b$12$wTwd89KbmQ0o6v0/e.yYo.ft/yeliVG7YjEYPm6gY29f8aYl0OHE."


def hash_password(password: str) -> str:
    """Hash a password with bcrypt at cost 12.

    Raises:
        ValueError: the password breaks `password_fault`'s rules.
    """
    if fault := password_fault(password):
        raise ValueError(fault)
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).decode()


def password_fault(password: str) -> str | None:
    """Return what is wrong with a new password, or None if it will do."""
    if len(password) < MIN_CHARACTERS:
        return f"the password must have at least {MIN_CHARACTERS} characters"
    if not password.isprintable():
        return "the password must not hold control characters"
    if len(password.encode()) > MAX_BYTES:
        return f"the password must have at most {MAX_BYTES} bytes"
    return None


def is_good_hash(value: object) -> bool:
    """Return whether `value` is a bcrypt hash of cost 12 or more, rather than a plain password."""
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    return found is not None and int(found[1]) >= COST


def check_password(password: str, password_hash: str | None) -> bool:
    """Compare a password with its hash; None (no such user) takes as long and is always False."""
    right = bcrypt.checkpw(password.encode()[:MAX_BYTES], (password_hash or _NOBODY).encode())
    return right and password_hash is not None and len(password.encode()) <= MAX_BYTES
