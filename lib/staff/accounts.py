"""Reads staff accounts from streamlit-authenticator's own YAML format; lib.staff.changes changes them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from lib.staff._file import read_raw, text_of, write_text
from lib.staff.errors import StaffFileError
from lib.staff.passwords import hash_password, is_good_hash
from lib.staff.roles import ROLES

LONGEST_SESSION = timedelta(hours=12)
MIN_KEY_CHARACTERS = 32
DEFAULT_COOKIE_NAME = "order_desk_staff"


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration; its password is no secret and is shown at sign-in."""

    username: str
    name: str
    role: str
    password: str


DEMO_ACCOUNTS = (
    DemoAccount("sam", "Sam Support", "support", "sam-takes-the-calls"),
    DemoAccount("olga", "Olga Ops", "ops", "olga-counts-orders"),
    DemoAccount("sue", "Sue Supervisor", "supervisor", "sue-keeps-an-eye"),
    DemoAccount("ada", "Ada Admin", "admin", "ada-holds-the-keys"),
)


@dataclass(frozen=True)
class StaffAccount:
    """One person who may sign in, as the file has it now."""

    username: str
    name: str
    roles: tuple[str, ...]
    disabled: bool = False
    password_hash: str = field(default="", repr=False)
    times_disabled: int = 0


@dataclass(frozen=True)
class Accounts:
    """Everybody who may sign in, and how their cookie is named, signed and for how long it lasts."""

    by_username: Mapping[str, StaffAccount]
    cookie_name: str
    cookie_key: str = field(repr=False)
    cookie_life: timedelta = LONGEST_SESSION

    def get(self, username: str) -> StaffAccount | None:
        """Find an account that may sign in; None if there is none, or it is disabled."""
        account = self.by_username.get(username)
        return None if account is None or account.disabled else account


def load_accounts(path: Path) -> Accounts:
    """Read and check the staff file; cheap when the file has not changed since the last call.

    Raises:
        StaffFileError: the file is missing or can't be trusted (a plain password, a weak cookie key ..).
    """
    try:
        stat = path.stat()
    except OSError:
        return parse_accounts(read_raw(path), path)
    return _load(path.absolute(), (stat.st_mtime_ns, stat.st_size, stat.st_ino))


@lru_cache(maxsize=4)
def _load(path: Path, _version: tuple[int, int, int]) -> Accounts:
    return parse_accounts(read_raw(path), path)


def parse_accounts(raw: Mapping[str, Any], path: Path) -> Accounts:
    """Turn the file's YAML into accounts.

    Raises:
        StaffFileError: something in it can't be right; the text names `path` and the account, no secret.
    """
    cookie, credentials = raw.get("cookie"), raw.get("credentials")
    if not isinstance(cookie, dict) or not isinstance(credentials, dict):
        raise StaffFileError(f"{path} must have `credentials` and `cookie`")
    users = credentials.get("usernames") or {}
    if not isinstance(users, dict):
        raise StaffFileError(f"{path}: `credentials: usernames` must be a mapping")
    name, key, life = _cookie(cookie, path)
    accounts = (_account(username, entry, path) for username, entry in users.items())
    return Accounts({account.username: account for account in accounts}, name, key, life)


def _cookie(cookie: Mapping[str, Any], path: Path) -> tuple[str, str, timedelta]:
    name, key, days = (
        cookie.get("name", DEFAULT_COOKIE_NAME),
        cookie.get("key"),
        cookie.get("expiry_days", 0.5),
    )
    if not isinstance(key, str) or len(key) < MIN_KEY_CHARACTERS or len(set(key)) < 10:
        raise StaffFileError(f"{path}: the cookie key must be {MIN_KEY_CHARACTERS} random characters or more")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise StaffFileError(f"{path}: the cookie name must be made of letters, digits, `_` and `-`")
    if isinstance(days, bool) or not isinstance(days, (int, float)) or not 0 < days <= 3650:
        raise StaffFileError(f"{path}: the cookie's expiry_days must be a number of days")
    return name, key, min(timedelta(days=days), LONGEST_SESSION)


def _account(username: object, entry: object, path: Path) -> StaffAccount:
    if not isinstance(username, str) or not is_good_username(username):
        raise StaffFileError(f"{path}: {username!r} can't be a user name: lower case, digits, `.`, `_`, `-`")
    if not isinstance(entry, dict):
        raise StaffFileError(f"{path}: the account {username!r} must be a mapping")
    if not is_good_hash(entry.get("password")):
        raise StaffFileError(
            f"{path}: the password of {username!r} is not a bcrypt hash of cost 12 or more; "
            f"set it anew with `python -m lib.staff password {username}`"
        )
    if "password_hint" in entry:
        raise StaffFileError(f"{path}: {username!r} has a password hint, which anybody could see: remove it")
    roles = entry.get("roles") or []
    if not isinstance(roles, list) or not all(role in ROLES for role in roles):
        raise StaffFileError(f"{path}: the roles of {username!r} must be among {', '.join(ROLES)}")
    times = entry.get("times_disabled", 0)
    if not isinstance(times, int):
        raise StaffFileError(f"{path}: times_disabled of {username!r} must be a number")
    name, disabled = full_name(entry, username), bool(entry.get("disabled"))
    return StaffAccount(username, name, tuple(roles), disabled, entry["password"], times)


def full_name(entry: Mapping[str, Any], username: str) -> str:
    """Return a person's name as their entry in the file has it."""
    whole = f"{entry.get('first_name') or ''} {entry.get('last_name') or ''}".strip()
    return whole or str(entry.get("name") or username)


def is_good_username(username: str) -> bool:
    """Return whether a name can be an account's: lower case, as streamlit-authenticator compares it."""
    return re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,63}", username) is not None


def empty_file() -> dict[str, Any]:
    """Make the content of a new staff file: nobody yet, and a fresh cookie key."""
    cookie = {"name": DEFAULT_COOKIE_NAME, "key": secrets.token_urlsafe(48), "expiry_days": 0.5}
    return {"credentials": {"usernames": {}}, "cookie": cookie}


def make_entry(name: str, password_hash: str, roles: list[str]) -> dict[str, Any]:
    """Make one account's entry in the file."""
    first, _, last = name.strip().partition(" ")
    return {"first_name": first, "last_name": last, "password": password_hash, "roles": roles}


def make_demo_accounts(path: Path) -> bool:
    """Write the demonstration's accounts, unless the file exists; say whether this call did."""
    if path.exists():
        return False
    raw = empty_file()
    for demo in DEMO_ACCOUNTS:
        entry = make_entry(demo.name, hash_password(demo.password), [demo.role])
        raw["credentials"]["usernames"][demo.username] = entry
    return write_text(path, text_of(raw), replace=False)
