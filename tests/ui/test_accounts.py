"""The page of staff accounts: what an admin sees and does, what is recorded first, what nobody can do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.staff import changes
from lib.staff.accounts import Accounts, load_accounts
from lib.staff.passwords import check_password
from lib.ui.accounts.keys import (
    ACCOUNTS_ADD,
    ACCOUNTS_CHOSEN,
    ACCOUNTS_DISABLE,
    ACCOUNTS_END_ALL,
    ACCOUNTS_ROLES,
    ACCOUNTS_TWICE,
)
from tests.passwords import PASSWORD
from tests.ui.staff_desk import StaffDesk, is_signed_in, staff_desk, words_on

PAGE = "pages/admin/accounts.py"
NEW = "seven quiet owls upstairs"
CHECKED: dict[str, Any] = {
    "attempts": {"verdict": "ADMITTED", "attempt": 7},
    "outcomes": None,
    "endings": None,
    "standings": {"ended": []},
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StaffDesk]:
    with staff_desk(tmp_path) as made:
        made.says = {**CHECKED, "checks": {"stands": True}, "accounts": None}
        changes.add_account(made.staff_file, "ada", "Ada Admin", ["admin"], PASSWORD)
        yield made


@pytest.fixture
def ada(desk: StaffDesk) -> AppTest:
    return desk.signed_in_tab("ada").switch_page(PAGE).run()


def elsewhere(desk: StaffDesk, username: str) -> AppTest:
    """Sign in with another browser."""
    desk.cookies.clear()
    return desk.signed_in_tab(username)


def choose(tab: AppTest, username: str) -> AppTest:
    return tab.selectbox(key=ACCOUNTS_CHOSEN).set_value(username).run()


def press(tab: AppTest, key: str, label: str = "") -> AppTest:
    """Press the one button whose key begins so, and which says so."""
    (found,) = [each for each in tab.button if str(each.key).startswith(key) and label in each.label]
    return found.click().run()


def type_twice(tab: AppTest, first: str, again: str, which: str) -> None:
    for number, text in enumerate((first, again)):
        start = f"{ACCOUNTS_TWICE}_{number}_{which}"
        (box,) = [each for each in tab.text_input if str(each.key).startswith(start)]
        box.set_value(text)


def fill_in_new(tab: AppTest, username: str, first: str = NEW, again: str = NEW) -> AppTest:
    (name, full_name), roles = tab.text_input[:2], tab.multiselect[0]
    name.set_value(username)
    full_name.set_value("Maria Rossi")
    roles.set_value(["support", "ops"])
    type_twice(tab, first, again, "new")
    return press(tab, ACCOUNTS_ADD)


def rows(tab: AppTest) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in tab.dataframe[0].value.values.tolist()}


def recorded(desk: StaffDesk) -> list[tuple[Any, ...]]:
    bodies = [body for call, body in desk.told if call == "accounts"]
    return [(body["staff"], body["kind"], body["whom"], body["rolesGiven"]) for body in bodies]


def accounts(desk: StaffDesk) -> Accounts:
    return load_accounts(desk.staff_file)


def test_everybody_is_listed_with_role_state_last_sign_in_and_sessions(desk: StaffDesk, ada: AppTest) -> None:
    elsewhere(desk, "sam")
    desk.wait(minutes=7)
    elsewhere(desk, "sam")
    found = rows(ada.run())
    assert found["sam"] == ["Sam", "support", "Active", "23 Nov 2026, 08:07", "2"]
    assert found["gone"] == ["Gone", "admin", "Disabled", "None recorded", "0"]
    assert found["ada"] == ["Ada Admin", "admin", "Active", "23 Nov 2026, 08:00", "1"]
    assert "(this one)" in words_on(choose(ada, "ada"))
    assert [each.proto.select_all for each in ada.multiselect] == [0, 0]  # Enter gives nobody all roles


def test_an_account_is_added_changed_closed_and_opened_and_each_act_is_recorded(
    desk: StaffDesk, ada: AppTest
) -> None:
    fill_in_new(ada, "maria")
    assert "maria can sign in now." in words_on(ada)
    maria = accounts(desk).by_username["maria"]
    assert (maria.name, maria.roles) == ("Maria Rossi", ("support", "ops"))
    assert check_password(NEW, maria.password_hash)
    assert [each.value for each in ada.text_input] == ["", "", "", ""]
    choose(ada, "maria")
    ada.multiselect[1].set_value(["supervisor"])
    press(ada, ACCOUNTS_ROLES, "Save")
    assert accounts(desk).by_username["maria"].roles == ("supervisor",)
    type_twice(ada, PASSWORD, PASSWORD, ACCOUNTS_TWICE)
    press(ada, ACCOUNTS_TWICE, "Set")
    assert check_password(PASSWORD, accounts(desk).by_username["maria"].password_hash)
    press(ada, ACCOUNTS_DISABLE, "Disable")
    assert accounts(desk).get("maria") is None
    press(ada, ACCOUNTS_DISABLE, "Enable")
    assert accounts(desk).get("maria") is not None
    assert recorded(desk) == [
        ("ada", "staff.add", "maria", ["support", "ops"]),
        ("ada", "staff.role", "maria", ["supervisor"]),
        ("ada", "staff.password", "maria", []),
        ("ada", "staff.disable", "maria", []),
        ("ada", "staff.enable", "maria", []),
    ]
    everything = f"{desk.told}{words_on(ada)}"
    assert NEW not in everything
    assert PASSWORD not in everything
    assert "$2b$" not in everything


def test_a_change_goes_to_all_machines_with_its_row_of_the_log_and_to_no_page(
    desk: StaffDesk, ada: AppTest
) -> None:
    desk.says["records/accounts"] = {"revision": 0, "text": None}
    fill_in_new(ada, "maria")
    (body,) = [body for call, body in desk.told if call == "accounts"]
    assert (body["kind"], body["accounts"]["over"], body["accounts"]["revision"]) == ("staff.add", 1, 2)
    assert body["accounts"]["text"] == desk.staff_file.read_text()
    assert "$2b$" not in words_on(ada)


@pytest.mark.parametrize(
    ("username", "first", "again", "words"),
    [
        ("sam", NEW, NEW, "There is an account sam already."),
        ("Sam", NEW, NEW, "can't be a user name"),
        ("maria", NEW, NEW + "!", "The two passwords are not the same."),
        ("maria", "short", "short", "at least 12 characters"),
        ("maria", "password1234", "password1234", "too easily guessed"),
    ],
)
def test_what_can_not_be_added_is_said_and_what_was_typed_stays(
    desk: StaffDesk, ada: AppTest, username: str, first: str, again: str, words: str
) -> None:
    fill_in_new(ada, username, first, again)
    assert words in "\n".join(each.value for each in ada.warning).replace("\\", "")
    assert [each.value for each in ada.text_input] == [username, "Maria Rossi", first, again]
    assert recorded(desk) == []
    assert "maria" not in accounts(desk).by_username


def test_one_session_of_somebody_is_ended_or_all_of_them(desk: StaffDesk, ada: AppTest) -> None:
    first = elsewhere(desk, "sam")
    desk.wait(minutes=1)
    second = elsewhere(desk, "sam")
    (latest, _) = [each for each in choose(ada, "sam").button if each.label == "End"]
    latest.click().run()
    assert (is_signed_in(first.run()), is_signed_in(second.run())) == (True, False)
    assert rows(ada)["sam"][-1] == "1"
    press(ada, ACCOUNTS_END_ALL)
    assert not is_signed_in(first.run())
    assert [row[:3] for row in recorded(desk)] == [
        ("ada", "staff.end_session", "sam"),
        ("ada", "staff.end_sessions", "sam"),
    ]
    assert is_signed_in(ada)


def test_an_admin_can_neither_close_their_own_account_nor_cease_to_be_one(
    desk: StaffDesk, ada: AppTest
) -> None:
    choose(ada, "ada")
    assert "Another admin has to disable it." in words_on(ada)
    assert not [each for each in ada.button if str(each.key).startswith(ACCOUNTS_DISABLE)]
    ada.multiselect[1].set_value(["support"])
    press(ada, ACCOUNTS_ROLES, "Save")
    assert "another admin has to" in ada.warning[0].value.replace("\\", "")
    assert accounts(desk).by_username["ada"].roles == ("admin",)
    assert recorded(desk) == []


def test_of_two_admins_at_once_the_second_undoes_nothing_of_the_first_unseen(
    desk: StaffDesk, ada: AppTest
) -> None:
    choose(ada, "sam").multiselect[1].set_value(["support", "supervisor"])
    changes.set_roles(desk.staff_file, "sam", ["support", "ops"])
    press(ada, ACCOUNTS_ROLES, "Save")
    assert "Somebody else changed the roles of sam meanwhile: support, ops" in ada.warning[0].value.replace(
        "\\", ""
    )
    assert accounts(desk).by_username["sam"].roles == ("support", "ops")
    press(ada, ACCOUNTS_ROLES, "Save")
    assert accounts(desk).by_username["sam"].roles == ("support", "supervisor")
    changes.set_disabled(desk.staff_file, "sam", True)
    press(ada, ACCOUNTS_DISABLE, "Disable")
    assert accounts(desk).by_username["sam"].disabled


def test_what_can_not_be_recorded_is_not_done(desk: StaffDesk, ada: AppTest) -> None:
    desk.failing = "accounts"
    press(choose(ada, "sam"), ACCOUNTS_DISABLE)
    assert "The account was not changed" in ada.error[0].value
    assert accounts(desk).get("sam") is not None


def test_where_the_api_keeps_no_log_the_desks_own_does_and_sessions_end_all_the_same(
    desk: StaffDesk, ada: AppTest, capsys: pytest.CaptureFixture[str]
) -> None:
    del desk.says["accounts"]
    sam = elsewhere(desk, "sam")
    press(choose(ada, "sam"), ACCOUNTS_END_ALL)
    assert not is_signed_in(sam.run())
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (line["staff"], line["event"], line["whom"]) == ("ada", "staff.end_sessions", "sam")


def test_a_file_that_can_not_be_written_is_said_and_nothing_is_offered(
    desk: StaffDesk, ada: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.ui.auth.people.os.access", lambda *_: False)
    choose(ada, "sam")
    assert "can't be written by this dashboard" in words_on(ada).replace("\\", "")
    assert not ada.multiselect
    assert rows(ada)["sam"][0] == "Sam"
