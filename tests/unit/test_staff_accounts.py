"""The staff file: what is refused, what is read, how it is written."""

from __future__ import annotations

import copy
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from lib.staff import _file, changes, passwords
from lib.staff.accounts import DEMO_ACCOUNTS, Accounts, load_accounts, make_demo_accounts, parse_accounts
from lib.staff.errors import StaffFileError
from lib.staff.passwords import check_password
from lib.staff.roles import ACTS, ROLES, may, roles_for
from tests.passwords import PASSWORD, hash_cheaply

HASH = passwords._NOBODY
KEY = "Jx0-fJ2qZ7w3rT9vB5nM1kP8sD4gH6yLcQaE"
GOOD: dict[str, Any] = {
    "credentials": {"usernames": {"jo": {"name": "Jo Jones", "password": HASH, "roles": ["support"]}}},
    "cookie": {"name": "desk", "key": KEY, "expiry_days": 30},
}


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)


def parse(**changed: Any) -> Accounts:
    """Parse the good file with some of jo's entry changed."""
    raw = copy.deepcopy(GOOD)
    raw["credentials"]["usernames"]["jo"].update(changed)
    return parse_accounts(raw, Path("staff.yaml"))


def test_the_authenticators_own_format_is_read() -> None:
    accounts = parse(first_name="Jo", last_name="Jones", email="jo@example.com", logged_in=True)
    account = accounts.get("jo")
    assert account is not None
    assert (account.name, account.roles, account.disabled) == ("Jo Jones", ("support",), False)


def test_a_cookie_of_thirty_days_lasts_twelve_hours() -> None:
    assert parse().cookie_life == timedelta(hours=12)


@pytest.mark.parametrize(
    "changed",
    [
        {"password": PASSWORD},
        {"password": HASH.replace("$12$", "$03$")},
        {"password": None},
        {"password_hint": "the usual"},
        {"roles": ["editor"]},
        {"roles": "admin"},
    ],
)
def test_an_account_that_cannot_be_trusted_is_refused_by_name_and_without_its_password(
    changed: dict[str, Any],
) -> None:
    with pytest.raises(StaffFileError, match="jo") as refusal:
        parse(**changed)
    assert PASSWORD not in str(refusal.value)
    assert HASH not in str(refusal.value)


@pytest.mark.parametrize(
    "cookie",
    [
        {"key": "some_signature_key"},
        {"key": "a" * 40},
        {"key": None},
        {},
        {"key": KEY, "name": "a b; Domain=evil"},
        {"key": KEY, "expiry_days": 0},
        {"key": KEY, "expiry_days": "thirty"},
        None,
    ],
)
def test_a_weak_cookie_is_refused(cookie: object) -> None:
    with pytest.raises(StaffFileError, match=r"staff\.yaml"):
        parse_accounts({**GOOD, "cookie": cookie}, Path("staff.yaml"))


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "credentials: 1\ncookie: 2", "\x00"])
def test_a_file_that_is_no_staff_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "staff.yaml"
    path.write_text(text)
    with pytest.raises(StaffFileError):
        load_accounts(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(StaffFileError, match="does not exist"):
        load_accounts(tmp_path / "staff.yaml")


def test_a_change_of_the_file_is_seen_at_the_next_look(tmp_path: Path) -> None:
    path = tmp_path / "staff.yaml"
    changes.add_account(path, "jo", "Jo Jones", ["support"], PASSWORD)
    assert load_accounts(path).get("jo") is not None
    changes.set_disabled(path, "jo", True)
    assert load_accounts(path).get("jo") is None
    changes.set_disabled(path, "jo", False)
    changes.set_roles(path, "jo", ["ops", "ops", "admin"])
    assert load_accounts(path).by_username["jo"].roles == ("ops", "admin")


def test_the_file_is_for_its_owner_alone_and_no_draft_is_left(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "staff.yaml"
    changes.add_account(path, "jo", "Jo", ["support"], PASSWORD)
    changes.set_password(path, "jo", "another long password")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {found.name for found in path.parent.iterdir()} == {"staff.yaml", ".staff.yaml.lock"}


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "staff.yaml"
    changes.add_account(path, "jo", "Jo", ["support"], PASSWORD)
    before = path.read_bytes()

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lib.staff._file.os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        changes.set_roles(path, "jo", ["admin"])
    assert path.read_bytes() == before
    assert {found.name for found in tmp_path.iterdir()} == {"staff.yaml", ".staff.yaml.lock"}


def test_of_many_changes_at_once_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "staff.yaml"
    names = [f"user{number}" for number in range(16)]
    threads = [
        threading.Thread(target=changes.add_account, args=(path, name, name, ["support"], PASSWORD))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(load_accounts(path).by_username) == sorted(names)


def test_of_two_admins_who_disable_each_other_at_once_one_is_left(tmp_path: Path) -> None:
    path, raw = tmp_path / "staff.yaml", copy.deepcopy(GOOD)
    admin = {"password": HASH, "roles": ["admin"]}
    raw["credentials"]["usernames"] = {"ada": admin, "bea": dict(admin)}
    _file.write_text(path, _file.text_of(raw))
    refused, recorded = [], []

    def close(whom: str, by: str) -> None:
        try:
            changes.set_disabled(path, whom, True, changes.ActingAdmin(by, lambda *act: recorded.append(act)))
        except StaffFileError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=close, args=pair) for pair in (("ada", "bea"), ("bea", "ada"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [name for name in ("ada", "bea") if load_accounts(path).get(name)]
    assert len(left) == 1
    assert refused == ["you are no admin any more"]
    assert [act[0] for act in recorded] == ["staff.disable"]


def test_what_can_not_be_recorded_leaves_the_file_as_it_is_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "staff.yaml"
    _file.write_text(path, _file.text_of(GOOD))
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError("no log")

    with pytest.raises(OSError, match="no log"):
        changes.set_roles(path, "jo", ["ops"], changes.ActingAdmin(None, refuse))
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == [".staff.yaml.lock", "staff.yaml"]


def test_unknown_content_of_the_file_survives_a_change(tmp_path: Path) -> None:
    path = tmp_path / "staff.yaml"
    _file.write_text(path, _file.text_of({**GOOD, "oauth2": {"google": {}}}))
    changes.set_roles(path, "jo", ["ops"])
    raw = yaml.safe_load(path.read_text())
    assert raw["oauth2"] == {"google": {}}
    assert raw["credentials"]["usernames"]["jo"]["name"] == "Jo Jones"


def test_demonstration_accounts_are_made_once_and_open_with_what_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "staff.yaml"
    assert make_demo_accounts(path)
    first = path.read_bytes()
    assert not make_demo_accounts(path)
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = load_accounts(path)
    assert {role for demo in DEMO_ACCOUNTS for role in accounts.by_username[demo.username].roles} == set(
        ROLES
    )
    demo = DEMO_ACCOUNTS[0]
    assert check_password(demo.password, accounts.by_username[demo.username].password_hash)


def test_two_desks_have_different_cookie_keys(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        changes.add_account(tmp_path / name, "jo", "Jo", ["support"], PASSWORD)
    keys = {load_accounts(tmp_path / name).cookie_key for name in ("one.yaml", "two.yaml")}
    assert len(keys) == 2


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "123456789012",
        "qwertyuiopas",
        "iloveyouforever",
        "1q2w3e4r5t6y",
        "aaaaaaaaaaaa",
        "jojonesjojones",
        "Order Desk 2026",
    ],
)
def test_a_common_or_guessable_password_is_refused_and_nothing_is_written(
    tmp_path: Path, password: str
) -> None:
    path = tmp_path / "staff.yaml"
    with pytest.raises(StaffFileError, match="easily guessed"):
        changes.add_account(path, "jo", "Jo Jones", ["support"], password)
    assert not path.exists()
    changes.add_account(path, "jo", "Jo Jones", ["support"], PASSWORD)
    before = path.read_bytes()
    with pytest.raises(StaffFileError, match="easily guessed"):
        changes.set_password(path, "jo", password)
    assert path.read_bytes() == before


def test_a_password_is_taken_as_it_is_spaces_and_all(tmp_path: Path) -> None:
    path = tmp_path / "staff.yaml"
    changes.add_account(path, "jo", "Jo", ["support"], " purple kettle grows\u00e9 ")
    kept = load_accounts(path).by_username["jo"].password_hash
    assert check_password(" purple kettle grows\u00e9 ", kept)
    assert not check_password("purple kettle grows\u00e9", kept)


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (
            "support",
            {"view", "cancel", "note", "reveal", "resend", "correct", "track", "guest_access", "mailbox"},
        ),
        ("ops", {"view", "export", "insights"}),
        ("supervisor", set(ACTS) - {"create", "set_status", "forget", "accounts"}),
        ("admin", set(ACTS)),
    ],
)
def test_each_role_may_do_what_the_contract_says(role: str, acts: set[str]) -> None:
    assert {act for act in ACTS if may([role], act)} == acts
    assert all((role in roles_for(act)) == (act in acts) for act in ACTS)


def test_an_unknown_act_is_an_error_and_an_unknown_role_may_nothing() -> None:
    with pytest.raises(KeyError):
        may(["admin"], "fly")
    assert not any(may(["editor"], act) for act in ACTS)
