"""Signing in and out in a real browser: every time zone, the keyboard alone, copied cookies, and no flash."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lib.staff.accounts import DEFAULT_COOKIE_NAME, DEMO_ACCOUNTS, DemoAccount
from tests.servers.desk import Desk, wait_until

SUPPORT, OPS = DEMO_ACCOUNTS[0], DEMO_ACCOUNTS[1]
IDLE_HOUR = 3600


def sign_in(page: Page, account: DemoAccount = SUPPORT) -> None:
    page.get_by_role("textbox", name="User name").fill(account.username)
    page.get_by_role("textbox", name="Password").fill(account.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def expect_the_sign_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


def staff_cookie(context: BrowserContext) -> dict[str, object]:
    """Wait for the staff cookie: the browser writes it a moment after the page is there."""
    found: list[dict[str, object]] = []

    def is_there() -> bool:
        found[:] = [dict(each) for each in context.cookies() if each.get("name") == DEFAULT_COOKIE_NAME]
        return bool(found)

    wait_until(is_there, seconds=15)
    return found[0]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_cookie_holds_for_an_hour_far_west_and_far_east(browser: Browser, desk: Desk, zone: str) -> None:
    context = browser.new_context(timezone_id=zone)
    page = context.new_page()
    page.goto(desk.url)
    sign_in(page)
    cookie = staff_cookie(context)
    assert IDLE_HOUR - 120 < float(str(cookie["expires"])) - time.time() <= IDLE_HOUR + 5
    assert cookie["sameSite"] == "Strict"
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    context.close()


def test_a_copied_cookie_is_dead_after_the_sign_out(browser: Browser, desk: Desk) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{desk.url}/tracking")
    sign_in(page)
    copied = staff_cookie(context)
    thief = browser.new_context()
    thief.add_cookies([{name: copied[name] for name in ("name", "value", "domain", "path")}])  # type: ignore[list-item]  # as copied
    stolen = thief.new_page()
    stolen.goto(desk.url)
    expect(stolen.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect_the_sign_in(page)
    wait_until(lambda: not [each for each in context.cookies() if each.get("name") == DEFAULT_COOKIE_NAME])
    page.reload()
    expect_the_sign_in(page)
    for address in ("", "orders", "order?order=ORD-2026-0042", "guest_access", "mailbox"):
        stolen.goto(f"{desk.url}/{address}")
        expect_the_sign_in(stolen)
        assert "ORD-" not in stolen.inner_text("body")
    context.close()
    thief.close()


def test_nobody_sees_their_page_before_their_browser_could_bring_it_back(page: Page, desk: Desk) -> None:
    page.add_init_script(
        f"""new MutationObserver(() => {{
              const buttons = [...document.querySelectorAll('button')]
              if (window.hadCookie === undefined && buttons.some((b) => b.innerText.includes('Sign out')))
                window.hadCookie = document.cookie.includes('{DEFAULT_COOKIE_NAME}=')
            }}).observe(document, {{childList: true, subtree: true}})"""
    )
    page.goto(f"{desk.url}/tracking")
    sign_in(page)
    assert page.evaluate("window.hadCookie") is True
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_keyboard_alone_signs_in_and_a_wrong_password_is_said(page: Page, desk: Desk) -> None:
    page.goto(desk.url)
    name = page.get_by_role("textbox", name="User name")
    expect(name).to_have_attribute("autocomplete", "username")
    expect(page.get_by_role("textbox", name="Password")).to_have_attribute("autocomplete", "current-password")
    name.focus()
    page.keyboard.type("sam")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("don't go together")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(SUPPORT.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_role("textbox", name="Password")).to_have_count(0)


def test_a_reload_while_signed_in_never_shows_the_form(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/tracking")
    sign_in(page)
    staff_cookie(page.context)
    page.add_init_script(
        """new MutationObserver(() => {
             if (document.querySelector('input[type=password]')) window.sawTheForm = true
           }).observe(document, {childList: true, subtree: true})"""
    )
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.evaluate("window.sawTheForm") is None


def test_the_menu_shows_what_the_role_may_do(page: Page, desk: Desk) -> None:
    page.goto(desk.url)
    sign_in(page, OPS)
    staff_cookie(page.context)
    menu = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(menu).to_have_text([re.compile(title) for title in ("Orders", "Order", "Insights")])
    page.goto(f"{desk.url}/guest_access")
    expect(page.get_by_text("Your role doesn't include this page")).to_be_visible()


def test_a_forged_cookie_shows_the_sign_in_and_no_traceback(page: Page, desk: Desk) -> None:
    for cookie in ("garbage", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzYW0ifQ."):
        page.context.add_cookies([{"name": DEFAULT_COOKIE_NAME, "value": cookie, "url": desk.url}])
        page.goto(desk.url)
        expect_the_sign_in(page)
        assert "Traceback" not in page.inner_text("body")
        expect(page.get_by_role("alert")).to_have_count(0)
