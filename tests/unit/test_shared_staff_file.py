"""The staff file and its copy in the store: what one machine does others have, and nothing old comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib.orders_client import ApiRejected, ApiUnreachable, NewRecord, OrdersError, SharedRecord
from lib.staff import changes
from lib.staff.accounts import load_accounts
from lib.staff.errors import StaffFileError
from lib.staff.operator import Operator
from lib.staff.passwords import check_password
from lib.staff.shared_file import SharedStaffFile

PASSWORD, OTHER = "correct horse battery", "seven quiet owls upstairs"


class Api:
    """The API's side: keeps a copy, if it can; `failure` is what it answers instead."""

    def __init__(self) -> None:
        self.copy = SharedRecord(revision=0, text=None)
        self.failure: OrdersError | None = None
        self.sent: list[tuple[Any, ...]] = []
        self.asked = 0

    def read_shared(self, _name: str) -> SharedRecord:
        self.asked += 1
        self._fail()
        return self.copy

    def keep_shared(self, _name: str, record: NewRecord) -> None:
        self._fail()
        self._keep(record)

    def change_account(self, _act: object, whom: str, kind: str, **more: Any) -> None:
        self._fail()
        if more.get("accounts"):
            self._keep(more["accounts"])
        self.sent.append((kind, whom))

    def _fail(self) -> None:
        if self.failure:
            raise self.failure

    def _keep(self, record: NewRecord) -> None:
        if record.over != self.copy.revision:
            raise ApiRejected("CHANGED_MEANWHILE", 409, "id")
        self.copy = SharedRecord(revision=record.revision, text=record.text)


class Machine:
    """A machine with a staff file of its own."""

    def __init__(self, folder: Path, api: Api) -> None:
        folder.mkdir()
        self.file, self.api = folder / "staff.yaml", api
        self.shared = SharedStaffFile(self.file, api)  # type: ignore[arg-type]  # stands in for it

    def admin(self) -> changes.ActingAdmin:
        """Return an admin here, who has just been told what other machines did."""
        by = Operator(None, self.api, self.shared, self.shared.meet())  # type: ignore[arg-type]  # stands in for it
        return changes.ActingAdmin(None, by.record)

    def open_to(self, name: str, password: str = PASSWORD) -> bool:
        account = load_accounts(self.file).get(name)
        return account is not None and check_password(password, account.password_hash)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.staff.passwords.COST", 4)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def here(tmp_path: Path, api: Api) -> Machine:
    made = Machine(tmp_path / "here", api)
    for name in ("sam", "tom"):
        changes.add_account(made.file, name, name.title(), ["support"], PASSWORD)
    made.shared.meet()
    return made


@pytest.fixture
def there(tmp_path: Path, here: Machine) -> Machine:
    made = Machine(tmp_path / "there", here.api)
    made.shared.meet()
    return made


def test_a_machine_without_a_file_gets_the_one_that_all_share(here: Machine, there: Machine) -> None:
    assert there.file.read_bytes() == here.file.read_bytes()
    assert there.file.stat().st_mode & 0o777 == 0o600
    changes.set_disabled(here.file, "sam", True, here.admin())
    assert there.open_to("sam")
    there.shared.meet()
    assert not there.open_to("sam")
    there.file.unlink()
    there.shared.meet()
    assert not there.open_to("sam")
    assert there.open_to("tom")


def test_a_kill_between_the_log_and_the_file_leaves_an_act_that_is_done(
    here: Machine, there: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    admin = here.admin()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            changes.set_disabled(here.file, "sam", True, admin)
    assert here.api.sent == [("staff.disable", "sam")]
    assert here.open_to("sam")
    for machine in (there, here):
        machine.shared.meet()
        assert not machine.open_to("sam")


@pytest.mark.parametrize("forgets", [True, False], ids=["with what stood beside it", "alone"])
def test_an_older_file_brings_nobody_back(here: Machine, there: Machine, forgets: bool) -> None:
    older = there.file.read_text()
    beside = there.file.with_name("staff.yaml.shared")
    seen = beside.read_text()
    changes.set_disabled(here.file, "sam", True, here.admin())
    changes.set_password(here.file, "tom", OTHER, here.admin())
    there.shared.meet()
    there.file.write_text(older)
    if forgets:
        beside.write_text(seen)
    else:
        beside.unlink()
    for machine in (there, here):
        machine.shared.meet()
        assert not machine.open_to("sam")
        assert machine.open_to("tom", OTHER)


def test_an_older_file_beside_which_the_newest_was_seen_opens_nothing_either(
    here: Machine, there: Machine
) -> None:
    changes.set_roles(here.file, "tom", ["admin"], here.admin())
    older = here.file.read_text()
    changes.set_roles(here.file, "tom", ["support"], here.admin())
    changes.add_account(here.file, "una", "Una", ["support"], PASSWORD, here.admin())
    changes.set_disabled(here.file, "sam", True, here.admin())
    changes.set_password(here.file, "una", OTHER, here.admin())
    here.file.write_text(older)
    for machine in (here, there):
        machine.shared.meet()
        accounts = load_accounts(machine.file)
        assert not machine.open_to("sam")
        assert machine.open_to("una", OTHER)
        assert accounts.by_username["tom"].roles == ("support",)
        assert accounts.get("tom") is None  # until an admin has looked


def test_roles_that_were_taken_while_the_api_was_away_do_not_come_back(here: Machine, there: Machine) -> None:
    changes.set_roles(here.file, "tom", ["admin"], here.admin())
    there.shared.meet()
    changes.set_roles(there.file, "tom", ["support"])  # by a command, while the API was away from there
    changes.set_disabled(here.file, "sam", True, here.admin())
    for machine in (there, here):
        machine.shared.meet()
        assert load_accounts(machine.file).get("tom") is None


def test_what_was_done_while_the_api_was_away_is_handed_over(here: Machine, there: Machine) -> None:
    here.api.failure = ApiUnreachable("away")
    changes.set_disabled(here.file, "sam", True)
    with pytest.raises(ApiUnreachable):
        here.shared.meet()
    here.api.failure = None
    for machine in (here, there):
        machine.shared.meet()
        assert not machine.open_to("sam")
    changes.set_disabled(there.file, "sam", False, there.admin())
    here.shared.meet()
    assert here.open_to("sam")


def test_of_two_files_that_were_both_changed_neither_opens_what_the_other_closed(
    here: Machine, there: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    changes.add_account(here.file, "una", "Una", ["support"], PASSWORD, here.admin())
    changes.set_disabled(here.file, "sam", True, here.admin())
    changes.set_password(there.file, "tom", OTHER)  # by a command, while the API was away from there
    changes.add_account(there.file, "vic", "Vic", ["support"], PASSWORD)
    for machine in (there, here):
        machine.shared.meet()
        opened = [name for name in ("sam", "tom", "una", "vic") if load_accounts(machine.file).get(name)]
        assert opened == ["una"]
    assert here.api.sent[-2:] == [("staff.disable", "tom"), ("staff.disable", "vic")]
    assert "'tom', 'vic'" in caplog.text
    assert "$2b$" not in caplog.text
    before = here.api.copy
    for machine in (there, here):
        machine.shared.meet()
    assert here.api.copy == before


def test_a_store_made_of_an_older_backup_takes_the_newer_file(here: Machine, there: Machine) -> None:
    changes.set_disabled(here.file, "sam", True, here.admin())
    backup = here.api.copy
    changes.set_disabled(here.file, "sam", False, here.admin())
    changes.set_password(here.file, "tom", OTHER, here.admin())
    there.shared.meet()
    here.shared.meet()
    here.api.copy = backup
    for machine in (there, here):
        machine.shared.meet()
        assert machine.open_to("tom", OTHER)
        assert not machine.open_to("sam")  # until an admin has looked
    here.api.copy = SharedRecord(revision=0, text=None)  # a store that is new
    for machine in (there, here):
        machine.shared.meet()
        assert machine.open_to("tom", OTHER)
    assert here.api.copy.text == here.file.read_text()


def test_of_two_machines_that_change_accounts_at_once_one_has_to_look_again(
    here: Machine, there: Machine
) -> None:
    first, second = here.admin(), there.admin()
    changes.set_disabled(here.file, "sam", True, first)
    with pytest.raises(StaffFileError, match="look again"):
        changes.set_roles(there.file, "tom", ["ops"], second)
    assert load_accounts(there.file).by_username["tom"].roles == ("support",)
    changes.set_roles(there.file, "tom", ["ops"], there.admin())
    here.shared.meet()
    assert not here.open_to("sam")
    assert load_accounts(here.file).by_username["tom"].roles == ("ops",)


def test_what_is_done_here_and_then_there_is_no_disagreement(here: Machine, there: Machine) -> None:
    changes.set_password(here.file, "tom", OTHER, here.admin())
    changes.set_roles(here.file, "tom", ["ops"], here.admin())
    changes.set_password(there.file, "tom", PASSWORD, there.admin())
    here.shared.meet()
    assert here.open_to("tom")
    assert load_accounts(here.file).by_username["tom"].roles == ("ops",)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 501])
def test_an_api_that_lacks_this_is_sent_no_account(tmp_path: Path, status: int) -> None:
    alone = Machine(tmp_path / "alone", Api())
    changes.add_account(alone.file, "sam", "Sam", ["support"], PASSWORD)
    alone.api.failure = ApiRejected(None, status, "id")
    assert [alone.shared.meet() for _ in range(2)] == [None, None]
    assert alone.api.asked == (2 if status in (401, 403) else 1)
    alone.api.failure = None
    by = Operator(None, alone.api, alone.shared, None)  # type: ignore[arg-type]  # stands in for it
    changes.set_disabled(alone.file, "sam", True, changes.ActingAdmin(None, by.record))
    assert alone.api.copy.text is None
    assert not alone.shared.was_shared()


@pytest.mark.parametrize("text", [None, "credentials: {}", "- no staff file"])
def test_a_copy_that_can_not_be_used_changes_nothing(here: Machine, text: str | None) -> None:
    before = here.file.read_text()
    here.api.copy = SharedRecord(revision=9, text=text)
    assert here.shared.meet() is None
    assert here.file.read_text() == before
    assert here.api.copy.text == text


def test_nothing_of_an_account_stands_beside_the_file(here: Machine) -> None:
    beside = here.file.with_name("staff.yaml.shared").read_text()
    assert set(json.loads(beside)) == {"revision", "digest", "before", "older"}
    assert "$2b$" not in beside
    assert "$2b$" not in repr(NewRecord(here.file.read_text())) + repr(here.api.copy)
