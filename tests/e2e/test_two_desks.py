"""Two dashboards on two machines with one API: what one knows of sign-ins and sign-outs, both do."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lib.staff import changes
from lib.staff.accounts import DEFAULT_COOKIE_NAME
from tests.api.serving import Served, environment
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.e2e.walking import PATIENCE
from tests.servers.desk import Desk
from tests.servers.tls_proxy import TlsProxy

PASSWORD = "correct horse battery"
CLIENT = "203.0.113.9"


@dataclass(frozen=True)
class Pair:
    """Both desks, each with a folder and a copy of the staff file of its own."""

    here: Desk
    there: Desk
    settings: dict[str, str]
    store: Path


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    api, here, there = (tmp_path_factory.mktemp(name) for name in ("api", "here", "there"))
    for name in ("sam", "olga", "tom", "una"):
        changes.add_account(here / "staff.yaml", name, name.title(), ["support"], PASSWORD)
    shutil.copy(here / "staff.yaml", there / "staff.yaml")
    with Served(
        api, database_url=f"sqlite:///{api}/o.db", jwt_secret=JWT_SECRET, code_key=CODE_KEY
    ) as served:
        settings: dict[str, Any] = {
            "ORDERS_API_URL": served.url,
            "ORDERS_JWT_SECRET": JWT_SECRET,
            "ORDERS_STAFF_FILE": "staff.yaml",
            "ORDERS_TRUSTED_PROXIES": "127.0.0.1",
        }
        with Desk(here, **settings) as first, Desk(there, **settings) as second:
            yield Pair(first, second, settings, api / "o.db")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    made.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield made
    made.close()


def try_to_sign_in(page: Page, desk: Desk, name: str, password: str = PASSWORD) -> None:
    page.goto(f"{desk.url}/tracking")
    fill(page, name, password)


def fill(page: Page, name: str, password: str) -> None:
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    page.get_by_role("textbox", name="User name").fill(name)
    page.get_by_role("textbox", name="Password").fill(password)
    page.keyboard.press("Enter")


def expect_inside(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def expect_outside(page: Page) -> None:
    expect(page.get_by_role("textbox", name="Password")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


def test_a_sign_out_here_ends_open_tabs_and_stolen_cookies_there(
    browser: Browser, context: BrowserContext, desks: Pair
) -> None:
    page, elsewhere = context.new_page(), context.new_page()
    try_to_sign_in(page, desks.here, "sam")
    expect_inside(page)
    elsewhere.goto(f"{desks.there.url}/tracking")  # a cookie is a host's, whatever the port
    expect_inside(elsewhere)
    copied = context.cookies()

    page.get_by_role("button", name="Sign out").click()
    expect_outside(page)
    elsewhere.get_by_role("textbox").first.fill("anything")
    elsewhere.keyboard.press("Enter")
    expect_outside(elsewhere)
    thief = browser.new_context()
    thief.add_cookies(copied)  # type: ignore[arg-type]  # as copied
    stolen = thief.new_page()
    for desk in (desks.there, desks.here):
        stolen.goto(desk.url)
        expect_outside(stolen)
    thief.close()


def test_failures_here_close_the_account_there_and_no_other(context: BrowserContext, desks: Pair) -> None:
    page = context.new_page()
    page.goto(desks.here.url)
    for number in range(3):
        fill(page, "olga", f"wrong password {number}")
        expect(page.get_by_role("alert")).to_contain_text("don't go together")
        page.reload()
    page.goto(desks.there.url)
    for number in range(2):
        fill(page, "olga", f"wrong password {number}")
        expect(page.get_by_role("alert")).to_contain_text("don't go together")
        page.reload()
    for desk in (desks.there, desks.here):
        try_to_sign_in(page, desk, "olga")
        expect(page.get_by_role("alert")).to_contain_text("don't go together")
        expect_outside(page)
    try_to_sign_in(page, desks.there, "sam")
    expect_inside(page)


def test_disabling_an_account_here_ends_its_sessions_there_and_keeps_it_out(
    context: BrowserContext, desks: Pair
) -> None:
    page = context.new_page()
    try_to_sign_in(page, desks.there, "tom")
    expect_inside(page)
    done = subprocess.run(
        [sys.executable, "-m", "lib.staff", "disable", "tom"],
        cwd=desks.here.folder,
        env=environment() | desks.settings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    page.get_by_role("textbox").first.fill("anything")
    page.keyboard.press("Enter")
    expect_outside(page)
    fill(page, "tom", PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("don't go together")


def test_behind_a_proxy_the_cookie_is_for_https_alone_and_the_address_is_the_clients(
    browser: Browser, desks: Pair, tmp_path: Path
) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    with TlsProxy(tmp_path, desks.here.port, CLIENT) as proxy:
        page.goto(f"{proxy.url}/tracking")
        fill(page, "una", PASSWORD)
        expect_inside(page)
        (cookie,) = [each for each in context.cookies() if each.get("name") == DEFAULT_COOKIE_NAME]
        assert (cookie.get("secure"), cookie.get("sameSite")) == (True, "Strict")
        page.reload()
        expect_inside(page)
    with closing(sqlite3.connect(desks.store)) as store:
        rows = store.execute("SELECT outcome, client FROM audit_log WHERE actor = 'staff:una'")
        assert rows.fetchall() == [("OK", CLIENT)]
    context.close()
