"""How long somebody stays signed in, in which tabs, by which cookies, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from lib.staff import changes
from lib.staff.accounts import load_accounts
from tests.ui.staff_desk import StaffDesk, is_signed_in, words_on


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
        "alg none": jwt.encode(good, "", algorithm="none"),
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


def test_signing_out_ends_the_session_also_while_the_staff_file_can_not_be_read(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    copied = dict(desk.cookies)
    whole = desk.staff_file.read_text("utf-8")
    desk.staff_file.write_text("credentials: [", "utf-8")
    tab.button(key="sign_in_out").click().run()
    assert not tab.exception
    desk.staff_file.write_text(whole, "utf-8")
    desk.cookies = copied
    assert not is_signed_in(desk.tab())
    assert not is_signed_in(tab.run())


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


def test_a_browser_that_keeps_no_cookies_waits_a_moment_and_then_works_while_its_tab_lives(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.ui.staff_desk.FakeCookieManager.set", lambda *_, **__: None)
    tab = desk.sign_in(desk.tab(), "sam")
    assert "Signing you in" in words_on(tab)
    monkeypatch.setattr("lib.ui.auth.cookie.PATIENCE_SECONDS", -1.0)
    for _ in range(3):
        assert is_signed_in(tab.run())
        desk.wait(minutes=54)
    assert not is_signed_in(desk.tab())
