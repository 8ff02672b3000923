"""Signing in with a name and a password: who gets in, who doesn't, and that nobody learns why."""

from __future__ import annotations

from pathlib import Path

import bcrypt
import pytest

from lib.staff.accounts import DEMO_ACCOUNTS, load_accounts
from lib.ui.auth.page import INCOMPLETE, REFUSED
from tests.passwords import PASSWORD
from tests.ui.staff_desk import StaffDesk, is_signed_in, refusal, words_on


def test_the_right_password_opens_the_desk_and_says_whose_it_is(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    assert is_signed_in(tab)
    assert not tab.exception
    assert "Sam" in words_on(tab)
    assert "support" in words_on(tab)


@pytest.mark.parametrize("typed", [" Sam ", "SAM"])
def test_case_and_space_around_the_user_name_do_not_matter(desk: StaffDesk, typed: str) -> None:
    assert is_signed_in(desk.sign_in(desk.tab(), typed))


def test_every_failure_reads_the_same_and_costs_one_password_check(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[bytes] = []
    check = bcrypt.checkpw

    def counting(password: bytes, hashed: bytes) -> bool:
        checks.append(hashed[:7])
        return check(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", counting)
    tries = [("sam", "wrong password"), ("nobody", PASSWORD), ("gone", PASSWORD), ("sam", "x" * 100)]
    for username, password in tries:
        assert refusal(desk.sign_in(desk.tab(), username, password)) == REFUSED
    assert checks == [b"$2b$04$"] * len(tries)


@pytest.mark.parametrize(("username", "password"), [("", ""), ("sam", ""), ("", PASSWORD)])
def test_a_form_that_is_not_filled_in_asks_for_the_rest(
    desk: StaffDesk, username: str, password: str
) -> None:
    assert refusal(desk.sign_in(desk.tab(), username, password)) == INCOMPLETE


def test_after_five_failures_the_right_password_waits_five_minutes_in_every_tab(desk: StaffDesk) -> None:
    tab = desk.tab()
    for _ in range(5):
        desk.sign_in(tab, "sam", "wrong password")
    assert refusal(desk.sign_in(tab, "sam")) == REFUSED
    assert refusal(desk.sign_in(desk.tab(), "sam")) == REFUSED
    assert is_signed_in(desk.signed_in_tab("olga"))
    desk.cookies.clear()
    desk.wait(minutes=5)
    assert is_signed_in(desk.signed_in_tab("sam"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        (
            "credentials: {usernames: {sam: {password: hunter2hunter2}}}\ncookie: {key: KEY}",
            "not a bcrypt hash",
        ),
        ("credentials: {usernames: {}}\ncookie: {key: some_signature_key}", "cookie key"),
    ],
)
def test_a_staff_file_that_cannot_be_trusted_lets_nobody_in_and_says_why(
    desk: StaffDesk, content: str | None, words: str
) -> None:
    tab = desk.signed_in_tab("sam")
    if content is None:
        desk.staff_file.unlink()
    else:
        desk.staff_file.write_text(content.replace("KEY", load_accounts(desk.staff_file).cookie_key))
    for each in (tab.run(), desk.tab()):
        assert not each.exception
        assert not [button for button in each.button if button.key == "sign_in_out"]
        (error,) = each.error
        assert words in error.value
        assert "hunter2" not in words_on(each)


def test_demonstration_accounts_are_shown_in_the_demonstration_only(
    desk: StaffDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = words_on(desk.tab())
    assert not [demo for demo in DEMO_ACCOUNTS if demo.password in shown]
    monkeypatch.delenv("ORDERS_STAFF_FILE")
    monkeypatch.delenv("ORDERS_API_URL")
    monkeypatch.setattr("lib.embedded_api.ensure_embedded_api", lambda _settings: "")
    from lib.ui.shared.startup import prepare

    prepare.forget()
    tab = desk.tab()
    shown = words_on(tab)
    assert all(demo.password in shown for demo in DEMO_ACCOUNTS)
    assert is_signed_in(desk.sign_in(tab, DEMO_ACCOUNTS[0].username, DEMO_ACCOUNTS[0].password))
    assert DEMO_ACCOUNTS[0].password not in words_on(tab)
    assert (tmp_path / "data" / "staff.yaml").exists()


def test_the_password_is_compared_as_it_was_typed(desk: StaffDesk) -> None:
    assert refusal(desk.sign_in(desk.tab(), "sam", f" {PASSWORD}")) == REFUSED
    assert refusal(desk.sign_in(desk.tab(), "sam", f"{PASSWORD} ")) == REFUSED


def test_nothing_that_people_do_rewrites_the_staff_file(desk: StaffDesk) -> None:
    before, at = desk.staff_file.read_bytes(), desk.staff_file.stat().st_mtime_ns
    desk.sign_in(desk.tab(), "sam", "wrong password")
    desk.sign_in(desk.tab(), "gone")
    desk.signed_in_tab("sam").button(key="sign_in_out").click().run()
    assert (desk.staff_file.read_bytes(), desk.staff_file.stat().st_mtime_ns) == (before, at)
