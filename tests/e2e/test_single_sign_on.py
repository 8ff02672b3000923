"""Signing in through the shop's own identity provider, a real one, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lib.staff.accounts import DEFAULT_COOKIE_NAME
from tests.e2e.walking import PATIENCE, small_store
from tests.servers.desk import Desk, free_port_pair
from tests.servers.identity_provider import identity_provider, write_secrets

PEOPLE: dict[str, dict[str, Any]] = {
    "maria": {
        "email": "Maria@shop.example",
        "email_verified": True,
        "name": "Maria Rossi",
        "groups": ["everybody", "shop-support"],
    },
    "visitor": {"email": "visitor@shop.example", "name": "Vic Visitor", "groups": ["everybody"]},
}
STREAMLIT_COOKIE = "_streamlit_user"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder, port = small_store(tmp_path_factory.mktemp("desk")), free_port_pair()
    with identity_provider(PEOPLE) as provider:
        write_secrets(folder, provider, f"http://127.0.0.1:{port}", {"shop-support": "support"})
        with Desk(folder, port=port) as made:
            yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    made.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield made
    made.close()


def sign_on(context: BrowserContext, desk: Desk, person: str) -> Page:
    """Go to the provider from the sign-in page, and come back as somebody."""
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Sign in with single sign-on").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.get_by_role("button", name=person).click()
    page.wait_for_url(f"{desk.url}/**")
    return page


def test_whoever_has_a_role_gets_it_and_signing_out_ends_it_for_every_copy(
    browser: Browser, context: BrowserContext, desk: Desk
) -> None:
    page = sign_on(context, desk, "maria")
    badge = page.get_by_test_id("stSidebar")
    expect(badge.get_by_text("Maria Rossi")).to_be_visible()
    expect(badge).to_contain_text("support")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.reload()
    expect(badge.get_by_text("Maria Rossi")).to_be_visible()

    copied = [each for each in context.cookies() if str(each.get("name")).startswith("_streamlit_")]
    assert {STREAMLIT_COOKIE} <= {each.get("name") for each in copied}
    assert all(each.get("httpOnly") for each in copied if each.get("name") == STREAMLIT_COOKIE)
    thief = browser.new_context()
    thief.add_cookies(copied)  # type: ignore[arg-type]  # as copied
    stolen = thief.new_page()
    stolen.goto(desk.url)
    expect(stolen.get_by_role("button", name="Sign out")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/oauth2/end_session**")
    stolen.goto(f"{desk.url}/order?order=ORD-2026-0001")
    expect(stolen.get_by_role("textbox", name="Password")).to_be_visible()
    expect(stolen.get_by_role("button", name="Sign out")).to_have_count(0)
    thief.close()
    assert STREAMLIT_COOKIE not in {each.get("name") for each in context.cookies()}
    page.goto(desk.url)
    expect(page.get_by_role("textbox", name="Password")).to_be_visible()


def test_whoever_has_no_role_is_told_so_and_sees_nothing(context: BrowserContext, desk: Desk) -> None:
    page = sign_on(context, desk, "visitor")
    expect(page.get_by_text("You are known, but have no role here")).to_be_visible()
    expect(page.get_by_text("visitor@shop.example")).to_be_visible()
    for address in ("orders", "order?order=ORD-2026-0001", "mailbox"):
        page.goto(f"{desk.url}/{address}")
        expect(page.get_by_text("You are known, but have no role here")).to_be_visible()
        assert "ORD-" not in page.inner_text("body")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/oauth2/end_session**")
    page.goto(desk.url)
    expect(page.get_by_role("button", name="Sign in with single sign-on")).to_be_visible()
    expect(page.get_by_text("You are known")).to_have_count(0)


def test_the_form_goes_on_working_beside_it(context: BrowserContext, desk: Desk) -> None:
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("textbox", name="User name").fill("sam")
    page.get_by_role("textbox", name="Password").fill("sam-takes-the-calls")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert DEFAULT_COOKIE_NAME in {each.get("name") for each in context.cookies()}
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
