"""Signing in and out: who gets in, who doesn't, and that nobody learns why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bcrypt
import jwt
import pytest
from streamlit.testing.v1 import AppTest

from lib.staff import changes
from lib.staff.accounts import DEMO_ACCOUNTS, load_accounts
from lib.ui.sign_in import INCOMPLETE, REFUSED
from tests.ui.staff_desk import PASSWORD, StaffDesk, is_signed_in, staff_desk, words_on


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StaffDesk]:
    with staff_desk(tmp_path) as made:
        yield made


def refusal(tab: AppTest) -> str:
    assert not is_signed_in(tab)
    assert not tab.exception
    (error,) = tab.error
    return str(error.value)


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


def test_an_hour_without_a_click_ends_the_session_in_tabs_and_for_its_cookie(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    assert is_signed_in(desk.tab())
    desk.wait(minutes=59)
    assert is_signed_in(desk.tab())
    desk.wait(minutes=60)
    assert not is_signed_in(desk.tab())
    assert not is_signed_in(tab.run())


def test_who_is_at_work_stays_signed_in_for_twelve_hours_in_all_tabs_and_no_longer(desk: StaffDesk) -> None:
    at_work, idle = desk.signed_in_tab("sam"), desk.tab()
    for _ in range(13):
        desk.wait(minutes=54)
        assert is_signed_in(at_work.run())
    assert is_signed_in(idle.run())
    assert is_signed_in(desk.tab())
    assert len(desk.written) == 14
    assert desk.written[-1]["expires_at"] == datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    desk.wait(minutes=18)
    assert not is_signed_in(at_work.run())
    assert not is_signed_in(desk.tab())


def test_a_click_now_and_then_does_not_write_the_cookie_each_time(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    for _ in range(4):
        desk.wait(minutes=1)
        tab.run()
    assert len(desk.written) == 1


def test_the_browser_is_told_a_life_that_is_right_in_every_time_zone(desk: StaffDesk) -> None:
    desk.signed_in_tab("sam")
    (told,) = desk.written
    assert told["max_age"] == 3600  # counted by the browser from its own now
    assert told["expires_at"] == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert told["expires_at"].utcoffset() == timedelta(0)


def forged_cookies(desk: StaffDesk) -> dict[str, str]:
    accounts = load_accounts(desk.staff_file)
    good: dict[str, Any] = jwt.decode(desk.cookies[accounts.cookie_name], options={"verify_signature": False})
    key = accounts.cookie_key

    def sealed(**changed: Any) -> str:
        claims = {name: value for name, value in (good | changed).items() if value is not None}
        return jwt.encode(claims, key, algorithm="HS256")

    return {
        "garbage": "garbage",
        "three dots": "a.b.c",
        "alg none": jwt.encode(good, None, algorithm="none"),
        "another key": jwt.encode(good, "x" * 32, algorithm="HS256"),
        "no exp": sealed(exp=None),
        "exp in a year": sealed(exp=good["exp"] + 365 * 86400),
        "an unknown user": sealed(sub="nobody"),
        "a disabled user": sealed(sub="gone"),
        "another user": sealed(sub="olga"),
        "no session": sealed(sid=None),
        "the library's own": jwt.encode({"username": "sam", "exp_date": good["exp"]}, key, algorithm="HS256"),
    }


def test_a_forged_cookie_lands_on_the_sign_in_without_a_traceback(desk: StaffDesk) -> None:
    desk.signed_in_tab("sam")
    name = load_accounts(desk.staff_file).cookie_name
    forged = forged_cookies(desk)
    assert len(forged) == 11
    for kind, cookie in forged.items():
        desk.cookies[name] = cookie
        tab = desk.tab()
        assert not is_signed_in(tab), kind
        assert not tab.exception, kind
        assert not tab.error, kind


def test_signing_out_ends_the_session_in_every_tab_and_for_a_copied_cookie(desk: StaffDesk) -> None:
    first = desk.signed_in_tab("sam")
    second = desk.tab()
    copied = dict(desk.cookies)
    first.button(key="sign_in_out").click().run()
    assert not is_signed_in(first)
    assert desk.cookies == {}
    assert not is_signed_in(second.run())
    desk.cookies.update(copied)
    assert not is_signed_in(desk.tab())
    assert not is_signed_in(first.run())


def test_signing_out_of_one_browser_leaves_the_other_signed_in(desk: StaffDesk) -> None:
    here = desk.signed_in_tab("sam")
    desk.cookies.clear()
    there = desk.signed_in_tab("sam")
    here.button(key="sign_in_out").click().run()
    assert is_signed_in(there.run())


def test_after_signing_out_the_same_tab_can_sign_in_again(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    tab.button(key="sign_in_out").click().run()
    desk.sign_in(tab, "olga")
    assert is_signed_in(tab)
    assert "Olga" in words_on(tab)
    assert is_signed_in(desk.tab())


def test_nothing_of_the_last_person_is_left_in_the_tab(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    tab.session_state["guest_order"] = "jane.doe@example.com"
    tab.button(key="sign_in_out").click().run()
    assert "guest_order" not in tab.session_state
    tab.session_state["guest_order"] = "left by nobody"
    desk.sign_in(tab, "olga")
    assert "guest_order" not in tab.session_state
    tab.session_state["guest_order"] = "jane.doe@example.com"
    changes.set_disabled(desk.staff_file, "olga", True)
    tab.run()
    assert "guest_order" not in tab.session_state


def test_disabling_and_a_new_password_end_open_tabs_and_cookies(desk: StaffDesk) -> None:
    sam = desk.signed_in_tab("sam")
    changes.set_password(desk.staff_file, "sam", "another long password")
    assert not is_signed_in(sam.run())
    assert not is_signed_in(desk.tab())
    olga = desk.signed_in_tab("olga")
    changes.set_disabled(desk.staff_file, "olga", True)
    assert not is_signed_in(olga.run())
    assert not is_signed_in(desk.tab())
    changes.set_disabled(desk.staff_file, "olga", False)
    assert is_signed_in(desk.signed_in_tab("olga"))


def test_a_role_is_the_accounts_at_each_run_whatever_the_cookie_is_of(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    assert "support" in words_on(tab)
    changes.set_roles(desk.staff_file, "sam", ["ops"])
    tab.run()
    assert is_signed_in(tab)
    assert tab.session_state["roles"] is None  # the library holds none that could be believed
    tab.switch_page("pages/support/guest_access.py").run()
    assert "Your role doesn't include this page" in words_on(tab)


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
    from lib.ui.startup import prepare

    prepare.clear()
    tab = desk.tab()
    shown = words_on(tab)
    assert all(demo.password in shown for demo in DEMO_ACCOUNTS)
    assert is_signed_in(desk.sign_in(tab, DEMO_ACCOUNTS[0].username, DEMO_ACCOUNTS[0].password))
    assert DEMO_ACCOUNTS[0].password not in words_on(tab)
    assert (tmp_path / "data" / "staff.yaml").exists()


def test_the_password_is_compared_as_it_was_typed(desk: StaffDesk) -> None:
    assert refusal(desk.sign_in(desk.tab(), "sam", f" {PASSWORD}")) == REFUSED
    assert refusal(desk.sign_in(desk.tab(), "sam", f"{PASSWORD} ")) == REFUSED


ADMITTED = {"verdict": "ADMITTED", "attempt": 7}


def test_every_failure_costs_the_api_the_same_two_calls_and_tells_it_no_strangers_typing(
    desk: StaffDesk,
) -> None:
    desk.says = {"attempts": ADMITTED, "outcomes": None, "checks": {"stands": True}}
    tries = [("sam", "wrong password"), ("nobody", PASSWORD), ("gone", PASSWORD)]
    for username, password in tries:
        refusal(desk.sign_in(desk.tab(), username, password))
    desk.says["attempts"] = {"verdict": "THROTTLED", "attempt": None}
    assert refusal(desk.sign_in(desk.tab(), "sam")) == REFUSED
    desk.says["attempts"] = {"verdict": "DISABLED", "attempt": 8}
    assert refusal(desk.sign_in(desk.tab(), "sam")) == REFUSED
    assert [call for call, _ in desk.told] == ["attempts", "outcomes"] * 5
    outcomes = [body for call, body in desk.told if call == "outcomes"]
    assert [(body["staff"], body["outcome"], body["attempt"]) for body in outcomes] == [
        ("sam", "WRONG", 7),
        (None, "WRONG", 7),
        ("gone", "DISABLED", 7),
        ("sam", "THROTTLED", None),
        ("sam", "DISABLED", 8),
    ]
    assert all(body["roles"] == [] and body["address"] == desk.address for body in outcomes)
    assert "nobody" not in str(desk.told)
    assert PASSWORD not in str(desk.told)


def test_signing_in_and_out_is_told_with_name_and_role(desk: StaffDesk) -> None:
    desk.says = {"attempts": ADMITTED, "outcomes": None, "checks": {"stands": True}, "endings": None}
    tab = desk.signed_in_tab("sam")
    assert is_signed_in(tab)
    tab.button(key="sign_in_out").click().run()
    said = {call: body for call, body in desk.told if call in ("outcomes", "endings")}
    assert (said["outcomes"]["staff"], said["outcomes"]["outcome"]) == ("sam", "OK")
    assert (said["endings"]["staff"], said["endings"]["roles"]) == ("sam", ["support"])
    assert desk.written[0]["value"] not in str(desk.told)


def test_what_another_dashboard_ended_is_over_here_at_the_next_click(desk: StaffDesk) -> None:
    desk.says = {"attempts": ADMITTED, "outcomes": None, "checks": {"stands": True}}
    tab = desk.signed_in_tab("sam")
    assert is_signed_in(tab.run())
    desk.says["checks"] = {"stands": False}
    desk.forget_answers()
    assert not is_signed_in(tab.run())
    assert not is_signed_in(desk.tab())


def test_nothing_that_people_do_rewrites_the_staff_file(desk: StaffDesk) -> None:
    before, at = desk.staff_file.read_bytes(), desk.staff_file.stat().st_mtime_ns
    desk.sign_in(desk.tab(), "sam", "wrong password")
    desk.sign_in(desk.tab(), "gone")
    desk.signed_in_tab("sam").button(key="sign_in_out").click().run()
    assert (desk.staff_file.read_bytes(), desk.staff_file.stat().st_mtime_ns) == (before, at)


def test_a_browser_that_keeps_no_cookies_waits_a_moment_and_then_works_while_its_tab_lives(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.ui.staff_desk.FakeCookieManager.set", lambda *_, **__: None)
    tab = desk.sign_in(desk.tab(), "sam")
    assert "Signing you in" in words_on(tab)
    monkeypatch.setattr("lib.ui._browser_cookie.PATIENCE_SECONDS", -1.0)
    for _ in range(3):
        assert is_signed_in(tab.run())
        desk.wait(minutes=54)
    assert not is_signed_in(desk.tab())
