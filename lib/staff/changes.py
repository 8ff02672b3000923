"""Changes the staff file, one whole and checked change at a time; it asks nobody and prints nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lib.staff._file import locked, read_raw, text_of, write_text
from lib.staff.accounts import empty_file, full_name, is_good_username, make_entry, parse_accounts
from lib.staff.errors import StaffFileError
from lib.staff.guessable import is_easily_guessed
from lib.staff.passwords import hash_password
from lib.staff.roles import ADMIN, ROLES


@dataclass(frozen=True)
class ActingAdmin:
    """Who changes accounts; `record` takes down what they do, to whom, with which roles, and the new file.

    `username` is their account in the file, of an admin still. None: they came by single sign-on, which says
    who they are, or are at the command line.
    """

    username: str | None
    record: Callable[..., None]


def add_account(
    path: Path,
    username: str,
    name: str,
    roles: Sequence[str],
    password: str,
    admin: ActingAdmin | None = None,
) -> None:
    """Add an account, making the file where there is none.

    Raises:
        StaffFileError: the name is taken or can't be one, a role is unknown, the password breaks the rules.
    """
    check_new_username(username)
    entry = make_entry(name or username, _hashed(password, username, name), _known(roles))
    with _changing(path, "staff.add", username, admin, entry["roles"]) as users:
        if username in users:
            raise StaffFileError(f"there is an account {username} already")
        users[username] = entry


def set_password(path: Path, username: str, password: str, admin: ActingAdmin | None = None) -> None:
    """Return an account a new password, which signs it out everywhere.

    Raises:
        StaffFileError: no such account, or the password breaks the rules.
    """
    with _changing(path, "staff.password", username, admin) as users:
        entry = _entry(users, username)
        entry["password"] = _hashed(password, username, full_name(entry, username))


def set_roles(
    path: Path,
    username: str,
    roles: Sequence[str],
    admin: ActingAdmin | None = None,
    seen: Sequence[str] | None = None,
) -> None:
    """Return an account these roles instead of those it has; they hold from its next click on.

    Raises:
        StaffFileError: no such account, an unknown role, an admin who would be none any more, or other roles
            by now than those `seen`.
    """
    known = _known(roles)
    with _changing(path, "staff.role", username, admin, known) as users:
        if admin is not None and admin.username == username and ADMIN not in known:
            raise StaffFileError("you can't take the role of an admin from yourself: another admin has to")
        entry = _entry(users, username)
        now = entry.get("roles") or []
        if seen is not None and list(seen) != now:
            raise StaffFileError(f"somebody else changed the roles of {username} meanwhile: {', '.join(now)}")
        entry["roles"] = known


def set_disabled(path: Path, username: str, disabled: bool, admin: ActingAdmin | None = None) -> None:
    """Disable an account, which ends its sessions at their next click, or let it sign in anew.

    Raises:
        StaffFileError: no such account, or the admin's own.
    """
    with _changing(path, "staff.disable" if disabled else "staff.enable", username, admin) as users:
        if admin is not None and admin.username == username and disabled:
            raise StaffFileError("you can't disable your own account: another admin has to")
        entry = _entry(users, username)
        if disabled:
            entry["disabled"] = True
            entry["times_disabled"] = entry.get("times_disabled", 0) + 1
        else:
            entry.pop("disabled", None)


def check_new_username(username: str) -> None:
    """See that an account could have this name.

    Raises:
        StaffFileError: it could not.
    """
    if not is_good_username(username):
        raise StaffFileError(
            f"{username!r} can't be a user name: lower case, digits, and . _ - @ + after the first"
        )


@contextmanager
def _changing(
    path: Path, kind: str, whom: str, admin: ActingAdmin | None, roles: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """Hand out the accounts' entries to be changed; written only if the whole file is good afterwards.

    An admin has to be one still, now that nobody else changes the file: of two who close each other's account
    at once, one comes second. So there is always one left.
    """
    with locked(path):
        raw = empty_file() if kind == "staff.add" and not path.exists() else read_raw(path)
        users = _entries(raw, path)
        if admin is not None and admin.username is not None:
            account = parse_accounts(raw, path).get(admin.username)
            if account is None or ADMIN not in account.roles:
                raise StaffFileError("you are no admin any more")
        yield users
        parse_accounts(raw, path)
        text = text_of(raw)
        write_text(path, text, first=partial(admin.record, kind, whom, roles, text) if admin else None)


def _entries(raw: dict[str, Any], path: Path) -> dict[str, Any]:
    credentials = raw.get("credentials")
    if not isinstance(credentials, dict) or not isinstance(credentials.get("usernames") or {}, dict):
        raise StaffFileError(f"{path} must have `credentials` and `cookie`")
    credentials["usernames"] = users = credentials.get("usernames") or {}
    return users


def _entry(users: dict[str, Any], username: str) -> dict[str, Any]:
    entry = users.get(username)
    if not isinstance(entry, dict):
        raise StaffFileError(f"there is no account {username}")
    return entry


def _known(roles: Sequence[str]) -> list[str]:
    if unknown := [role for role in roles if role not in ROLES]:
        raise StaffFileError(f"{unknown[0]!r} is no role: choose among {', '.join(ROLES)}")
    if not roles:
        raise StaffFileError(f"name at least one role: {', '.join(ROLES)}")
    return list(dict.fromkeys(roles))


def _hashed(password: str, *about_the_person: str) -> str:
    try:
        hashed = hash_password(password)
    except ValueError as error:
        raise StaffFileError(str(error)) from None
    if is_easily_guessed(password, *about_the_person):
        raise StaffFileError(
            "the password is a common one, or too easily guessed: take several words that don't go together"
        )
    return hashed
