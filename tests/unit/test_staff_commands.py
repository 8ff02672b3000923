"""`python -m lib.staff`: passwords by prompt, one clear line and a status on bad input."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lib.staff.__main__ import app
from lib.staff.accounts import load_accounts
from lib.staff.passwords import check_password
from tests.passwords import PASSWORD, hash_cheaply

ROOT = Path(__file__).parents[2]


PROGRAM = [sys.executable, "-m", "lib.staff"]


def staff(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=given)


def environment(path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ORDERS_STAFF_FILE": str(path)}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the accounts of the commands that a test runs are kept."""
    hash_cheaply(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERS_STAFF_FILE", str(tmp_path / "staff.yaml"))
    return tmp_path / "staff.yaml"


def test_an_account_is_made_changed_disabled_and_listed(path: Path) -> None:
    assert staff("add", "jo", "--name", "Jo Jones", "--role", "support", given=PASSWORD).exit_code == 0
    assert staff("role", "jo", "ops", "supervisor").exit_code == 0
    assert staff("password", "jo", given="another long password\n").exit_code == 0
    account = load_accounts(path).by_username["jo"]
    assert account.roles == ("ops", "supervisor")
    assert check_password("another long password", account.password_hash)
    assert staff("disable", "jo").exit_code == 0
    listed = staff("list").stdout
    assert "jo" in listed
    assert "Jo Jones" in listed
    assert "ops, supervisor" in listed
    assert "disabled" in listed
    assert "$2b$" not in listed
    assert staff("disable", "jo", "--undo").exit_code == 0
    assert load_accounts(path).get("jo") is not None


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("add", "jo", "--role", "support"), "short\n", "at least 12 characters"),
        (("add", "jo", "--role", "support"), "", "at least 12 characters"),
        (("add", "jo", "--role", "boss"), PASSWORD, "'boss' is no role"),
        (("add", "Jo", "--role", "support"), PASSWORD, "can't be a user name"),
        (("add", "../jo", "--role", "support"), PASSWORD, "can't be a user name"),
        (("password", "jo"), PASSWORD, "does not exist"),
        (("role", "jo", "ops"), "", "does not exist"),
        (("disable", "jo"), "", "does not exist"),
        (("list",), "", "does not exist"),
    ],
)
def test_bad_input_ends_with_one_clear_line_and_makes_no_file(
    path: Path, arguments: tuple[str, ...], given: str, words: str
) -> None:
    done = staff(*arguments, given=given)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert words in done.stderr
    assert not path.exists()


def test_an_account_that_exists_and_one_that_does_not_are_told_apart(path: Path) -> None:
    staff("add", "jo", "--role", "support", given=PASSWORD)
    before = path.read_bytes()
    assert "already" in staff("add", "jo", "--role", "admin", given=PASSWORD).stderr
    assert "no account kim" in staff("role", "kim", "ops").stderr
    assert path.read_bytes() == before


def test_a_file_that_is_not_ours_is_left_as_it_is(path: Path) -> None:
    path.write_text("credentials: {usernames: {jo: {password: plain}}}\ncookie: {key: short}\n")
    before = path.read_bytes()
    done = subprocess.run(
        [*PROGRAM, "add", "kim", "--role", "support"],
        input=PASSWORD,
        env=environment(path),
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert path.read_bytes() == before


def test_a_password_has_no_place_on_the_command_line(path: Path) -> None:
    assert staff("add", "jo", PASSWORD, "--role", "support").exit_code == 2
    assert staff("add", "jo", "--password", PASSWORD, "--role", "support").exit_code == 2


def test_at_a_terminal_it_asks_twice_and_shows_nothing_of_it(path: Path) -> None:
    screen, keyboard = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, "add", "jo", "--role", "support"],
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        env=environment(path),
        cwd=path.parent,
        start_new_session=True,
    ) as process:
        os.close(keyboard)
        shown = b""
        for prompt in (b"Password: ", b"again: "):
            while not shown.endswith(prompt):
                shown += os.read(screen, 1000)
            os.write(screen, f"{PASSWORD}\n".encode())
        while b"can sign in now" not in shown:
            shown += os.read(screen, 1000)
        assert process.wait(30) == 0
    os.close(screen)
    assert PASSWORD.encode() not in shown
    assert load_accounts(path).by_username["jo"].password_hash.startswith("$2b$12$")
